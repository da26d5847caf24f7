import type { AnalysisData } from "#core/experiments/analyse.ts";
import type { AnalysisPlan, MetricPlan } from "#core/experiments/analysis-plan.ts";
import type { MetricArms } from "#core/experiments/metric-arm.ts";
import type { UnitGroup } from "#core/experiments/segments.ts";
import type { SeriesMoment } from "#core/experiments/series.ts";
import { mergedJointMoments, noJointMoments } from "#core/statistics/joint-moments.ts";
import type { UnitParts, VariantMoments } from "#features/traffic/index.ts";
import { eventMoments, eventOf } from "./event-moments.ts";
import { meanArms, type Read } from "./mean-arms.ts";
import { measuresOf } from "./metric-moments.ts";
import type { ResultStores } from "./result-stores.ts";

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
  const metrics = plan.metrics.filter(
    ({ role, aggregation }) => role === "primary" && aggregation.kind !== "quantile",
  );
  const moments = Math.min(momentsMax, Math.floor(count / unitsPerMomentMin));
  if (metrics.length === 0 || moments === 0) return {};
  const entries = await stores.log.experimentEntries({ ...units, moments });
  if (!entries) return {};
  const { firstMs, lastMs } = entries;
  const middleMs = Math.ceil(firstMs + (lastMs - firstMs) / 2) - 1;
  const momentsMs = [...new Set(entries.timesMs)];
  const timesMs = [...new Set([...momentsMs, middleMs])].toSorted((one, other) => one - other);
  const read = await readParts(stores, { metrics, units, parts: { timesMs }, nowMs });
  const known: KnownParts = { metrics, read, timesMs, unitsMin: plan.minimum.units };
  return {
    series: seriesAt(momentsMs, known),
    ...(lastMs - firstMs >= halvesMsMin && { halves: halvesAt(middleMs, known) }),
  };
}

/** What was read of metrics, part by part. */
interface KnownParts {
  readonly metrics: readonly MetricPlan[];
  readonly read: Read;
  /** Where parts end, the last one aside. */
  readonly timesMs: readonly number[];
  /** Units that a metric needs. */
  readonly unitsMin: number;
}

/** What was known of each metric when the units of some times had come. */
function seriesAt(
  momentsMs: readonly number[],
  { metrics, read, timesMs, unitsMin }: KnownParts,
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

function halvesAt(middleMs: number, { metrics, read, timesMs, unitsMin }: KnownParts): readonly UnitGroup[] {
  const middle = timesMs.indexOf(middleMs);
  const half = (name: string, isIn: (part: number) => boolean): UnitGroup => {
    const of = mergedParts(read, isIn);
    return {
      name,
      counts: new Map(of.moments.map(({ variant, units }) => [variant, units])),
      metrics: new Map(metrics.map((metric) => [metric.name, armsOf(metric, of, unitsMin)])),
    };
  };
  return [half("first half", (part) => part <= middle), half("second half", (part) => part > middle)];
}

/** One after the other: the embedded database has one connection. */
async function readParts(
  { log, feedback }: ResultStores,
  {
    metrics,
    units,
    parts,
    nowMs,
  }: Pick<TimeQuestion, "units" | "nowMs"> & {
    readonly metrics: readonly MetricPlan[];
    readonly parts: UnitParts;
  },
): Promise<Read> {
  const measures = measuresOf(metrics.flatMap((metric) => (eventOf(metric) ? [] : [metric.column])));
  const moments = await log.experimentMoments({ ...units, parts, measures });
  const events = await eventMoments(feedback, { ...units, parts }, { metrics, measures: [], nowMs });
  return { units, measures, moments, events };
}

/** The same of some of the parts together. */
function mergedParts(read: Read, isIn: (part: number) => boolean): Read {
  const merged = (moments: readonly VariantMoments[]): readonly VariantMoments[] =>
    [...Map.groupBy(moments, ({ variant }) => variant)].flatMap(([variant, parts]) => {
      const of = parts.filter(({ part = 0 }) => isIn(part));
      return of.length === 0 ? [] : [mergedMoments(variant, of)];
    });
  return {
    ...read,
    moments: merged(read.moments),
    events: read.events.map((one) => ({ ...one, moments: merged(one.moments) })),
  };
}

function mergedMoments(variant: string, parts: readonly VariantMoments[]): VariantMoments {
  const { count, means, products } = parts
    .map((part) => ({ count: part.units, means: part.means, products: part.deviations }))
    .reduce(mergedJointMoments, noJointMoments);
  return { variant, units: count, means, deviations: products };
}

function armsOf(metric: MetricPlan, read: Read, unitsMin: number): MetricArms {
  return { arms: new Map(meanArms(metric, read, unitsMin).map((arm) => [arm.variant, arm])) };
}
