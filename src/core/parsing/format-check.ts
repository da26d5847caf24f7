import { BoundedMap } from "#core/kernel/bounded-map.ts";
import type { Json } from "#core/kernel/json.ts";
import type { OutputFormat } from "#core/llm/request.ts";
import { jsonSchemaOfGemini } from "./gemini-schema.ts";
import { compileSchema, type SchemaCheck } from "./json-schema.ts";

/** What checks have found. */
export const formatChecks = ["met", "missed", "unchecked"] as const;

/**
 * Whether an answer has the format that was asked for. `missed`: it is no JSON, or not of the schema. `unchecked`: it is too long,
 * or the schema says something that is not known here.
 */
export type FormatCheck = (typeof formatChecks)[number];

/** Longest answer that is checked, characters: one of that length takes about 6 ms (measured 2026-11-27). */
export const checkedLengthMax = 50_000;
/** Longest schema, characters of its JSON. */
const schemaLengthMax = 32_768;
/** Steps of a check: a tenth of what is done for answers that a chain waits for. */
const stepsMax = 200_000;

/** Schemas that are held ready: to read one takes ten times as long as to check a short answer by it. */
const schemasMax = 100;
const ready = new BoundedMap<string, SchemaCheck | "unusable">(schemasMax);

/**
 * Whether a text has a format. All of it must be JSON, as clients read it: words around it, or a fence, are none.
 * @param text at most `checkedLengthMax` characters; longer ones are not looked at
 */
export function checkFormat(
  format: Exclude<OutputFormat, { readonly type: "text" }>,
  text: string,
): FormatCheck {
  if (text.length > checkedLengthMax) return "unchecked";
  const value = parsed(text);
  if (value === undefined) return "missed";
  if (format.type === "json") return "met";
  const check = schemaCheck(format);
  if (check === "unusable") return "unchecked";
  const misfit = check(value, stepsMax);
  if (!misfit) return "met";
  return misfit.isUnknown ? "unchecked" : "missed";
}

function parsed(text: string): Json | undefined {
  try {
    // What comes from JSON.parse is JSON.
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function schemaCheck({
  schema,
  notation,
}: Extract<OutputFormat, { readonly type: "json-schema" }>): SchemaCheck | "unusable" {
  const text = JSON.stringify(schema);
  if (text.length > schemaLengthMax) return "unusable";
  const key = `${notation} ${text}`;
  const known = ready.get(key);
  if (known) return known;
  const compiled = compileSchema(notation === "gemini-schema" ? jsonSchemaOfGemini(schema) : schema);
  const check = compiled.ok ? compiled.value : "unusable";
  ready.set(key, check);
  return check;
}
