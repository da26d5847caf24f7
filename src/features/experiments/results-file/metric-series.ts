import type { MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { SeriesMoment } from "#core/experiments/comparisons/series.ts";
import {
  adjustment,
  armKind,
  armMomentsOf,
  armOf,
  mergedArmMoments,
  type ArmMoments,
} from "./arm-moments.ts";
import { clusterSums, rowValues } from "./cluster-sums.ts";
import type { Clustering } from "./clusters.ts";
import { entriesOf } from "./entries.ts";
import type { ResultRows } from "./result-rows.ts";
import { rowGroups } from "./row-groups.ts";

/** Moments of a series, at most. */
const momentsMax = 50;
/** Units from one moment to the next, at least: steps of fewer show chance alone. */
const unitsPerMomentMin = 20;

/**
 * What was known of each primary metric at up to 50 moments, with as many new units between any two; units come with their
 * first time, and bring all of their rows. There is none of quantiles, nor where variants share clusters.
 */
export function metricSeries(
  rows: ResultRows,
  clustering: Clustering,
  metrics: readonly MetricPlan[],
): ReadonlyMap<string, readonly SeriesMoment[]> {
  const entries = clustering.sharesClusters ? undefined : entriesOf(rows, clustering);
  if (!entries) return new Map();
  const times = momentTimes(entries);
  const parts = rowGroups(clustering, times.length + 1, (row) =>
    partOf(times, entries[clustering.counted[row] ?? 0] ?? Number.NaN),
  ).slice(0, times.length);
  const shown = metrics.filter(
    ({ role, aggregation }) => role === "primary" && aggregation.kind !== "quantile",
  );
  return new Map(shown.map((metric) => [metric.name, momentsOf(rows, clustering, { metric, times, parts })]));
}

/** The times at which so many units more have come, ascending and each once. */
function momentTimes(entries: Float64Array): readonly number[] {
  const sorted = entries.filter((at) => !Number.isNaN(at)).toSorted();
  const moments = Math.max(1, Math.min(momentsMax, Math.floor(sorted.length / unitsPerMomentMin)));
  const times = Array.from(
    { length: moments },
    (_, moment) => sorted[Math.ceil(((moment + 1) * sorted.length) / moments) - 1] ?? 0,
  );
  return [...new Set(times)];
}

/** The first moment that is not before a unit came; one beyond the last where nobody knows when. */
function partOf(times: readonly number[], entry: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Infinity) >= entry) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** What each part tells, merged with all parts before it. */
function momentsOf(
  rows: ResultRows,
  clustering: Clustering,
  {
    metric,
    times,
    parts,
  }: {
    readonly metric: MetricPlan;
    readonly times: readonly number[];
    readonly parts: readonly Uint32Array[];
  },
): readonly SeriesMoment[] {
  const values = rowValues(rows, clustering, metric);
  if (!values) return [];
  const sums = parts.map((used) => clusterSums(rows, { used, repeats: clustering.repeats }, values));
  const kind = armKind(
    sums.flatMap((byVariant) => [...byVariant.values()]),
    { isWeighted: clustering.isWeighted, hasBefore: values.hasBefore },
  );
  const known = new Map<string, ArmMoments>();
  return sums.map((byVariant, moment): SeriesMoment => {
    for (const [variant, part] of byVariant) {
      const before = known.get(variant);
      const more = armMomentsOf(part, kind);
      known.set(variant, before ? mergedArmMoments(before, more) : more);
    }
    const arms = [...known].map(([variant, moments]) => [variant, armOf(variant, moments, kind)] as const);
    return {
      timeMs: times[moment] ?? 0,
      arms: { arms: new Map(arms), ...(kind.known && { before: adjustment }) },
    };
  });
}
