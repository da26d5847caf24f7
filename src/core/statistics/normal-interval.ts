import { intervalAround, type Interval } from "./interval.ts";
import { normalQuantile } from "./special-functions.ts";

/** estimate -/+ z_{1-alpha/2} x standard error: two-sided, of an estimate whose error is normal and known. */
export function normalInterval(
  estimate: { readonly estimate: number; readonly standardError: number },
  alpha: number,
): Interval {
  return intervalAround(estimate, { alpha, alternative: "two-sided" }, (tail) => -normalQuantile(tail));
}
