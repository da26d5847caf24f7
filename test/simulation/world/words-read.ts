import { isJsonObject, type Json } from "#core/kernel/json.ts";
import type { RequestTrace } from "../history.ts";
import { wordsIn, type AnswerWord } from "./answer-frames.ts";

/** The words of the answer that a client has, each once: streams of the Responses API say all of them again at their end. */
export function wordsRead({ plan: { dialect, stream }, text }: RequestTrace): readonly AnswerWord[] {
  if (dialect !== "openai-responses" || !stream) return wordsIn(text);
  const grown = text.match(/^data: \{"type":"response\.output_text\.delta".*$/gm) ?? [];
  return wordsIn(grown.join("\n"));
}

/** How often a client is told that its answer has come to an end of the model's. */
export function finishesRead({ plan: { dialect, stream }, text }: RequestTrace): number {
  switch (dialect) {
    case "gemini":
    case "openai-chat":
      return text.match(/"finish_?reason":"/gi)?.length ?? 0;
    case "anthropic":
      return text.match(/"stop_reason":"/g)?.length ?? 0;
    case "openai-responses":
      if (stream) return text.match(/^data: \{"type":"response\.(completed|incomplete)"/gm)?.length ?? 0;
      return isOver(text) ? 1 : 0;
  }
}

/** Items of an answer have a status of their own: only the answer's counts. */
function isOver(text: string): boolean {
  // JSON.parse answers `any`; what it gives is JSON by definition.
  const answer = JSON.parse(text) as Json;
  return isJsonObject(answer) && (answer["status"] === "completed" || answer["status"] === "incomplete");
}
