import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import { compileSchema } from "./json-schema.ts";

function problemOf(schema: JsonObject, value: Json) {
  const compiled = compileSchema(schema);
  if (!compiled.ok) expect.unreachable(compiled.error);
  return compiled.value(value);
}

const tree: JsonObject = {
  $ref: "#/$defs/node",
  $defs: {
    node: {
      type: "object",
      properties: { name: { type: "string" }, children: { type: "array", items: { $ref: "#/$defs/node" } } },
      required: ["name"],
    },
  },
};

describe("a schema", () => {
  test.each<[string, JsonObject, Json, Json]>([
    ["type", { type: ["string", "null"] }, null, 7],
    ["integer", { type: "integer" }, 7, 7.5],
    ["enum", { enum: ["a", { b: [1], c: 2 }] }, { c: 2, b: [1] }, "b"],
    ["const", { const: 1 }, 1, true],
    ["minLength", { minLength: 2 }, "ab", "a"],
    ["format", { type: "string", format: "date" }, "2026-11-27", "today"],
    ["pattern", { pattern: "^a+$" }, "aa", "ab"],
    ["minimum", { minimum: 1, maximum: 2 }, 1, 3],
    ["exclusiveMinimum", { exclusiveMinimum: 1 }, 2, 1],
    ["multipleOf", { multipleOf: 0.1 }, 0.3, 0.35],
    ["properties", { properties: { a: { type: "number" } } }, { a: 1, b: "" }, { a: "" }],
    ["required", { required: ["a"] }, { a: null }, {}],
    ["required, not inherited", { required: ["a"] }, { a: 1, constructor: 1 }, { constructor: 1 }],
    ["additionalProperties", { properties: { a: {} }, additionalProperties: false }, { a: 1 }, { b: 1 }],
    ["additionalProperties", { additionalProperties: { type: "number" } }, { a: 1 }, { a: "" }],
    ["patternProperties", { patternProperties: { "^n": { type: "number" } } }, { n1: 1, a: "" }, { n: "" }],
    ["propertyNames", { propertyNames: { maxLength: 1 } }, { a: 1 }, { ab: 1 }],
    ["maxProperties", { maxProperties: 1 }, { a: 1 }, { a: 1, b: 1 }],
    ["items", { items: { type: "number" } }, [1], ["1"]],
    ["prefixItems", { prefixItems: [{ type: "number" }], items: false }, [1], [1, 2]],
    [
      "items of older drafts",
      { items: [{ type: "number" }], additionalItems: { type: "null" } },
      [1, null],
      [1, 2],
    ],
    ["minItems", { minItems: 1 }, [1], []],
    ["uniqueItems", { uniqueItems: true }, [{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 1 }]],
    ["contains", { contains: { const: 1 }, maxContains: 1 }, [1, 2], [1, 1]],
    ["allOf", { allOf: [{ minimum: 1 }, { maximum: 2 }] }, 1, 3],
    ["anyOf", { anyOf: [{ type: "null" }, { type: "string" }] }, null, 1],
    ["oneOf", { oneOf: [{ type: "number" }, { minimum: 2 }] }, 1, 2],
    ["not", { not: { type: "string" } }, 1, ""],
    ["$ref", tree, { name: "a", children: [{ name: "b" }] }, { name: "a", children: [{}] }],
    ["a schema of true", { properties: { a: true, b: false } }, { a: 1 }, { b: 1 }],
  ])("%s", (_word, schema, good, bad) => {
    expect(problemOf(schema, good)).toBeUndefined();
    expect(problemOf(schema, bad)).toMatchObject({ wanted: "JSON of the schema" });
  });

  test("says where and what, not the value", () => {
    expect(problemOf(tree, { name: "a", children: [{ name: "b" }, { name: 7 }] })).toEqual({
      wanted: "JSON of the schema",
      actual: "a number in place of string",
      where: "children.1.name",
    });
  });

  test.each<[string, JsonObject]>([
    ["a pattern that RE2 does not know", { pattern: "(?=a)b" }],
    ["a pattern that is too large", { patternProperties: { "((a{30}){30}){30}": {} } }],
    ["a reference to itself", { $ref: "#" }],
    [
      "a circle of references",
      { $ref: "#/$defs/a", $defs: { a: { allOf: [{ $ref: "#/$defs/b" }] }, b: { $ref: "#/$defs/a" } } },
    ],
    ["a reference to nothing", { $ref: "#/$defs/constructor", $defs: {} }],
    ["a reference elsewhere", { $ref: "https://example.com/schema" }],
    ["a type that is none", { type: "constructor" }],
    ["a list in place of an object", { properties: [] }],
    ["a number in place of a schema", { items: 7 }],
    ["a word that is not known", { if: {} }],
    ["more schemas than are read", { anyOf: Array.from({ length: 20_000 }, () => ({})) }],
  ])("%s is refused", (_what, schema) => {
    expect(compileSchema(schema)).toMatchObject({ ok: false });
  });
});

describe("made to be slow together with an answer", () => {
  const doubled = (word: string): JsonObject => ({
    $ref: "#/$defs/a0",
    $defs: Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => {
        const next = { $ref: `#/$defs/a${at + 1}` };
        return [`a${at}`, at === 59 ? { type: "null" } : { [word]: [next, next] }];
      }),
    ),
  });
  const listOrList: JsonObject = {
    $ref: "#/$defs/a",
    $defs: {
      a: {
        oneOf: [1, 2, 3].map((least) => ({
          type: "array",
          minItems: 1 - least,
          items: { $ref: "#/$defs/a" },
        })),
      },
    },
  };
  const nested = (levels: number): Json => (levels === 0 ? "x" : [nested(levels - 1)]);
  const long = "a".repeat(390_000);

  // Without a bound each of these takes longer than anybody waits, so that a test which ends has passed.
  test.each<[string, JsonObject, Json]>([
    ["a pattern that goes back", { pattern: "^(a+)+$" }, `${"a".repeat(50)}b`],
    ["names that go back", { propertyNames: { pattern: "^(a+)+$" } }, { [`${"a".repeat(50)}b`]: 1 }],
    [
      "keys that go back",
      { patternProperties: { "^(a+)+$": {} }, additionalProperties: false },
      { [`${"a".repeat(50)}b`]: 1 },
    ],
    ["a large pattern on a long text", { pattern: "((a|a|a|b){1,50}){4}$" }, `${long}c`],
    [
      "many formats of a long text",
      { anyOf: Array.from({ length: 5_000 }, () => ({ type: "string", format: "email" })) },
      long,
    ],
    ["one of two, of two, of two", doubled("anyOf"), 1],
    [
      "all of two, of two, of two",
      { $ref: "#/$defs/a0", $defs: { ...(doubled("allOf")["$defs"] as JsonObject), a59: true } },
      1,
    ],
    ["lists that may be three things", listOrList, nested(60)],
    [
      "many items of many choices",
      { items: { enum: [], anyOf: Array.from({ length: 5_000 }, (_, at) => ({ const: at })) } },
      Array.from({ length: 5_000 }, () => -1),
    ],
    [
      "what only steps by a property end",
      {
        properties: { x: { $ref: "#/$defs/m" } },
        allOf: [{ $ref: "#/$defs/m" }],
        $defs: { m: { anyOf: [{ $ref: "#" }] } },
      },
      {},
    ],
  ])("%s ends as a problem or not at all", (_what, schema, value) => {
    const startedMs = performance.now();
    const compiled = compileSchema(schema);
    if (compiled.ok) expect(compiled.value(value)).toMatchObject({ wanted: "JSON of the schema" });
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });
});
