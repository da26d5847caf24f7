import type { Result } from "#core/kernel/result.ts";
import type { Refusal } from "#core/statistics/refusal.ts";
import type { AnalysisPlan, MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import { changeUnit } from "./change-text.ts";
import { anytimeReading, type Reading } from "./comparison.ts";
import type { MetricArms } from "./metric-arm.ts";
import { pairOf, type Pair } from "./pair.ts";

/** What was known of a metric when so many units had come. */
export interface SeriesMoment {
  /** When the last of these units came, ms since 1970. */
  readonly timeMs: number;
  /** Of all units that had come. */
  readonly arms: MetricArms;
}

/** How the difference of one variant in a primary metric came to be what it is. */
export interface MetricSeries {
  readonly metric: MetricPlan;
  readonly variant: string;
  /** How changes are written. */
  readonly unit: "" | "pp";
  readonly points: readonly SeriesPoint[];
}

/** The difference at one moment, with its confidence sequence: who had looked at each would still be right. */
export interface SeriesPoint {
  readonly timeMs: number;
  /** Independent units of both variants. */
  readonly units: number;
  readonly reading: Result<Reading, Refusal>;
}

/**
 * The running differences of primary metrics with their confidence sequences. All looks of one sequence are tuned for the same
 * number of units, that of the design or as many as there are: the last point is what an always-valid design decides by.
 */
export function seriesOf(
  { control, shares, metrics, alpha, design }: AnalysisPlan,
  moments: ReadonlyMap<string, readonly SeriesMoment[]>,
): readonly MetricSeries[] {
  const planned = design.kind === "always-valid" ? design.units : undefined;
  return metrics.flatMap((metric) => {
    const known = moments.get(metric.name) ?? [];
    const last = known.at(-1);
    if (metric.role !== "primary" || !last) return [];
    return [...shares.keys()].flatMap((variant): readonly MetricSeries[] => {
      if (variant === control) return [];
      const unitsExpected = planned ?? unitsOf(pairOf(last.arms, control, variant));
      const points = known.map(({ timeMs, arms }): SeriesPoint => {
        const pair = pairOf(arms, control, variant);
        const reading = anytimeReading(pair, { scale: "absolute", alpha, unitsExpected });
        return { timeMs, units: unitsOf(pair), reading };
      });
      return [{ metric, variant, unit: changeUnit(last), points }];
    });
  });
}

function unitsOf({ control, treatment }: Pair): number {
  return control.sample.count + treatment.sample.count;
}
