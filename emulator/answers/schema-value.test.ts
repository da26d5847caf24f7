import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ApiFailure } from "../api-failure.ts";
import type { Json, JsonObject } from "../json.ts";
import { randomFrom } from "../random.ts";
import { schemaValue } from "./schema-value.ts";

/** zod's reading of JSON Schema is the independent judge. */
function problems(schema: JsonObject, value: Json): string[] {
  const judge = z.fromJSONSchema(schema);
  const result = judge.safeParse(value);
  return result.success
    ? []
    : result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
}

const leaf: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constant({ type: "boolean" }),
  fc.constant({ type: "null" }),
  fc.record({
    type: fc.constant("string"),
    minLength: fc.nat(30),
    maxLength: fc.integer({ min: 30, max: 60 }),
  }),
  fc
    .constantFrom("date-time", "date", "email", "uuid", "uri", "ipv4", "ipv6", "time")
    .map((format) => ({ type: "string", format })),
  fc
    .constantFrom(
      "^[a-z]{3,9}$",
      "^\\d{4}-\\d{2}$",
      "^(red|green) [A-F]+$",
      "^#[0-9a-f]{6}$",
      "^\\+?[1-9]\\d{5,9}$",
      "x{2}y?",
    )
    .map((pattern) => ({ type: "string", pattern })),
  fc
    .array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 })
    .map((values) => ({ type: "string", enum: values })),
  fc.record({ const: fc.oneof(fc.string(), fc.integer(), fc.boolean()) }),
  fc
    .tuple(fc.integer({ min: -1e6, max: 1e6 }), fc.nat(500))
    .map(([minimum, span]) => ({ type: "integer", minimum, maximum: minimum + span })),
  fc
    .integer({ min: -1e4, max: 1e4 })
    .map((low) => ({ type: "number", exclusiveMinimum: low, exclusiveMaximum: low + 3 })),
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.nat(99))
    .map(([step, low]) => ({ type: "integer", minimum: low, multipleOf: step })),
  fc.constant({ type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
  fc.constant({ type: ["string", "null"] }),
);

const { schema: anySchema } = fc.letrec<{ schema: JsonObject; node: JsonObject }>((tie) => ({
  schema: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf, tie("node")),
  node: fc.oneof(
    fc
      .tuple(
        fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tie("schema"), { maxKeys: 4 }),
        fc.boolean(),
        fc.infiniteStream(fc.boolean()),
      )
      .map(([properties, isClosed, choices]) => ({
        type: "object",
        properties,
        required: Object.keys(properties).filter(() => choices.next().value === true),
        ...(isClosed ? { additionalProperties: false } : {}),
      })),
    fc.record({ type: fc.constant("object"), additionalProperties: tie("schema"), minProperties: fc.nat(3) }),
    fc.record({
      type: fc.constant("array"),
      items: tie("schema"),
      minItems: fc.nat(3),
      maxItems: fc.integer({ min: 3, max: 5 }),
    }),
    fc.record({
      type: fc.constant("array"),
      prefixItems: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }),
      items: fc.constant(false),
    }),
    fc.record({ anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }) }),
  ),
}));

describe("a generated value", () => {
  test("satisfies the schema it was made for", () => {
    fc.assert(
      fc.property(anySchema, fc.string(), (schema, seed) => {
        expect(problems(schema, schemaValue(schema, randomFrom(seed)))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("satisfies the schema also with hints from the prompt", () => {
    fc.assert(
      fc.property(anySchema, fc.array(fc.string({ maxLength: 80 })), (schema, hints) => {
        expect(problems(schema, schemaValue(schema, randomFrom("hints"), hints))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test("is the same for the same seed", () => {
    fc.assert(
      fc.property(anySchema, fc.string(), (schema, seed) => {
        expect(schemaValue(schema, randomFrom(seed))).toEqual(schemaValue(schema, randomFrom(seed)));
      }),
    );
  });

  test("ends for a schema that refers to itself", () => {
    const node = {
      type: "object",
      properties: {
        value: { type: "integer" },
        next: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] },
      },
      required: ["value"],
    };
    const schema = { $ref: "#/$defs/node", $defs: { node } };
    for (let seed = 0; seed < 50; seed += 1)
      expect(problems(schema, schemaValue(schema, randomFrom(String(seed))))).toEqual([]);
  });

  test("is refused for a schema that requires an endless value", () => {
    const schema = {
      $ref: "#/$defs/node",
      $defs: { node: { type: "object", properties: { next: { $ref: "#/$defs/node" } }, required: ["next"] } },
    };
    expect(() => schemaValue(schema, randomFrom("endless"))).toThrow(ApiFailure);
  });

  test("reads the API's own spelling: upper-case types, limits as strings, nullable, propertyOrdering", () => {
    const schema = {
      type: "OBJECT",
      properties: {
        b: { type: "ARRAY", items: { type: "STRING", enum: ["x"] }, minItems: "2", maxItems: "2" },
        a: { type: "INTEGER", minimum: 3, maximum: 3 },
      },
      required: ["a", "b"],
      propertyOrdering: ["a", "b"],
    };
    expect(JSON.stringify(schemaValue(schema, randomFrom("api")))).toBe('{"a":3,"b":["x","x"]}');
  });

  test("keeps array items apart where they must be unique", () => {
    const schema = {
      type: "array",
      items: { type: "integer", minimum: 1, maximum: 5 },
      minItems: 5,
      uniqueItems: true,
    };
    expect(new Set(schemaValue(schema, randomFrom("unique")) as number[]).size).toBe(5);
  });
});
