import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";

/** Bounds that protocol buffers write as texts: they are 64-bit integers there. */
const countWords = ["minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"];

/**
 * The JSON schema that says what a schema of Gemini's says: its types are upper-case, `nullable` is a word of its own, and of
 * formats only `date-time` says something of a text. Words that only describe are left out.
 * https://ai.google.dev/api/caching#Schema, read 2026-11-27
 */
export function jsonSchemaOfGemini(schema: JsonObject): JsonObject {
  const { type, nullable, format, items, properties, anyOf, additionalProperties, ref } = schema;
  const converted: JsonObject = {
    ...pickedFrom(schema, ["enum", "required", "minimum", "maximum", "pattern", "$ref"]),
    ...Object.fromEntries(countWords.flatMap((word) => countEntry(word, schema[word]))),
    ...(typeof type === "string" && type !== "TYPE_UNSPECIFIED" && { type: type.toLowerCase() }),
    // References have no schemas that they could mean here: a schema with one cannot be checked.
    ...(ref !== undefined && { $ref: ref }),
    ...(format === "date-time" && { format }),
    ...(items !== undefined && { items: within(items) }),
    ...(isJsonObject(properties) && { properties: eachWithin(properties) }),
    ...(additionalProperties !== undefined && { additionalProperties: within(additionalProperties) }),
    ...(isList(anyOf) && { anyOf: anyOf.map(within) }),
  };
  return nullable === true ? { anyOf: [{ type: "null" }, converted] } : converted;
}

function within(schema: Json): Json {
  return isJsonObject(schema) ? jsonSchemaOfGemini(schema) : schema;
}

function eachWithin(schemas: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schemas).flatMap(([name, schema]) =>
      schema === undefined ? [] : [[name, within(schema)] as const],
    ),
  );
}

function countEntry(word: string, value: Json | undefined): readonly (readonly [string, Json])[] {
  if (value === undefined) return [];
  return [[word, typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value]];
}

function pickedFrom(schema: JsonObject, words: readonly string[]): JsonObject {
  return Object.fromEntries(
    words.flatMap((word) => (Object.hasOwn(schema, word) ? [[word, schema[word]]] : [])),
  );
}
