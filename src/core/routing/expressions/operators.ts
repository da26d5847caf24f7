import { failed, ok, type Result } from "#core/kernel/result.ts";
import { isList, type Json } from "#core/kernel/json.ts";
import type { Field, FieldValue } from "./fields.ts";
import { compilePattern, patternWanted } from "./pattern.ts";

/** Most values that one `$in` or `$nin` names. */
const listedMax = 1_000;

/** Whether the value of a field fits. */
export type ValueTest = (value: FieldValue) => boolean;

/** What is wrong with an operand. */
export interface OperandProblem {
  readonly wanted: string;
  readonly actual?: string;
}

/** Makes the test of an operator, or tells what is wrong with what stands behind it. */
type Operator = (operand: Json, type: Field["type"]) => Result<ValueTest, OperandProblem>;

/** The operators of a field. An absent value fits only `$ne`, `$nin` and `$exists: false`. */
export const operators: Readonly<Record<string, Operator>> = {
  $eq: equal,
  $ne: (operand, type) => negated(equal(operand, type)),
  $gt: ordered((order) => order > 0),
  $gte: ordered((order) => order >= 0),
  $lt: ordered((order) => order < 0),
  $lte: ordered((order) => order <= 0),
  $in: oneOf,
  $nin: (operand, type) => negated(oneOf(operand, type)),
  $regex: matching,
  $exists: existing,
};

function negated(made: Result<ValueTest, OperandProblem>): Result<ValueTest, OperandProblem> {
  if (!made.ok) return made;
  const { value: fits } = made;
  return ok((value) => !fits(value));
}

function equal(operand: Json, type: Field["type"]): Result<ValueTest, OperandProblem> {
  const wanted = comparable(operand, type);
  if (wanted === undefined) return failed({ wanted: typeWords[type] });
  if (type === "list") return ok((value) => Array.isArray(value) && value.includes(wanted));
  return ok((value) => value === wanted);
}

function oneOf(operand: Json, type: Field["type"]): Result<ValueTest, OperandProblem> {
  if (!isList(operand) || operand.length === 0 || operand.length > listedMax) {
    return failed({ wanted: `a list of 1 to ${listedMax} values` });
  }
  const values = operand.map((value) => comparable(value, type));
  if (values.includes(undefined)) return failed({ wanted: `a list with only ${typeWords[type]}` });
  const known = new Set<FieldValue>(values);
  if (type === "list") return ok((value) => Array.isArray(value) && value.some((one) => known.has(one)));
  return ok((value) => known.has(value));
}

/** Numbers by size. Texts by size, too, where a number stands behind the operator; otherwise by their letters. */
function ordered(fits: (order: number) => boolean): Operator {
  return (operand, type) => {
    if (type === "number" || (type === "text" && typeof operand === "number")) {
      if (typeof operand !== "number") return failed({ wanted: "a number" });
      return ok((value) => value !== undefined && value !== "" && fits(Number(value) - operand));
    }
    if (type !== "text" || typeof operand !== "string") {
      return failed({ wanted: type === "text" ? "a number or a text" : "$eq, since this has no order" });
    }
    return ok((value) => typeof value === "string" && fits(value < operand ? -1 : value > operand ? 1 : 0));
  };
}

function matching(operand: Json, type: Field["type"]): Result<ValueTest, OperandProblem> {
  if (type !== "text") return failed({ wanted: "$eq, since this is no text" });
  if (typeof operand !== "string") return failed({ wanted: patternWanted });
  const compiled = compilePattern(operand);
  if (!compiled.ok) return failed({ wanted: patternWanted, actual: compiled.error });
  const { value: test } = compiled;
  return ok((value) => typeof value === "string" && test(value));
}

function existing(operand: Json): Result<ValueTest, OperandProblem> {
  if (typeof operand !== "boolean") return failed({ wanted: "true or false" });
  return ok((value) => (value !== undefined) === operand);
}

const typeWords: Readonly<Record<Field["type"], string>> = {
  number: "a number",
  text: "a text",
  boolean: "true or false",
  list: "a text",
};

/** What stands behind an operator as the field would hold it: YAML reads the tag `5` as a number, `true` as a truth. */
function comparable(operand: Json, type: Field["type"]): number | string | boolean | undefined {
  if (type === "number") return typeof operand === "number" ? operand : undefined;
  if (type === "boolean") return typeof operand === "boolean" ? operand : undefined;
  if (typeof operand === "string") return operand;
  return typeof operand === "number" || typeof operand === "boolean" ? String(operand) : undefined;
}
