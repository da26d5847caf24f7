import { Validator, type Schema } from "@cfworker/json-schema";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import { compileSchema } from "./json-schema.ts";

/** What schemas and values are made of: few names, numbers and texts, so that they meet. */
const names = fc.constantFrom("a", "b", "ab", "constructor");
const scalars = fc.constantFrom<Json>(null, true, false, 0, 1, 2, 1.5, "", "a", "ab", "😀");
const bound = fc.nat(3);
const few = { maxKeys: 3, noNullPrototype: true };

const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalars,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(names, tie("value"), few),
  ),
}));

/** Schemas of a few words each. */
const { schema } = fc.letrec<{ schema: Json }>((tie) => {
  const types = fc.constantFrom("null", "boolean", "string", "number", "integer", "array", "object");
  const inner = tie("schema");
  const schemas = fc.array(inner, { minLength: 1, maxLength: 3 });
  const flat: Readonly<Record<string, fc.Arbitrary<Json>>> = {
    type: fc.oneof(types, fc.uniqueArray(types, { minLength: 1, maxLength: 3 })),
    enum: fc.uniqueArray(scalars, { minLength: 1, maxLength: 4 }),
    const: value,
    minLength: bound,
    maxLength: bound,
    pattern: fc.constantFrom("^a", "b$", "^(a|b)*$"),
    minimum: bound,
    exclusiveMaximum: bound,
    multipleOf: fc.constantFrom(1, 2, 0.5),
    required: fc.uniqueArray(names, { maxLength: 2 }),
    minProperties: bound,
    maxProperties: bound,
    minItems: bound,
    maxItems: bound,
    uniqueItems: fc.boolean(),
    $ref: fc.constant("#/$defs/named"),
  };
  const nested: Readonly<Record<string, fc.Arbitrary<Json>>> = {
    properties: fc.dictionary(names, inner, few),
    patternProperties: fc.dictionary(fc.constantFrom("^a", "b"), inner, few),
    additionalProperties: inner,
    propertyNames: inner,
    prefixItems: schemas,
    items: inner,
    contains: inner,
    allOf: schemas,
    anyOf: schemas,
    oneOf: schemas,
    not: inner,
  };
  const withBounds = fc.record({ contains: inner, minContains: bound, maxContains: bound });
  const wordsOf = (
    words: Readonly<Record<string, fc.Arbitrary<Json>>>,
  ): readonly fc.Arbitrary<JsonObject>[] =>
    Object.entries(words).map(([word, said]) => said.map((one) => ({ [word]: one })));
  const joined = (words: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> =>
    fc.array(words, { maxLength: 3 }).map((all) => Object.assign({}, ...all) as JsonObject);
  return {
    schema: fc.oneof(
      { maxDepth: 3 },
      fc.boolean(),
      joined(fc.oneof(...wordsOf(flat))),
      joined(fc.oneof(...wordsOf(flat), ...wordsOf(nested), withBounds)),
    ),
  };
});

/** What the reference refers to: none that refers again, which could be a circle. */
const named = fc.constantFrom<Json>(
  { type: "object" },
  { maxLength: 1, minItems: 1 },
  { enum: [1, "a", null] },
);

test("fits what another reader of schemas says that fits, whatever schema and value are", () => {
  const seen = { fits: 0, fails: 0 };
  fc.assert(
    fc.property(
      schema,
      named,
      fc.array(value, { minLength: 1, maxLength: 8 }),
      (inner, definition, values) => {
        const whole = { allOf: [inner], $defs: { named: definition } };
        // A schema of JSON: what its type has beyond that are functions' own fields.
        const theirs = new Validator(whole as Schema, "2020-12");
        const ours = compileSchema(whole);
        if (!ours.ok) expect.unreachable(ours.error);
        for (const one of values) {
          const fits = theirs.validate(one).valid;
          seen[fits ? "fits" : "fails"] += 1;
          expect(ours.value(one) === undefined).toBe(fits);
        }
      },
    ),
    { numRuns: 500 },
  );
  expect(Math.min(seen.fits, seen.fails)).toBeGreaterThan(100);
});
