import { ok, type Result } from "#core/kernel/result.ts";
import { isPositive, refused, type Refusal } from "./refusal.ts";

/** How long an experiment runs. */
export interface RunTime {
  /** Whole days, at least 1. */
  readonly days: number;
  /** Rounded up to whole weeks, so that each day of the week counts alike; in days. */
  readonly daysOfWholeWeeks: number;
}

/**
 * The days until units have come: units / (units a day x the share that takes part), rounded up. Assumes a steady rate of new
 * units: where the same ones come back, it falls. Refuses `bad-value` for units or a rate that is not above 0, or a share
 * outside (0, 1].
 */
export function expectedRunTime(traffic: {
  readonly units: number;
  readonly unitsPerDay: number;
  /** Default 1. */
  readonly share?: number;
}): Result<RunTime, Refusal> {
  const { units, unitsPerDay, share = 1 } = traffic;
  if (!isPositive(units) || !isPositive(unitsPerDay)) {
    return refused("bad-value", `Units and units a day are above 0, they are ${units} and ${unitsPerDay}`);
  }
  if (!(share > 0 && share <= 1)) return refused("bad-value", `The share is in (0, 1], it is ${share}`);
  const days = Math.ceil(units / (unitsPerDay * share));
  if (!Number.isFinite(days)) return refused("not-finite", "The time is beyond what a number holds");
  return ok({ days, daysOfWholeWeeks: 7 * Math.ceil(days / 7) });
}
