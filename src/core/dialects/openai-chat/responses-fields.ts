import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { Extra } from "#core/llm/extra.ts";

/** What a request of the Responses API says in fields of its own. */
export interface ResponsesFields {
  /** Those that chat completions have as well, as they have them. */
  readonly shared: JsonObject;
  /** The others. */
  readonly rest: Extra | undefined;
}

/** Fields of both of OpenAI's APIs, by the same name. */
const sharedNames: ReadonlySet<string> = new Set([
  "prompt_cache_key",
  "prompt_cache_retention",
  "safety_identifier",
]);

/** Parts a request's kept fields by whether chat completions have them; undefined where none are of the Responses API. */
export function responsesFields(extra: Extra | undefined): ResponsesFields | undefined {
  if (extra?.dialect !== "openai-responses") return undefined;
  const shared: [string, Json | undefined][] = [];
  const rest: [string, Json | undefined][] = [];
  for (const [name, value] of Object.entries(extra.fields)) {
    if (sharedNames.has(name)) shared.push([name, value]);
    else if (name === "text" && isJsonObject(value)) partText(value, shared, rest);
    else rest.push([name, value]);
  }
  const others = rest.length === 0 ? undefined : { ...extra, fields: Object.fromEntries(rest) };
  return { shared: Object.fromEntries(shared), rest: others };
}

/** `text.verbosity` is `verbosity` in chat completions. */
function partText(
  { verbosity, ...others }: JsonObject,
  shared: [string, Json | undefined][],
  rest: [string, Json | undefined][],
): void {
  if (verbosity !== undefined) shared.push(["verbosity", verbosity]);
  if (Object.keys(others).length > 0) rest.push(["text", others]);
}
