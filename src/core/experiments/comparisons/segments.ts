import type { Result } from "#core/kernel/result.ts";
import { effectHeterogeneity, type Heterogeneity } from "#core/statistics/heterogeneity.ts";
import { adjustedPValues } from "#core/statistics/multiplicity.ts";
import { refused, type Refusal } from "#core/statistics/refusal.ts";
import type { AnalysisPlan, MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import { decidingReading, fixedReading, type DesignState, type Reading } from "./comparison.ts";
import { bothScales, judgedGoal, type JudgedReadings, type Judgement } from "./judgement.ts";
import type { MetricArms } from "./metric-arm.ts";
import { pairOf, type Pair } from "./pair.ts";

/** The units of one group: of a region, a plan, a time. */
export interface UnitGroup {
  readonly name: string;
  /** What it is a group of, where units are grouped in several ways; absent where in one. */
  readonly by?: string;
  /** Units of each variant. */
  readonly counts: ReadonlyMap<string, number>;
  /** Of the primary metrics. */
  readonly metrics: ReadonlyMap<string, MetricArms>;
}

/** How one variant's primary metric differs from the control's in one segment. */
export interface SegmentComparison {
  readonly segment: string;
  readonly variant: string;
  readonly metric: MetricPlan;
  readonly arms: MetricArms;
  /** As the design allows it to be judged now; too few units are refused. */
  readonly readings: JudgedReadings;
  /** Corrected for all comparisons of all segments (Benjamini-Hochberg); absent where there is no reading. */
  readonly adjustedPValue?: number;
  readonly judgement: Judgement;
}

/** Whether the effect on a primary metric is one and the same in all groups. */
export interface GroupDifference {
  /** What the groups are of, where units are grouped in several ways. */
  readonly by?: string;
  readonly variant: string;
  readonly metric: MetricPlan;
  /** Of the groups with enough units, as one look at the end would tell it. */
  readonly found: Result<Heterogeneity, Refusal>;
  /** Corrected for all primary comparisons (Holm); absent where there is none. */
  readonly adjustedPValue?: number;
}

/** Primary metrics by segment. They are shown, and never decide. */
export interface SegmentAnalysis {
  readonly comparisons: readonly SegmentComparison[];
  readonly differences: readonly GroupDifference[];
}

/** Reads primary metrics by segment. Of the segments called better or worse, a share of alpha at most is so by chance. */
export function segmentAnalysis(
  plan: AnalysisPlan,
  state: DesignState,
  segments: readonly UnitGroup[],
): SegmentAnalysis {
  const drafts = segments.flatMap((segment) =>
    comparedIn(plan, segment).map(({ pair, ...about }) => ({
      ...about,
      segment: segment.name,
      readings: bothScales(pair, (given, scale) =>
        given.ok ? decidingReading(state, given.value, { scale, alpha: plan.alpha }) : given,
      ),
    })),
  );
  const adjusted = correctedBy("benjamini-hochberg", drafts, ({ readings }) => readings.absolute);
  const comparisons = drafts.map((draft): SegmentComparison => {
    const adjustedPValue = adjusted.get(draft);
    return {
      ...draft,
      ...(adjustedPValue !== undefined && { adjustedPValue }),
      judgement: judged(draft, { adjustedPValue, alpha: plan.alpha }),
    };
  });
  const differences = [...Map.groupBy(segments, ({ by }) => by)].flatMap(([by, of]) =>
    groupDifferences(plan, of).map((one) => (by === undefined ? one : { ...one, by })),
  );
  return { comparisons, differences };
}

function judged(
  { metric, readings }: Pick<SegmentComparison, "metric" | "readings">,
  { adjustedPValue = 1, alpha }: { readonly adjustedPValue: number | undefined; readonly alpha: number },
): Judgement {
  if (!readings.absolute.ok) return "unknown";
  const isSignificant = adjustedPValue <= alpha;
  return judgedGoal(metric, { reading: readings.absolute.value, isSignificant, readings });
}

/** Whether groups of units have one effect, for each primary metric and variant. */
export function groupDifferences(
  plan: AnalysisPlan,
  groups: readonly UnitGroup[],
): readonly GroupDifference[] {
  const effects = new Map<string, { variant: string; metric: MetricPlan; estimates: Reading[] }>();
  for (const { variant, metric, pair } of groups.flatMap((group) => comparedIn(plan, group))) {
    const key = JSON.stringify([metric.name, variant]);
    const known = effects.get(key) ?? { variant, metric, estimates: [] };
    effects.set(key, known);
    const reading = pair.ok ? fixedReading(pair.value, { scale: "absolute", alpha: plan.alpha }) : pair;
    if (reading.ok) known.estimates.push(reading.value);
  }
  const drafts = [...effects.values()].map(({ variant, metric, estimates }) => ({
    variant,
    metric,
    found: effectHeterogeneity(estimates, plan.alpha),
  }));
  const adjusted = correctedBy("holm", drafts, ({ found }) => found);
  return drafts.map((draft) => {
    const adjustedPValue = adjusted.get(draft);
    return adjustedPValue === undefined ? draft : { ...draft, adjustedPValue };
  });
}

/** The pairs of primary metrics that a group has; refused where it has too few units of one of the two. */
function comparedIn(plan: AnalysisPlan, { counts, metrics }: UnitGroup) {
  const least = plan.minimum.units;
  return plan.metrics.flatMap((metric) => {
    const arms = metrics.get(metric.name);
    if (metric.role !== "primary" || !arms) return [];
    return [...plan.shares.keys()].flatMap((variant) => {
      if (variant === plan.control) return [];
      const units = Math.min(counts.get(variant) ?? 0, counts.get(plan.control) ?? 0);
      const pair: Result<Pair, Refusal> =
        units < least
          ? refused("too-few", `Too few units: ${units}, wanted ${least} of each variant`)
          : { ok: true, value: pairOf(arms, plan.control, variant) };
      return [{ metric, arms, variant, pair }];
    });
  });
}

/** The p-values of those that have one, corrected for being many. */
function correctedBy<T>(
  correction: "benjamini-hochberg" | "holm",
  items: readonly T[],
  read: (item: T) => Result<{ readonly pValue: number }, Refusal>,
): ReadonlyMap<T, number> {
  const known = items.flatMap((item) => {
    const found = read(item);
    return found.ok ? [{ item, pValue: found.value.pValue }] : [];
  });
  const adjusted = adjustedPValues(
    known.map(({ pValue }) => pValue),
    correction,
  );
  return new Map(known.map(({ item }, place) => [item, adjusted.ok ? (adjusted.value[place] ?? 1) : 1]));
}
