import { runsAbove, together, type PeriodCount } from "./runs-above.ts";

/** What happened in one period to the requests of one variant, as assigned. */
export interface VariantPeriod {
  readonly variant: string;
  /** Ms since 1970. */
  readonly startMs: number;
  readonly requests: number;
  readonly failed: number;
  /** Answered by another variant. */
  readonly fallbacks: number;
}

/** A time in which something happened far more often than otherwise. */
export interface Incident {
  /** Ms since 1970, from (inclusive) to (exclusive). */
  readonly fromMs: number;
  readonly toMs: number;
  readonly requests: number;
  /** The share of them that it happened to, and of all other requests. */
  readonly share: number;
  readonly shareOtherwise: number;
}

/** What incidents are looked for in. */
export interface Traffic {
  /** In the order of time; those of one time start at once. */
  readonly periods: readonly VariantPeriod[];
  /** How long a period is, ms. */
  readonly widthMs: number;
  readonly variants: readonly string[];
  /** Of each variant the size of the unit of a request taken by chance (`RunRule`). */
  readonly clusterSizes: ReadonlyMap<string, number>;
}

/** Chance of any false incident or storm in an experiment in which nothing changes: shared by all series that are looked at. */
export const incidentAlpha = 0.01;

/** Requests that something must have happened to in a time that is told: what a few say is no news, chance or not. */
const hitsMin = 10;

/**
 * Times in which requests of all variants failed or fell back far more often than otherwise. When it was is decided on all
 * variants together; that it is common by the least that any of them was hit: half of what all were, whichever it is. What hit
 * one variant alone is its own doing: to leave it out would forgive it.
 */
export function commonIncidents(traffic: Traffic): readonly Incident[] {
  const { periods, variants } = traffic;
  const times = seriesOf(periods, troubled);
  const rule = ruleOf(traffic, Math.max(1, ...traffic.clusterSizes.values()));
  return incidentsOf(times, rule, traffic).filter((incident) =>
    variants.every((variant) => {
      const { requests, hits } = sumWithin(periods, { variant, ...incident });
      return requests > 0 && hits / requests >= incident.share / 2;
    }),
  );
}

/** Times in which a variant's requests were answered by its fallbacks far more often than otherwise. */
export function fallbackStorms(traffic: Traffic, variant: string): readonly Incident[] {
  const own = traffic.periods.filter((period) => period.variant === variant);
  const times = seriesOf(own, ({ fallbacks }) => fallbacks);
  return incidentsOf(times, ruleOf(traffic, traffic.clusterSizes.get(variant) ?? 1), traffic);
}

/** Whether a time is in one of these. */
export function isWithin(timeMs: number, spans: readonly Pick<Incident, "fromMs" | "toMs">[]): boolean {
  return spans.some(({ fromMs, toMs }) => timeMs >= fromMs && timeMs < toMs);
}

/** Requests that ended otherwise than meant; one that fell back and failed all the same is one. */
function troubled({ requests, failed, fallbacks }: VariantPeriod): number {
  return Math.min(requests, failed + fallbacks);
}

function ruleOf({ variants }: Traffic, clusterSize: number) {
  return { alpha: incidentAlpha / (variants.length + 1), clusterSize: Math.max(1, clusterSize) };
}

/** What happened at a time, in however many variants. */
interface Moment extends PeriodCount {
  readonly startMs: number;
}

function seriesOf(
  periods: readonly VariantPeriod[],
  hitsOf: (period: VariantPeriod) => number,
): readonly Moment[] {
  return [...Map.groupBy(periods, ({ startMs }) => startMs)].map(([startMs, of]) => ({
    startMs,
    requests: of.reduce((sum, { requests }) => sum + requests, 0),
    hits: of.reduce((sum, period) => sum + hitsOf(period), 0),
  }));
}

function incidentsOf(
  times: readonly Moment[],
  rule: ReturnType<typeof ruleOf>,
  { widthMs }: Pick<Traffic, "widthMs">,
): readonly Incident[] {
  const runs = runsAbove(times, rule).filter(({ hits }) => hits >= hitsMin);
  const all = together(times);
  const within = together(runs);
  const otherwise = all.requests - within.requests;
  const shareOtherwise = otherwise === 0 ? 0 : (all.hits - within.hits) / otherwise;
  return runs.map(({ first, last, requests, hits }) => ({
    fromMs: times[first]?.startMs ?? 0,
    toMs: (times[last]?.startMs ?? 0) + widthMs,
    requests,
    share: hits / requests,
    shareOtherwise,
  }));
}

function sumWithin(
  periods: readonly VariantPeriod[],
  { variant, fromMs, toMs }: { readonly variant: string; readonly fromMs: number; readonly toMs: number },
): PeriodCount {
  const those = periods.filter((one) => one.variant === variant && isWithin(one.startMs, [{ fromMs, toMs }]));
  return together(those.map((one) => ({ requests: one.requests, hits: troubled(one) })));
}
