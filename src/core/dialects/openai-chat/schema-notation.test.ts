import { describe, expect, test } from "vitest";
import type { JsonObject } from "#core/kernel/json.ts";
import { jsonSchemaOf } from "./schema-notation.ts";

describe("jsonSchemaOf", () => {
  test("every keyword of Gemini's Schema has its JSON Schema word", () => {
    const schema = {
      type: "OBJECT",
      title: "T",
      required: ["b"],
      propertyOrdering: ["b", "a"],
      minProperties: "1",
      properties: {
        a: {
          type: "ARRAY",
          items: { type: "INTEGER", format: "int64", minimum: 0 },
          minItems: "1",
          maxItems: 3,
        },
        b: { type: "STRING", format: "enum", enum: ["x", "y"], nullable: true },
        c: { anyOf: [{ type: "NUMBER" }, { type: "BOOLEAN" }], nullable: true },
        d: { type: "TYPE_UNSPECIFIED", example: 5 },
      },
    };
    const translated = jsonSchemaOf(schema);
    expect(translated).toEqual({
      type: "object",
      title: "T",
      required: ["b"],
      minProperties: 1,
      properties: {
        b: { type: ["string", "null"], enum: ["x", "y", null] },
        a: {
          type: "array",
          items: { type: "integer", format: "int64", minimum: 0 },
          minItems: 1,
          maxItems: 3,
        },
        c: { anyOf: [{ type: "number" }, { type: "boolean" }, { type: "null" }] },
        d: { examples: [5] },
      },
    });
    const properties = translated?.["properties"] as JsonObject;
    expect(Object.keys(properties)).toEqual(["b", "a", "c", "d"]);
  });

  test("what is JSON Schema already stays", () => {
    const schema = {
      type: "object",
      $defs: { x: { const: 1 } },
      properties: { x: { $ref: "#/$defs/x" } },
      additionalProperties: false,
    };
    expect(jsonSchemaOf(schema)).toEqual(schema);
  });

  test("a property may have the name of a keyword", () => {
    const schema = {
      type: "OBJECT",
      properties: { type: { type: "STRING" }, nullable: { type: "BOOLEAN" } },
    };
    expect(jsonSchemaOf(schema)?.["properties"]).toEqual({
      type: { type: "string" },
      nullable: { type: "boolean" },
    });
  });

  test("deeper than 64 schemas is not translated", () => {
    let schema: JsonObject = { type: "STRING" };
    for (let level = 0; level < 64; level++) schema = { type: "ARRAY", items: schema };
    expect(jsonSchemaOf(schema)).toBeDefined();
    expect(jsonSchemaOf({ type: "ARRAY", items: schema })).toBeUndefined();
  });
});
