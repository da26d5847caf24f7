import type { Finding } from "#core/experiments/findings/finding.ts";
import { stormFindings, windowFindings, type LeftOut } from "#core/experiments/findings/incident-findings.ts";
import {
  commonIncidents,
  fallbackStorms,
  isWithin,
  type Incident,
  type Traffic,
} from "#core/experiments/findings/incidents.ts";
import { dominantUnitFindings, keptAnswerFindings } from "#core/experiments/findings/traffic-findings.ts";
import { versionFindings } from "#core/experiments/findings/version-findings.ts";
import type { ExperimentPeriod, RequestLogStore } from "#features/traffic/index.ts";

/** What is asked of the log about the traffic of an experiment. */
export type TrafficLog = Pick<
  RequestLogStore,
  "experimentPeriods" | "experimentVersions" | "experimentLargest" | "experimentLogged"
>;

/** The phase whose traffic is looked at. */
export interface TrafficQuestion {
  readonly experiment: string;
  readonly phase: number;
  /** Since it began, until now or its end. */
  readonly days: number;
  /** Of each variant the size of the unit of a request taken by chance. */
  readonly clusterSizes: ReadonlyMap<string, number>;
  readonly variants: readonly string[];
}

/** What a phase's traffic shows. */
export interface PhaseTraffic {
  readonly findings: readonly Finding[];
  /** Incidents that hit all variants: their requests are to be left out of all of them. */
  readonly without: readonly Incident[];
  /** Whether a fallback answered any request. */
  readonly hasFallbacks: boolean;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Periods that are read of a variant at most: of longer phases they are longer, two weeks in steps of five minutes. */
const periodsMax = 5_000;
/** The share of all requests that incidents may leave out at most: beyond, what remains is no fair part. */
const leftOutShareMax = 0.2;

/** What there is to say of a phase's traffic: of who answered, and of what came when. */
export async function phaseTraffic(log: TrafficLog, question: TrafficQuestion): Promise<PhaseTraffic> {
  const { experiment, phase, days, clusterSizes, variants } = question;
  const widthMs = Math.max(1, Math.ceil((days * dayMs) / minuteMs / periodsMax)) * minuteMs;
  const periods = await log.experimentPeriods({ experiment, phase, widthMs });
  const versions = await log.experimentVersions({ experiment, phase });
  const largest = await log.experimentLargest({ experiment, phase });
  const traffic: Traffic = { periods, widthMs, variants, clusterSizes };
  const incidents = commonIncidents(traffic);
  const leftOut = await leftOutOf(log, { experiment, phase, periods, incidents });
  const without = leftOut.kind === "left-out" ? incidents : [];
  const rest = { ...traffic, periods: periods.filter(({ startMs }) => !isWithin(startMs, without)) };
  const totals = totalsOf(periods);
  const findings = [
    ...versionFindings(versions),
    ...windowFindings(incidents, leftOut),
    ...totals.flatMap((total) => stormFindings(total, fallbackStorms(rest, total.variant))),
    ...dominantUnitFindings(largest),
    ...keptAnswerFindings(totals),
  ];
  return { findings, without, hasFallbacks: periods.some(({ fallbacks }) => fallbacks > 0) };
}

/** Whether the requests of incidents can be left out. */
async function leftOutOf(
  log: Pick<TrafficLog, "experimentLogged">,
  {
    periods,
    incidents,
    ...phase
  }: {
    readonly experiment: string;
    readonly phase: number;
    readonly periods: readonly ExperimentPeriod[];
    readonly incidents: readonly Incident[];
  },
): Promise<LeftOut> {
  if (incidents.length === 0) return { kind: "left-out" };
  const came = incidents.reduce((sum, { requests }) => sum + requests, 0);
  const all = periods.reduce((sum, { requests }) => sum + requests, 0);
  if (came > leftOutShareMax * all) return { kind: "kept", why: "too-many" };
  const logged = await log.experimentLogged({ ...phase, within: incidents });
  return logged < came ? { kind: "kept", why: "rows-gone" } : { kind: "left-out" };
}

/** All periods of each variant together, in the order of the variants' names. */
function totalsOf(periods: readonly ExperimentPeriod[]) {
  return [...Map.groupBy(periods, ({ variant }) => variant)]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([variant, of]) => ({
      variant,
      requests: of.reduce((sum, { requests }) => sum + requests, 0),
      keptAnswers: of.reduce((sum, { keptAnswers }) => sum + keptAnswers, 0),
    }));
}
