import type { Json, JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { jsonPrefix } from "./json-prefix.ts";
import { compileSchema } from "./json-schema.ts";
import type { ParseProblem } from "./parse-problem.ts";

/** The JSON of an answer: models put it between code fences, or a word before it. */
export function jsonOf(answer: string): { readonly text: string; readonly offset: number } {
  const fence = /```(?:json)?[ \t]*\n/.exec(answer);
  if (fence) {
    const offset = fence.index + fence[0].length;
    const end = answer.indexOf("\n```", offset);
    return { text: answer.slice(offset, end === -1 ? undefined : end), offset };
  }
  const offset = Math.max(0, answer.search(/\S/));
  return { text: answer.slice(offset), offset };
}

/** Reads an answer as JSON, by a JSON schema where there is one. */
export function parseJson(answer: string, schema: JsonObject | undefined): Result<Json, ParseProblem> {
  const { text, offset } = jsonOf(answer);
  const { value, state, at } = jsonPrefix(text);
  if (state !== "whole" || value === undefined) {
    const actual = state === "unfinished" ? "a text that ends too early" : "something else";
    return failed({ wanted: "one JSON value and nothing else", actual, at: offset + at });
  }
  if (!schema) return ok(value);
  const check = compileSchema(schema);
  if (!check.ok) return failed({ wanted: "JSON of the schema", actual: "a schema that cannot be used" });
  const problem = check.value(value);
  return problem ? failed(problem) : ok(value);
}

/** What can be read of JSON that is still being written; undefined where nothing can. */
export function partialJson(answer: string): Json | undefined {
  return jsonPrefix(jsonOf(answer).text).value;
}
