import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { boundsOf, type ReadsSchemas } from "./schema-lists.ts";
import { UnusableSchema, typeWords, usablePattern } from "./schema-words.ts";
import { kindOf, outOfBounds, schemaProblem, type Check, type CheckOf } from "./schema-work.ts";

/** Checks what a schema says of objects; passes over any other value. @throws UnusableSchema */
export function objectChecks(schema: JsonObject, reader: ReadsSchemas): readonly Check[] {
  const checks = [
    ...requiredChecks(schema),
    ...propertyChecks(schema, reader),
    ...nameChecks(schema, reader),
    ...countChecks(schema),
  ];
  return checks.map(
    (check) => (value, at, work) => (isJsonObject(value) ? check(value, at, work) : undefined),
  );
}

/** A check that is asked about objects alone. */
type ObjectCheck = CheckOf<JsonObject>;

function requiredChecks({ required, properties }: JsonObject): readonly ObjectCheck[] {
  if (required === undefined) return [];
  if (!isList(required)) throw new UnusableSchema('"required" that is no list');
  const names = required.map((name) => {
    if (typeof name !== "string") throw new UnusableSchema('"required" of something that is no name');
    return name;
  });
  const wordsOf = (name: string): string => {
    const property =
      isJsonObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    return isJsonObject(property) ? typeWords(property) : "something";
  };
  return [
    (value, at, work) => {
      work.does(names.length);
      const missing = names.find((name) => !Object.hasOwn(value, name));
      if (missing === undefined) return undefined;
      const place = { step: missing, within: at };
      return schemaProblem(`${kindOf(undefined)} in place of ${wordsOf(missing)}`, place);
    },
  ];
}

/** `properties`, `patternProperties`, and `additionalProperties` for what neither names. */
function propertyChecks(schema: JsonObject, reader: ReadsSchemas): readonly ObjectCheck[] {
  const known = schemasOf(schema, "properties", (part) => reader.check(part));
  const patterns = Object.entries(objectOf(schema, "patternProperties")).map(([pattern, part = true]) => ({
    ...usablePattern(pattern),
    check: reader.check(part),
  }));
  const { additionalProperties: additional = true } = schema;
  const others = reader.check(additional);
  return [
    (value, at, work) => {
      for (const [key, held = null] of Object.entries(value)) {
        const place = { step: key, within: at };
        let isKnown = false;
        const checks = [
          known.get(key),
          ...patterns.map(({ test, instructions, check }) => {
            work.matches(key, instructions);
            return test(key) ? check : undefined;
          }),
        ];
        for (const check of checks) {
          if (!check) continue;
          isKnown = true;
          const problem = check(held, place, work);
          if (problem) return problem;
        }
        if (isKnown) continue;
        if (additional === false) return schemaProblem("a key that the schema does not have", at);
        const problem = others(held, place, work);
        if (problem) return problem;
      }
      return undefined;
    },
  ];
}

function nameChecks({ propertyNames }: JsonObject, reader: ReadsSchemas): readonly ObjectCheck[] {
  if (propertyNames === undefined) return [];
  const check = reader.check(propertyNames);
  return [
    (value, at, work) => {
      for (const key of Object.keys(value)) {
        const problem = check(key, { step: key, within: at }, work);
        if (problem) return problem;
      }
      return undefined;
    },
  ];
}

function countChecks(schema: JsonObject): readonly ObjectCheck[] {
  const isWithin = boundsOf(schema, "minProperties", "maxProperties");
  if (!isWithin) return [];
  return [(value, at) => (isWithin(Object.keys(value).length) ? undefined : schemaProblem(outOfBounds, at))];
}

function schemasOf(
  schema: JsonObject,
  word: string,
  read: (part: Json) => Check,
): ReadonlyMap<string, Check> {
  return new Map(Object.entries(objectOf(schema, word)).map(([name, part = true]) => [name, read(part)]));
}

function objectOf(schema: JsonObject, word: string): JsonObject {
  const value = schema[word] ?? {};
  if (!isJsonObject(value)) throw new UnusableSchema(`"${word}" that is no object`);
  return value;
}
