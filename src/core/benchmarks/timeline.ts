/**
 * What happened to one request, by one clock that never goes back, in ms. Every metric of a benchmark is read from this.
 * intended <= taken <= started <= sent <= headers <= events <= ended.
 */
export interface RequestTimeline {
  /** When the schedule wanted it to start; of a closed loop the moment at which its place was free. */
  readonly intendedMs: number;
  /** When the load generator found that it was due. Later than intended only by the generator's own lateness. */
  readonly takenMs: number;
  /** When it was handed to the HTTP client. Later than taken only where as many were under way as may be. */
  readonly startedMs: number;
  /** When it went out on a connection; absent where none was had. */
  readonly sentMs?: number;
  /** When the status and the headers of the answer were there. */
  readonly headersMs?: number;
  /** The events of a stream, in order; none for an answer that came whole. */
  readonly events: readonly AnswerEvent[];
  /** When the answer was over, or broke off. */
  readonly endedMs: number;
  /** As the server counted; absent where it did not say. */
  readonly usage?: TokenCounts;
}

/** One event of a stream. */
export interface AnswerEvent {
  readonly atMs: number;
  readonly kind: EventKind;
}

/**
 * What an event brought.
 * - `role`: a choice without any token, as the first and the last chunk of OpenAI's streams
 * - `reasoning`, `content`, `tool`: text of thinking, text of the answer, a piece of a call of a tool; an event with text
 *   of both is `content`
 * - `usage`: no choice at all, which is where OpenAI's streams tell the token counts
 */
export type EventKind = "role" | "reasoning" | "content" | "tool" | "usage";

/** Tokens as a server counts them. */
export interface TokenCounts {
  readonly input: number;
  /** All that was generated, thinking included. */
  readonly output: number;
  /** Of the output, what was thinking. */
  readonly reasoning: number;
}

/** Whether an event brought a token of any kind. */
export function hasToken({ kind }: AnswerEvent): boolean {
  return kind === "reasoning" || kind === "content" || kind === "tool";
}
