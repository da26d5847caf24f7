/** Why a candidate ended. */
export type FinishReason =
  | "stop"
  | "length"
  | "tool-calls"
  /** Blocked by a safety filter, in any of its kinds. */
  | "content-filter"
  /** The model wrote a tool call that cannot be parsed. */
  | "malformed-tool-call"
  /** The answer goes on in a further request (Gemini 4 CONTINUATION). */
  | "continuation"
  | "other";
