import type { JsonObject } from "#core/kernel/json.ts";
import type { FinishReason } from "#core/llm/finish-reason.ts";
import type { Finish } from "#core/llm/response.ts";

const words: Readonly<Record<FinishReason, string>> = {
  // Providers do not tell a stop sequence from an end of their own.
  stop: "end_turn",
  length: "max_tokens",
  "tool-calls": "tool_use",
  "content-filter": "refusal",
  "malformed-tool-call": "refusal",
  // The answer is cut where the provider wanted to be asked again. Not `pause_turn`: to show it again does not go on with it.
  continuation: "max_tokens",
  other: "refusal",
};

/** What an answer holds, beside why it ended. */
interface Held {
  readonly hasToolCalls: boolean;
  /** Whether the model declined in a field of its own. */
  readonly isRefused: boolean;
}

/**
 * Writes why an answer ended: `stop_reason`, `stop_sequence`, `stop_details`. Reasons that Anthropic does not know become
 * `refusal`, on which every client stops to trust the answer; the provider's own word stands in its explanation.
 */
export function encodeStop(finish: Finish | undefined, { hasToolCalls, isRefused }: Held): JsonObject {
  const reason = finish && reasonOf(finish, { hasToolCalls, isRefused });
  const isRefusal = reason === "refusal";
  return {
    stop_reason: reason ?? null,
    stop_sequence: null,
    stop_details: isRefusal ? { type: "refusal", category: null, explanation: finish?.raw ?? null } : null,
  };
}

function reasonOf({ reason }: Finish, { hasToolCalls, isRefused }: Held): string {
  if (reason !== "stop") return words[reason];
  if (hasToolCalls) return words["tool-calls"];
  return isRefused ? "refusal" : words.stop;
}
