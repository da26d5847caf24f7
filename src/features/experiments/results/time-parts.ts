import type { AnalysisData } from "#core/experiments/analyse.ts";
import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { UnitGroup } from "#core/experiments/comparisons/segments.ts";
import type { SeriesMoment } from "#core/experiments/comparisons/series.ts";
import type { Read } from "./mean-arms.ts";
import type { ResultStores } from "./result-stores.ts";
import { armsOf, groupOf, mergedParts, partedMetrics, readParts, type KnownParts } from "./unit-part-arms.ts";

/** Moments of a series, at most. */
const momentsMax = 50;
/** Units from one moment to the next, at least: steps of fewer show chance alone. */
const unitsPerMomentMin = 20;
/** Between the first unit and the last, below which halves of the time are not compared, ms: newness does not wear off in hours. */
const halvesMsMin = 2 * 86_400_000;

/** What is asked of the times at which units came. */
interface TimeQuestion {
  readonly plan: AnalysisPlan;
  readonly units: Read["units"];
  readonly nowMs: number;
  /** How many there are, of all variants. */
  readonly count: number;
}

/**
 * Primary metrics as units came, and of the first and the second half of the time: each is read once, part by part, and the parts are
 * merged. Units come with their first request, and bring all of theirs. There is none of quantiles.
 */
export async function timeParts(
  stores: ResultStores,
  { plan, units, nowMs, count }: TimeQuestion,
): Promise<Pick<AnalysisData, "series" | "halves">> {
  const metrics = partedMetrics(plan);
  const moments = Math.min(momentsMax, Math.floor(count / unitsPerMomentMin));
  if (metrics.length === 0 || moments === 0) return {};
  const entries = await stores.log.experimentEntries({ ...units, moments });
  if (!entries) return {};
  const { firstMs, lastMs } = entries;
  const middleMs = Math.ceil(firstMs + (lastMs - firstMs) / 2) - 1;
  const momentsMs = [...new Set(entries.timesMs)];
  const timesMs = [...new Set([...momentsMs, middleMs])].toSorted((one, other) => one - other);
  const read = await readParts(stores, { metrics, units, parts: { timesMs }, nowMs });
  const known: TimedParts = { metrics, read, timesMs, unitsMin: plan.minimum.units };
  return {
    series: seriesAt(momentsMs, known),
    ...(lastMs - firstMs >= halvesMsMin && { halves: halvesAt(middleMs, known) }),
  };
}

/** The same with where parts end, the last one aside. */
interface TimedParts extends KnownParts {
  readonly timesMs: readonly number[];
}

/** What was known of each metric when the units of some times had come. */
function seriesAt(
  momentsMs: readonly number[],
  { metrics, read, timesMs, unitsMin }: TimedParts,
): ReadonlyMap<string, readonly SeriesMoment[]> {
  const moments = momentsMs.map((timeMs) => {
    const last = timesMs.indexOf(timeMs);
    return { timeMs, read: mergedParts(read, (part) => part <= last) };
  });
  return new Map(
    metrics.map((metric) => [
      metric.name,
      moments.map((moment) => ({
        timeMs: moment.timeMs,
        arms: armsOf(metric, moment.read, unitsMin),
      })),
    ]),
  );
}

function halvesAt(middleMs: number, known: TimedParts): readonly UnitGroup[] {
  const middle = known.timesMs.indexOf(middleMs);
  return [
    { name: "first half", ...groupOf(known, (part) => part <= middle) },
    { name: "second half", ...groupOf(known, (part) => part > middle) },
  ];
}
