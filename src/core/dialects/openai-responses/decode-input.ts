import type { Fields } from "#core/dialects/fields.ts";
import { isList } from "#core/kernel/json.ts";
import type { Message } from "#core/llm/message.ts";
import { decodeItem } from "./decode-item.ts";
import { TurnBuilder } from "./turn-builder.ts";

/** Reads `instructions` and `input`: a text, or items. */
export function decodeInput(request: Fields): readonly Message[] {
  const instructions = request.text("instructions");
  const said = decodeTurns(request);
  if (instructions === undefined || instructions === "") return said;
  return [{ role: "system", parts: [{ type: "text", text: instructions }] }, ...said];
}

function decodeTurns(request: Fields): readonly Message[] {
  const input = request.value("input");
  if (typeof input === "string") return [{ role: "user", parts: [{ type: "text", text: input }] }];
  const isEmpty = input === undefined || (isList(input) && input.length === 0);
  // A prompt may say all that there is to say.
  if (isEmpty && request.value("prompt_variables") !== undefined) return [];
  if (!isList(input) || isEmpty) {
    request.invalid("input", "a string or an array of at least one item");
    return [];
  }
  const turns = new TurnBuilder();
  for (const fields of request.children("input")) {
    const item = decodeItem(fields);
    if (item) turns.add(item);
  }
  return turns.finished();
}
