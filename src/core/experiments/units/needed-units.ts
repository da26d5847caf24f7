import { normalQuantile } from "#core/statistics/special-functions.ts";
import type { Judged } from "#core/experiments/comparisons/analysed-metric.ts";
import { changeUnit, marginText, signedText } from "#core/experiments/comparisons/change-text.ts";
import type { Reading } from "#core/experiments/comparisons/comparison.ts";
import { readingOn } from "#core/experiments/comparisons/judgement.ts";

/**
 * Units of both sides at which a change would be told from none with the power asked for, from what units tell by now:
 * units x ((z + z_power) x SE / change)^2, z the interval's half width in standard errors, as the design has it.
 * @param reading at so many units, with an error above 0
 * @param change that is to be told, not 0
 * @param power in (0, 1)
 */
export function neededUnits(
  reading: Reading,
  { units, change, power }: { readonly units: number; readonly change: number; readonly power: number },
): number {
  const [lower, upper] = reading.interval;
  const halfWidth = (upper - lower) / 2;
  const errors = (halfWidth + normalQuantile(power) * reading.standardError) / Math.abs(change);
  return Math.ceil(units * errors * errors);
}

/** What is not decided of a variant. */
export interface Undecided {
  /** Primary metrics that may be chance. */
  readonly openGoals: readonly Judged[];
  /** Guardrails not shown to hold. */
  readonly unproven: readonly Judged[];
  /** Of the control and the variant. */
  readonly units: number;
}

/** For each open comparison how many units would tell, each a sentence. */
export function neededTexts({ openGoals, unproven, units }: Undecided, power: number): readonly string[] {
  return [
    ...openGoals.flatMap((one) => neededForGoal(one, { units, power }) ?? []),
    ...unproven.flatMap((one) => neededForGuardrail(one, { units, power }) ?? []),
  ];
}

interface NeededQuestion {
  readonly units: number;
  readonly power: number;
}

/** For the smallest change that matters, or, where nobody said one, for the change that is seen. */
function neededForGoal({ metric, comparison }: Judged, question: NeededQuestion): string | undefined {
  const { name, minimumEffect } = metric.plan;
  const reading = minimumEffect
    ? readingOn(minimumEffect, comparison.deciding)
    : comparison.deciding.absolute;
  if (!reading.ok) return undefined;
  const change = minimumEffect?.value ?? reading.value.value;
  if (change === 0) return undefined;
  const unit = changeUnit(metric);
  const needed = neededUnits(reading.value, { ...question, change });
  const effect = minimumEffect
    ? marginText(minimumEffect, unit)
    : `${signedText(change, unit)}, as seen by now,`;
  return `${name}: ${unitsText(needed, question)} to tell a change of ${effect} from none`;
}

/** For the margin, were the true change none at all. */
function neededForGuardrail({ metric, comparison }: Judged, question: NeededQuestion): string | undefined {
  const { name, margin } = metric.plan;
  const reading = margin && readingOn(margin, comparison.deciding);
  if (!margin || !reading?.ok) return undefined;
  const needed = neededUnits(reading.value, { ...question, change: margin.value });
  return `${name}: ${unitsText(needed, question)} to show that it stays within ${marginText(margin, changeUnit(metric))}, if it does not change`;
}

function unitsText(needed: number, { units, power }: NeededQuestion): string {
  const chance = `with a chance of ${Math.round(power * 100)} %`;
  return needed > units
    ? `about ${needed.toLocaleString("en-US")} units of both variants (there are ${units.toLocaleString("en-US")}) ${chance}`
    : `the ${units.toLocaleString("en-US")} units of both variants were enough ${chance}`;
}
