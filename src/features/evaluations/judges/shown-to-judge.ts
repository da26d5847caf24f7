import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { referenceOf } from "#core/scoring/reference.ts";
import type { CalledTool } from "#core/scoring/scored-answer.ts";
import { unscored, type Unscored } from "#core/scoring/score.ts";
import type { ItemPrompt } from "#features/evaluations/targets/item-prompt.ts";

/** Characters of a conversation, and of each answer, that a judge is shown: of longer ones the end, and the beginning. */
const conversationLengthMax = 100_000;
const answerLengthMax = 50_000;

/** What a judge is shown beside the answers. */
export interface Shown {
  readonly conversation: string;
  readonly reference?: string;
}

/** What a judge is shown of an item. @param terms.prompt what was asked @param terms.reference the field that says what is right */
export function shownOf(
  { prompt, reference }: { readonly prompt: ItemPrompt; readonly reference: string | undefined },
  fields: JsonObject,
): Result<Shown, Unscored> {
  const messages = prompt(fields);
  if (!messages.ok) return failed(unscored("scorer-failed", messages.error));
  const conversation = messages.value.map(turnOf).join("\n\n").slice(-conversationLengthMax);
  if (reference === undefined) return ok({ conversation });
  const found = referenceOf({ reference }, fields);
  if (!found.ok) return found;
  const text = typeof found.value === "string" ? found.value : JSON.stringify(found.value);
  return ok({ conversation, reference: text.slice(0, answerLengthMax) });
}

/** An answer as a judge is shown it. */
export function shownAnswer(text: string, toolCalls: readonly CalledTool[] = []): string {
  const calls = toolCalls.map(
    (call) => `(calls ${call.name} with ${JSON.stringify(call.arguments ?? null)})`,
  );
  return [text, ...calls].join("\n").slice(0, answerLengthMax);
}

function turnOf({ role, content }: JsonObject): string {
  return `[${typeof role === "string" ? role : ""}]\n${contentText(content)}`;
}

function contentText(content: Json | undefined): string {
  if (typeof content === "string") return content;
  if (!isList(content)) return "";
  return content
    .map((part) => (isJsonObject(part) && typeof part["text"] === "string" ? part["text"] : "(picture)"))
    .join("\n");
}
