import { failed } from "#core/kernel/result.ts";

/**
 * Why a statistic is not given.
 * - `too-few`: less than the method needs; `no-variance`: nothing varies, so nothing can be compared
 * - `not-finite`: an input is NaN or infinite, or a result is beyond what a number holds
 * - `bad-level`: an error rate or a power outside (0, 1); `bad-count`: not a whole number >= 0, or more successes than trials
 * - `bad-value`: another argument out of its range; `zero-baseline`: a share of a control mean, or a ratio over a
 *   sum of denominators, that is 0
 */
export type RefusalCode =
  | "too-few"
  | "no-variance"
  | "not-finite"
  | "bad-level"
  | "bad-count"
  | "bad-value"
  | "zero-baseline";

/** A statistic that cannot be said, with the reason in words: there is never a NaN in its place. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly reason: string;
}

/** The result of a method that refuses. */
export function refused(code: RefusalCode, reason: string): { readonly ok: false; readonly error: Refusal } {
  return failed({ code, reason });
}

/** The refusal of an error rate that is not in (0, 1), if it is none. */
export function refusedLevel(alpha: number): { readonly ok: false; readonly error: Refusal } | undefined {
  if (alpha > 0 && alpha < 1) return undefined;
  return refused("bad-level", `The error rate must be above 0 and below 1, it is ${alpha}`);
}

/** Why no power can be asked for: `bad-level`. */
export function refusedPower(power: number): { readonly ok: false; readonly error: Refusal } | undefined {
  if (power > 0 && power < 1) return undefined;
  return refused("bad-level", `The power must be above 0 and below 1, it is ${power}`);
}

/** Whether this is a number of things: whole, >= 0 and exact. */
export function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Whether this is a finite number above 0. */
export function isPositive(value: number): boolean {
  return value > 0 && value < Infinity;
}
