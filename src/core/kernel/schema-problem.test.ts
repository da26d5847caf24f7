import { expect, test } from "vitest";
import { z } from "zod";
import { schemaProblems } from "./schema-problem.ts";

const metric = z.union([
  z.strictObject({ mean: z.number(), variance: z.number() }),
  z.strictObject({ share: z.number().min(0).max(1) }),
]);

function problems(schema: z.ZodType, value: unknown) {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : schemaProblems(parsed.error, value);
}

test("what none of several forms takes is told by what all of them want", () => {
  expect(problems(z.object({ metric }), { metric: Infinity })).toEqual([
    { path: ["metric"], wanted: "an object", actual: "the number Infinity" },
  ]);
  expect(problems(z.union([z.number(), z.boolean()]), "yes")).toEqual([
    { path: [], wanted: "a number or a boolean", actual: "a string of 3 characters" },
  ]);
});

test("an object that fits no form is not taken apart: which one was meant, nobody knows", () => {
  expect(problems(metric, { rate: 0.1 })).toEqual([
    { path: [], wanted: "one of the forms that the description has", actual: "an object" },
  ]);
});

test("unknown fields are told each by itself, and no value is shown", () => {
  expect(problems(z.strictObject({ name: z.string() }), { name: "n", a: "secret", b: 1 })).toEqual([
    { path: ["a"], wanted: "absent", actual: "an unknown field" },
    { path: ["b"], wanted: "absent", actual: "an unknown field" },
  ]);
});
