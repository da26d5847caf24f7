import { z } from "zod";
import { isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { sizedPattern, type SizedPattern } from "#core/routing/expressions/pattern.ts";
import { kindOf, orderedJson, outOfBounds, schemaProblem, unfit, type Check } from "./schema-work.ts";

/** A schema cannot be checked; the message says why. */
export class UnusableSchema extends Error {}

const typeTests: Readonly<Record<string, (value: Json) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === "boolean",
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  array: (value) => isList(value),
  object: (value) => typeof value === "object" && value !== null && !isList(value),
};

/** Checks `type`, `enum`, `const`, and what schemas say of texts and numbers. @throws UnusableSchema */
export function wordChecks(schema: JsonObject): readonly Check[] {
  return [
    ...typeChecks(schema),
    ...valueChecks(schema),
    ...scalarChecks("string", pickedOf(schema, ["minLength", "maxLength", "format"])),
    ...scalarChecks(
      "number",
      pickedOf(schema, ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
    ),
    ...patternChecks(schema),
  ];
}

/** What `type` says in words. */
export function typeWords({ type }: JsonObject): string {
  const types = isList(type) ? type : [type];
  return types
    .map((one) => (one === "integer" ? "number" : typeof one === "string" ? one : "something"))
    .join(" or ");
}

function typeChecks(schema: JsonObject): readonly Check[] {
  const { type } = schema;
  if (type === undefined) return [];
  const tests = (isList(type) ? type : [type]).map((one) => {
    if (typeof one === "string" && Object.hasOwn(typeTests, one)) return typeTests[one];
    throw new UnusableSchema(`"type" ${JSON.stringify(one).slice(0, 80)}`);
  });
  const wanted = typeWords(schema);
  return [
    (value, at) => {
      if (tests.some((test) => test?.(value))) return undefined;
      const expected = typeof value === "number" && wanted === "number" ? "integer" : wanted;
      return schemaProblem(`${kindOf(value)} in place of ${expected}`, at);
    },
  ];
}

function valueChecks(schema: JsonObject): readonly Check[] {
  const lists = [
    ...(schema["enum"] === undefined ? [] : [schema["enum"]]),
    ...(schema["const"] === undefined ? [] : [[schema["const"]]]),
  ];
  return lists.map((values) => {
    if (!isList(values)) throw new UnusableSchema('"enum" that is no list');
    const known = new Set(values.map((value) => orderedJson(value)));
    return (value, at, work) =>
      known.has(orderedJson(value, work)) ? undefined : schemaProblem("none of the values allowed there", at);
  });
}

/** Sizes and formats are zod's to know: it is linear in these, whatever they say. */
function scalarChecks(type: "string" | "number", words: JsonObject): readonly Check[] {
  if (Object.keys(words).length === 0) return [];
  const checked = z.fromJSONSchema({ type, ...words });
  return [
    (value, at, work) => {
      if (typeof value !== type) return undefined;
      if (typeof value === "string") work.reads(value);
      const read = checked.safeParse(value);
      if (read.success) return undefined;
      const code = read.error.issues[0]?.code;
      return schemaProblem(code === "too_small" || code === "too_big" ? outOfBounds : unfit, at);
    },
  ];
}

function patternChecks({ pattern }: JsonObject): readonly Check[] {
  if (pattern === undefined) return [];
  const { test, instructions } = usablePattern(pattern);
  return [
    (value, at, work) => {
      if (typeof value !== "string") return undefined;
      work.matches(value, instructions);
      return test(value) ? undefined : schemaProblem(unfit, at);
    },
  ];
}

/** A pattern in the words of RE2: those of JavaScript can take for ever. @throws UnusableSchema */
export function usablePattern(pattern: Json): SizedPattern {
  if (typeof pattern !== "string") throw new UnusableSchema('"pattern" that is no text');
  const compiled = sizedPattern(pattern);
  if (!compiled.ok) throw new UnusableSchema(`a pattern that is none of RE2: ${compiled.error}`);
  return compiled.value;
}

function pickedOf(schema: JsonObject, words: readonly string[]): JsonObject {
  return Object.fromEntries(
    words.filter((word) => Object.hasOwn(schema, word)).map((word) => [word, schema[word]]),
  );
}
