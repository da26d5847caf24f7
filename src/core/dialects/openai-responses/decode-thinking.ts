import { efforts } from "#core/dialects/openai/effort.ts";
import type { Fields } from "#core/dialects/fields.ts";
import type { Thinking } from "#core/llm/request.ts";

const summaries = ["auto", "concise", "detailed"] as const;

/** Reads `reasoning`. Whoever asks for a summary is shown the thoughts; how long they are, the model decides. */
export function decodeThinking(request: Fields): Thinking {
  const reasoning = request.child("reasoning");
  if (!reasoning) return {};
  const effort = reasoning.word("effort", [...efforts, "max" as const]);
  const summary = reasoning.word("summary", summaries) ?? reasoning.word("generate_summary", summaries);
  return {
    // No other dialect has a word for more than this.
    ...(effort !== undefined && { level: effort === "max" ? "xhigh" : effort }),
    ...(summary !== undefined && { include: true }),
  };
}
