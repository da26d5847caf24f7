import { isJsonObject } from "#core/kernel/json.ts";
import { measured, unscored, verdict, type Score } from "#core/scoring/score.ts";

/** Of a reason so many characters are kept. */
const reasonLengthMax = 2_000;

/**
 * What a scorer of somebody's own gave, as a score: a number, a truth value, or `{value, passed?, reason?}` with one of both as
 * its value. Anything else is none.
 */
export function customScore(given: unknown): Score {
  if (typeof given === "number") return measured(given);
  if (typeof given === "boolean") return verdict(given);
  if (!isJsonObject(given)) return unreadable(kindOf(given));
  const { value, passed, reason } = given;
  if (typeof value !== "number" && typeof value !== "boolean")
    return unreadable(`its value is ${kindOf(value)}`);
  if (passed !== undefined && typeof passed !== "boolean")
    return unreadable(`\`passed\` is ${kindOf(passed)}`);
  const score = typeof value === "number" ? measured(value) : verdict(value);
  if (score.kind === "unscored") return score;
  return {
    ...score,
    ...(passed !== undefined && { passed }),
    ...(typeof reason === "string" && reason !== "" && { reason: reason.slice(0, reasonLengthMax) }),
  };
}

function unreadable(what: string): Score {
  return unscored(
    "scorer-unreadable",
    `A number, a truth value or {value, passed?, reason?} is wanted of the scorer, it gave another: ${what}`,
  );
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? "a list" : `a value of type ${typeof value}`;
}
