import { isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { UnusableSchema } from "./schema-words.ts";
import { orderedJson, outOfBounds, schemaProblem, unfit, type Check, type CheckOf } from "./schema-work.ts";

/** Reads schemas that stand within one, for other values than its own. */
export interface ReadsSchemas {
  check(schema: Json): Check;
}

/** Checks what a schema says of lists; passes over any other value. @throws UnusableSchema */
export function listChecks(schema: JsonObject, reader: ReadsSchemas): readonly Check[] {
  const checks = [
    ...countChecks(schema),
    ...itemChecks(schema, reader),
    ...containsChecks(schema, reader),
    ...uniqueChecks(schema),
  ];
  return checks.map((check) => (value, at, work) => (isList(value) ? check(value, at, work) : undefined));
}

/** A check that is asked about lists alone. */
type ListCheck = CheckOf<readonly Json[]>;

/** Whether a count is within two bounds of a schema; undefined where it has neither. @throws UnusableSchema */
export function boundsOf(
  schema: JsonObject,
  least: string,
  most: string,
): ((count: number) => boolean) | undefined {
  const [min = 0, max = Infinity] = [schema[least], schema[most]];
  if (typeof min !== "number" || typeof max !== "number")
    throw new UnusableSchema(`"${least}" or "${most}" that is no number`);
  if (min <= 0 && max === Infinity) return undefined;
  return (count) => count >= min && count <= max;
}

function countChecks(schema: JsonObject): readonly ListCheck[] {
  const isWithin = boundsOf(schema, "minItems", "maxItems");
  if (!isWithin) return [];
  return [(value, at) => (isWithin(value.length) ? undefined : schemaProblem(outOfBounds, at))];
}

/** The first items by their place, the others by one schema; older drafts have both words for it. */
function itemChecks(schema: JsonObject, reader: ReadsSchemas): readonly ListCheck[] {
  const { prefixItems, items, additionalItems } = schema;
  if (prefixItems !== undefined && !isList(prefixItems))
    throw new UnusableSchema('"prefixItems" that is no list');
  const placed = prefixItems ?? (isList(items) ? items : []);
  const others = isList(items) ? (additionalItems ?? true) : (items ?? true);
  if (placed.length === 0 && others === true) return [];
  const first = placed.map((item) => reader.check(item));
  const rest = reader.check(others);
  return [
    (value, at, work) => {
      for (const [index, item] of value.entries()) {
        const problem = (first[index] ?? rest)(item, { step: index, within: at }, work);
        if (problem) return problem;
      }
      return undefined;
    },
  ];
}

function containsChecks(schema: JsonObject, reader: ReadsSchemas): readonly ListCheck[] {
  const { contains } = schema;
  if (contains === undefined) return [];
  const check = reader.check(contains);
  const isWithin = boundsOf({ minContains: 1, ...schema }, "minContains", "maxContains");
  return [
    (value, at, work) => {
      const found = value.filter(
        (item, index) => check(item, { step: index, within: at }, work) === undefined,
      );
      return !isWithin || isWithin(found.length) ? undefined : schemaProblem(unfit, at);
    },
  ];
}

function uniqueChecks({ uniqueItems }: JsonObject): readonly ListCheck[] {
  if (uniqueItems !== true) return [];
  return [
    (value, at, work) => {
      const different = new Set(value.map((item) => orderedJson(item, work)));
      return different.size === value.length ? undefined : schemaProblem(unfit, at);
    },
  ];
}
