import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import { checkFormat, checkedLengthMax } from "./format-check.ts";

function checked(
  schema: JsonObject,
  answer: Json,
  notation: "json-schema" | "gemini-schema" = "json-schema",
) {
  return checkFormat({ type: "json-schema", schema, notation }, JSON.stringify(answer));
}

const city: JsonObject = {
  type: "object",
  properties: { name: { type: "string" }, people: { type: "integer", minimum: 0 } },
  required: ["name"],
  additionalProperties: false,
};

describe("the format that was asked for", () => {
  test.each([
    ['{"a": 1}', "met"],
    [" [1, 2]\n", "met"],
    ["null", "met"],
    ["", "missed"],
    ['{"a": 1', "missed"],
    ['```json\n{"a": 1}\n```', "missed"],
    ['Here it is: {"a": 1}', "missed"],
    ['{"a": 1} {"a": 2}', "missed"],
  ])("of any JSON: %j is %s", (text, found) => {
    expect(checkFormat({ type: "json" }, text)).toBe(found);
  });

  test("is met by JSON of the schema, and missed by any other", () => {
    expect(checked(city, { name: "Ulm", people: 126_000 })).toBe("met");
    expect(checked(city, { people: 126_000 })).toBe("missed");
    expect(checked(city, { name: "Ulm", river: "Danube" })).toBe("missed");
    expect(checkFormat({ type: "json-schema", schema: city, notation: "json-schema" }, "Ulm")).toBe("missed");
    // The same schema once more, which is held ready.
    expect(checked({ ...city }, { name: "Ulm" })).toBe("met");
  });

  test("is not checked where the schema says something unknown, unless the answer is no JSON at all", () => {
    const schema: JsonObject = { type: "object", dependentRequired: { a: ["b"] } };
    expect(checked(schema, { a: 1 })).toBe("unchecked");
    expect(checkFormat({ type: "json-schema", schema, notation: "json-schema" }, "a, then b")).toBe("missed");
    expect(checked({ enum: ["x".repeat(40_000)] }, "y")).toBe("unchecked");
  });

  test("is not checked of a longer answer, and where it would take too long", () => {
    const text = `"${"x".repeat(checkedLengthMax - 2)}"`;
    expect(checkFormat({ type: "json" }, text)).toBe("met");
    expect(checkFormat({ type: "json" }, `${text} `)).toBe("unchecked");
    const names = Array.from({ length: 2_000 }, (_, number) => ({ const: `value ${number}` }));
    expect(checked({ items: { anyOf: names } }, Array<string>(2_000).fill("none"))).toBe("unchecked");
  });

  test("of an answer that is nested deeply is not checked, rather than to fail", () => {
    const text = "[".repeat(20_000) + "]".repeat(20_000);
    const format = { type: "json-schema", notation: "json-schema" } as const;
    expect(checkFormat({ ...format, schema: { enum: [[], 1] } }, text)).toBe("unchecked");
    expect(checkFormat({ ...format, schema: { type: "array", uniqueItems: true } }, text)).toBe("unchecked");
    const tree = { $ref: "#/$defs/tree", $defs: { tree: { items: { $ref: "#/$defs/tree" } } } };
    expect(checkFormat({ ...format, schema: tree }, text)).toBe("unchecked");
  });
});

describe("a schema in Gemini's words", () => {
  test.each<[string, JsonObject, Json, Json]>([
    [
      "types are upper-case",
      { type: "OBJECT", properties: { a: { type: "INTEGER" } } },
      { a: 1 },
      { a: 1.5 },
    ],
    ["nullable", { type: "STRING", nullable: true, enum: ["a"] }, null, "b"],
    ["counts are texts", { type: "ARRAY", items: { type: "STRING" }, minItems: "2" }, ["a", "b"], ["a"]],
    ["items", { type: "ARRAY", items: { type: "NUMBER" } }, [1], ["1"]],
    ["required", { type: "OBJECT", required: ["a"] }, { a: 1 }, { b: 1 }],
    ["bounds", { type: "NUMBER", maximum: 3 }, 3, 4],
    ["anyOf", { anyOf: [{ type: "STRING" }, { type: "BOOLEAN" }] }, true, 1],
    ["date-time", { type: "STRING", format: "date-time" }, "2026-11-27T10:00:00Z", "today"],
    [
      "additionalProperties",
      { type: "OBJECT", additionalProperties: { type: "STRING" } },
      { a: "" },
      { a: 1 },
    ],
  ])("%s", (_word, schema, good, bad) => {
    expect(checked(schema, good, "gemini-schema")).toBe("met");
    expect(checked(schema, bad, "gemini-schema")).toBe("missed");
  });

  test("says nothing more by other formats, descriptions and the order of keys", () => {
    const schema: JsonObject = {
      type: "OBJECT",
      description: "a place",
      properties: {
        a: { type: "INTEGER", format: "int32" },
        b: { type: "STRING", format: "enum", enum: ["x"] },
      },
      propertyOrdering: ["b", "a"],
    };
    expect(checked(schema, { a: 1, b: "x" }, "gemini-schema")).toBe("met");
  });

  test("is not checked where it refers to another", () => {
    expect(
      checked({ type: "OBJECT", properties: { a: { ref: "#/defs/a" } } }, { a: 1 }, "gemini-schema"),
    ).toBe("unchecked");
  });
});
