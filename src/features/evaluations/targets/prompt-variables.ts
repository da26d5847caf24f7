import type { Json, JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ItemPrompt } from "./item-prompt.ts";

/** Nothing is said but by the variables of the prompt that whoever answers has. */
export const noMessages: ItemPrompt = () => ok([]);

/** The fields of an item that go along as `prompt_variables`; or which of them it lacks. */
export function promptVariables(names: readonly string[], fields: JsonObject): Result<JsonObject, string> {
  const values: [string, Json][] = [];
  for (const name of names) {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (value === undefined)
      return failed(`a field "${name}" is wanted for \`variables\`, the item has none`);
    values.push([name, value]);
  }
  return ok(Object.fromEntries(values));
}

/** What was asked as a judge is shown it: the variables as a turn, since their prompt is not ours to see. */
export function withVariables(prompt: ItemPrompt, names: readonly string[]): ItemPrompt {
  if (names.length === 0) return prompt;
  return (fields) => {
    const messages = prompt(fields);
    if (!messages.ok) return messages;
    const variables = promptVariables(names, fields);
    if (!variables.ok) return variables;
    const lines = Object.entries(variables.value).map(([name, value]) => `${name}: ${textOf(value)}`);
    return ok([{ role: "user", content: lines.join("\n") }, ...messages.value]);
  };
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
