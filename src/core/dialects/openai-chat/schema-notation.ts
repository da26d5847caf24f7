import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { isList } from "#core/kernel/json.ts";

/** Deepest schema that is translated, levels of schemas inside schemas. */
const depthMax = 64;

/**
 * A schema in Gemini's notation (`Schema`: the OpenAPI 3.0 subset with upper-case types) as JSON Schema; undefined when
 * it nests deeper than 64 schemas.
 * https://ai.google.dev/api/caching#Schema, read 2026-11-24
 *
 * - `type: "STRING"` becomes `"string"`, `TYPE_UNSPECIFIED` is left out
 * - `nullable: true` becomes a type `["string", "null"]`, or a further alternative where there is no type
 * - counts written as text (`minItems: "1"`, proto's way with int64) become numbers
 * - `propertyOrdering` becomes the order of the properties, which is how JSON Schema's users tell it
 * - `example` becomes `examples`; `format: "enum"` goes: `enum` says it
 * - what is JSON Schema already stays as it is
 */
export function jsonSchemaOf(schema: JsonObject, depth = 0): JsonObject | undefined {
  if (depth > depthMax) return undefined;
  const result: Record<string, Json> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (value === undefined) continue;
    const translated = translatedKeyword(key, value, schema, depth);
    if (translated === undefined) return undefined;
    // Every keyword written here is named by Gemini's or JSON Schema's vocabulary, or by the client itself.
    for (const [name, written] of translated) {
      Object.defineProperty(result, name, {
        value: written,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  return schema["nullable"] === true ? nullable(result) : result;
}

type Keywords = readonly (readonly [string, Json])[];

const counts: ReadonlySet<string> = new Set([
  "minItems",
  "maxItems",
  "minLength",
  "maxLength",
  "minProperties",
  "maxProperties",
]);
const schemaLists: ReadonlySet<string> = new Set(["anyOf", "oneOf", "allOf", "prefixItems"]);
const schemaMaps: ReadonlySet<string> = new Set(["properties", "patternProperties", "$defs", "definitions"]);
const schemas: ReadonlySet<string> = new Set(["items", "additionalProperties", "not", "if", "then", "else"]);

function translatedKeyword(
  key: string,
  value: Json,
  schema: JsonObject,
  depth: number,
): Keywords | undefined {
  if (key === "nullable" || key === "propertyOrdering") return [];
  if (key === "type") return typeKeyword(value);
  if (key === "format" && value === "enum") return [];
  if (key === "example") return "examples" in schema ? [] : [["examples", [value]]];
  if (counts.has(key) && typeof value === "string" && /^\d{1,15}$/.test(value)) return [[key, Number(value)]];
  if (schemaLists.has(key)) return single(key, translatedList(value, depth));
  if (schemaMaps.has(key)) return single(key, translatedMap(value, schema["propertyOrdering"], depth));
  if (schemas.has(key)) return single(key, isJsonObject(value) ? jsonSchemaOf(value, depth + 1) : value);
  return [[key, value]];
}

function single(key: string, value: Json | undefined): Keywords | undefined {
  return value === undefined ? undefined : [[key, value]];
}

function typeKeyword(value: Json): Keywords {
  if (typeof value !== "string") return [["type", value]];
  return value === "TYPE_UNSPECIFIED" ? [] : [["type", value.toLowerCase()]];
}

function translatedList(value: Json, depth: number): Json | undefined {
  if (!isList(value)) return value;
  const items = value.map((item) => (isJsonObject(item) ? jsonSchemaOf(item, depth + 1) : item));
  const known = items.filter((item) => item !== undefined);
  return known.length < items.length ? undefined : known;
}

function translatedMap(value: Json, ordering: Json | undefined, depth: number): Json | undefined {
  if (!isJsonObject(value)) return value;
  const result: Record<string, Json> = {};
  for (const key of orderedKeys(value, ordering)) {
    const item = value[key];
    const translated = isJsonObject(item) ? jsonSchemaOf(item, depth + 1) : item;
    if (translated === undefined) return undefined;
    Object.defineProperty(result, key, {
      value: translated,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return result;
}

function orderedKeys(value: JsonObject, ordering: Json | undefined): readonly string[] {
  const keys = Object.keys(value);
  if (!Array.isArray(ordering)) return keys;
  const first = ordering.filter((key): key is string => typeof key === "string" && Object.hasOwn(value, key));
  return [...new Set([...first, ...keys])];
}

function nullable(schema: JsonObject): JsonObject {
  const { type, enum: values, anyOf } = schema;
  const allowed = Array.isArray(values) && !values.includes(null) ? { enum: [...values, null] } : {};
  if (typeof type === "string")
    return { ...schema, ...allowed, type: type === "null" ? type : [type, "null"] };
  if (Array.isArray(anyOf)) return { ...schema, ...allowed, anyOf: [...anyOf, { type: "null" }] };
  return { ...schema, ...allowed };
}
