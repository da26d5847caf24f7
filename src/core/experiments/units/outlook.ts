import { normalQuantile } from "#core/statistics/special-functions.ts";
import type { AnalysedMetric, Comparison } from "#core/experiments/comparisons/analysed-metric.ts";
import type { AnalysisPlan, MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import { changeUnit, marginText, numberText } from "#core/experiments/comparisons/change-text.ts";
import type { Reading } from "#core/experiments/comparisons/comparison.ts";
import { readingOn } from "#core/experiments/comparisons/judgement.ts";
import type { Margin } from "#core/experiments/plan/margin.ts";
import { neededUnits } from "./needed-units.ts";
import type { UnitCounts } from "./unit-counts.ts";

/** What a primary metric of one variant can tell by now, and what more units would tell. */
export interface Outlook {
  readonly metric: MetricPlan;
  readonly variant: string;
  /** Of the control and the variant. */
  readonly units: number;
  /** The smallest true change, either way, that so many units tell from none with the plan's power; in the metric's unit, above 0. */
  readonly detectable: number;
  /** For the smallest change that matters; absent where the plan has none, or it cannot be told. */
  readonly wanted?: WantedUnits;
  /** The same as a sentence. */
  readonly text: string;
}

/** What the smallest change that matters takes. */
export interface WantedUnits {
  readonly change: Margin;
  /** More units of the control and the variant; 0 where there are enough. */
  readonly moreUnits: number;
  /** How long they take at the pace so far; absent where the pace is not known, or no more come. */
  readonly moreDays?: number;
}

/** What is known of how units come. */
interface Pace {
  readonly counts: UnitCounts;
  /** Whether no more come. */
  readonly isOver: boolean;
}

/**
 * What each primary comparison can tell that has as many units as a verdict wants. Of an estimate with standard error s and an
 * interval of half width h, as the design has it at these units, the detectable change is h + z_power x s: the true change whose
 * interval leaves out none with the power asked for (the inverse of `neededUnits`).
 */
export function outlookOf(
  { control, power, minimum }: Pick<AnalysisPlan, "control" | "power" | "minimum">,
  metrics: readonly AnalysedMetric[],
  pace: Pace,
): readonly Outlook[] {
  const unitsOf = (variant: string): number => pace.counts.all.get(variant) ?? 0;
  return metrics
    .filter(({ plan }) => plan.role === "primary")
    .flatMap((metric) =>
      metric.comparisons.flatMap((comparison) => {
        const both = [unitsOf(control), unitsOf(comparison.variant)];
        if (Math.min(...both) < minimum.units) return [];
        const units = both.reduce((sum, count) => sum + count, 0);
        return outlook(metric, comparison, { ...pace, power, units }) ?? [];
      }),
    );
}

interface Known extends Pace {
  readonly power: number;
  readonly units: number;
}

function outlook(metric: AnalysedMetric, comparison: Comparison, known: Known): Outlook | undefined {
  const { absolute } = comparison.deciding;
  const detectable = absolute.ok ? detectableChange(absolute.value, known.power) : 0;
  if (!(detectable > 0) || !Number.isFinite(detectable)) return undefined;
  const wanted = wantedUnits(metric.plan, comparison, known);
  const { variant } = comparison;
  const unit = changeUnit(metric);
  const size = unit === "pp" ? `${numberText(detectable * 100)} pp` : numberText(detectable);
  const found = `${metric.plan.name}, ${variant}: ${countText(known.units)} units of both variants tell a change of ${size} from none with a chance of ${Math.round(known.power * 100)} %`;
  return {
    metric: metric.plan,
    variant,
    units: known.units,
    detectable,
    ...(wanted && { wanted }),
    text: wanted ? `${found}; ${wantedText(wanted, marginText(wanted.change, unit))}` : found,
  };
}

function detectableChange({ interval: [lower, upper], standardError }: Reading, power: number): number {
  return (upper - lower) / 2 + normalQuantile(power) * standardError;
}

function wantedUnits(
  { minimumEffect }: MetricPlan,
  { deciding }: Comparison,
  { power, units, counts, isOver }: Known,
): WantedUnits | undefined {
  const reading = minimumEffect && readingOn(minimumEffect, deciding);
  if (!minimumEffect || !reading?.ok) return undefined;
  const needed = neededUnits(reading.value, { units, change: minimumEffect.value, power });
  if (!Number.isFinite(needed)) return undefined;
  const moreUnits = Math.max(0, needed - units);
  const { days = 0 } = counts;
  const isPaced = !isOver && days > 0 && units > 0;
  return {
    change: minimumEffect,
    moreUnits,
    ...(isPaced && { moreDays: Math.ceil((moreUnits * days) / units) }),
  };
}

function wantedText({ moreUnits, moreDays }: WantedUnits, change: string): string {
  if (moreUnits === 0) return `they are enough for ${change}`;
  const days =
    moreDays === undefined
      ? ""
      : `, ${countText(moreDays)} ${moreDays === 1 ? "day" : "days"} at the pace so far`;
  return `${change} takes about ${countText(moreUnits)} more${days}`;
}

function countText(count: number): string {
  return count.toLocaleString("en-US");
}
