import { z } from "zod";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import { isJsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { jsonPrefix } from "./json-prefix.ts";
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
  const problem = schema && schemaProblem(schema, value);
  return problem ? failed(problem) : ok(value);
}

/** What can be read of JSON that is still being written; undefined where nothing can. */
export function partialJson(answer: string): Json | undefined {
  return jsonPrefix(jsonOf(answer).text).value;
}

/** Compiled schemas; they go with the configuration that they stand in. */
const compiled = new WeakMap<JsonObject, z.ZodType>();

/**
 * The checker of a JSON schema (draft 2020-12 and what zod takes of older ones).
 * @returns what is wrong with the schema, otherwise
 */
export function compileSchema(schema: JsonObject): Result<z.ZodType, string> {
  const known = compiled.get(schema);
  if (known) return ok(known);
  try {
    const type = z.fromJSONSchema(schema);
    compiled.set(schema, type);
    return ok(type);
  } catch (error) {
    // zod throws for what it does not take, and names it.
    return failed(error instanceof Error ? error.message.slice(0, 200) : "another");
  }
}

function schemaProblem(schema: JsonObject, value: Json): ParseProblem | undefined {
  const type = compileSchema(schema);
  if (!type.ok) return { wanted: "JSON of the schema", actual: "a schema that cannot be used" };
  const parsed = type.value.safeParse(value);
  if (parsed.success) return undefined;
  const [issue] = parsed.error.issues;
  const path = issue && issue.path.length > 0 ? issue.path.map(String).join(".") : "";
  return {
    wanted: "JSON of the schema",
    actual: issue ? issueWords(issue, value) : "another value",
    ...(path !== "" && { where: path.slice(0, 200) }),
  };
}

/** What is wrong, without the value itself. */
function issueWords(issue: z.core.$ZodIssue, value: Json): string {
  switch (issue.code) {
    case "invalid_type":
      return `${kindOf(valueAt(value, issue.path))} in place of ${issue.expected}`;
    case "unrecognized_keys":
      return "a key that the schema does not have";
    case "too_small":
    case "too_big":
      return "a size out of its bounds";
    case "invalid_value":
      return "none of the values allowed there";
    default:
      return "a value that does not fit";
  }
}

function valueAt(value: Json, path: readonly PropertyKey[]): unknown {
  let current: unknown = value;
  for (const step of path) {
    if (typeof current !== "object" || current === null) return undefined;
    current = Reflect.get(current, step);
  }
  return current;
}

/** A value by its kind. */
export function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (isJsonObject(value)) return "an object";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}
