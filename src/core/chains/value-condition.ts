import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { Field, FieldValue } from "#core/routing/expressions/fields.ts";
import { operators, type ValueTest } from "#core/routing/expressions/operators.ts";

/** Most comparisons of one condition. */
const comparisonsMax = 50;

/** What steps have left behind, by name. */
export type ChainValues = Readonly<Record<string, Json>>;

/** What is wrong with a condition, and where in it. */
export interface ValueConditionProblem {
  readonly path: readonly string[];
  readonly wanted: string;
  readonly actual?: string;
}

/** Whether values fit. */
export type ValueCondition = (values: ChainValues) => boolean;

/**
 * Compiles a condition over a chain's values, in the words of the routes' conditions: `{ kind: urgent }`,
 * `{ length.text: { $gt: 10000 } }`. All entries must hold. `a.b` is field `b` of value `a`; `length.a` is how long a
 * text (characters) or a list (items) is.
 */
export function compileValueCondition(
  written: Json,
): Result<{ readonly test: ValueCondition; readonly names: readonly string[] }, ValueConditionProblem> {
  if (!isJsonObject(written) || Object.keys(written).length === 0) {
    return failed({ path: [], wanted: "a map from values to what they must be" });
  }
  const tests: { readonly field: string; readonly fits: ValueTest }[] = [];
  for (const [field, given] of Object.entries(written)) {
    const comparisons = comparisonsOf(given ?? null);
    for (const [name, operand] of Object.entries(comparisons)) {
      const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
      if (!operator) {
        return failed({
          path: [field],
          wanted: `one of ${Object.keys(operators).join(", ")}`,
          actual: `"${name}"`,
        });
      }
      const made = operator(operand ?? null, typeOf(operand ?? null, name));
      if (!made.ok) return failed({ path: [field, ...(isJsonObject(given) ? [name] : [])], ...made.error });
      tests.push({ field, fits: made.value });
    }
  }
  if (tests.length > comparisonsMax) {
    return failed({ path: [], wanted: `at most ${comparisonsMax} comparisons`, actual: `${tests.length}` });
  }
  return ok({
    test: (values) => tests.every(({ field, fits }) => fits(fieldOf(values, field))),
    names: Object.keys(written).map(nameOf),
  });
}

function comparisonsOf(given: Json): JsonObject {
  return isJsonObject(given) ? given : { $eq: given };
}

/** A field has the type of what it is compared with. */
function typeOf(operand: Json, operator: string): Field["type"] {
  const sample = isList(operand) ? operand[0] : operand;
  if (operator === "$exists" || operator === "$regex") return "text";
  if (typeof sample === "number") return "number";
  return typeof sample === "boolean" ? "boolean" : "text";
}

/** The value that a field begins with. */
function nameOf(field: string): string {
  const [first = "", second = ""] = field.split(".");
  return first === "length" && second !== "" ? second : first;
}

function fieldOf(values: ChainValues, field: string): FieldValue {
  const [first, ...rest] = field.split(".");
  const isLength = first === "length" && rest.length > 0;
  const path = isLength ? rest : field.split(".");
  let value: Json | undefined = values;
  for (const step of path) {
    value = isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  if (isLength) return typeof value === "string" || isList(value) ? value.length : undefined;
  if (isList(value)) return value.filter((item) => typeof item === "string");
  return typeof value === "object" || value === null ? undefined : value;
}
