import type { Finding } from "#core/experiments/finding.ts";
import { dominantUnitFindings, keptAnswerFindings } from "#core/experiments/traffic-findings.ts";
import { versionFindings } from "#core/experiments/version-findings.ts";
import type { ExperimentPeriod, RequestLogStore } from "#features/traffic/index.ts";

/** What is asked of the log about the traffic of an experiment. */
export type TrafficLog = Pick<
  RequestLogStore,
  "experimentPeriods" | "experimentVersions" | "experimentLargest"
>;

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Periods that are read of a variant at most: of longer phases they are longer, two weeks in steps of five minutes. */
const periodsMax = 5_000;

/** What there is to say of a phase's traffic: of who answered, and of what came when. */
export async function liveFindings(
  log: TrafficLog,
  { days, ...phase }: { readonly experiment: string; readonly phase: number; readonly days: number },
): Promise<readonly Finding[]> {
  const widthMs = Math.max(1, Math.ceil((days * dayMs) / minuteMs / periodsMax)) * minuteMs;
  const periods = await log.experimentPeriods({ ...phase, widthMs });
  const versions = await log.experimentVersions(phase);
  const largest = await log.experimentLargest(phase);
  return [
    ...versionFindings(versions),
    ...dominantUnitFindings(largest),
    ...keptAnswerFindings(totals(periods)),
  ];
}

/** All periods of each variant together, in the order of the variants' names. */
function totals(periods: readonly ExperimentPeriod[]) {
  return [...Map.groupBy(periods, ({ variant }) => variant)]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([variant, of]) => ({
      variant,
      requests: of.reduce((sum, { requests }) => sum + requests, 0),
      keptAnswers: of.reduce((sum, { keptAnswers }) => sum + keptAnswers, 0),
    }));
}
