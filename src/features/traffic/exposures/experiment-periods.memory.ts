import { exposedUnits } from "./experiment-moments.memory.ts";
import {
  versionsMax,
  type AnsweredVersion,
  type ExperimentPeriod,
  type PeriodsQuery,
  type PhaseQuery,
  type VersionsQuery,
} from "./experiment-periods.ts";
import { requestMeasures } from "./request-measures.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";

const minuteMs = 60_000;

/** What happened in each period, as Postgres gives it. */
export function memoryPeriods(
  records: readonly RequestRecord[],
  { widthMs, ...phase }: PeriodsQuery,
): readonly ExperimentPeriod[] {
  const startOf = ({ record }: Exposure): number => floorTo(record.startedAtMs, widthMs);
  const periods = Map.groupBy(exposures(records, phase), (one) =>
    JSON.stringify([one.variant, startOf(one)]),
  );
  return [...periods.values()]
    .flatMap((of) => {
      const [first] = of;
      if (!first) return [];
      const sum = (measure: keyof typeof requestMeasures): number =>
        of.reduce((total, { record }) => total + requestMeasures[measure](record), 0);
      return {
        variant: first.variant,
        startMs: startOf(first),
        requests: sum("requests"),
        failed: sum("failed"),
        aborted: sum("aborted"),
        fallbacks: sum("fallbacks"),
        keptAnswers: sum("keptAnswers"),
      };
    })
    .toSorted((one, other) => one.startMs - other.startMs || compared(one.variant, other.variant));
}

/** What providers said answered, as Postgres gives it. */
export function memoryVersions(
  records: readonly RequestRecord[],
  { sinceMs = 0, ...phase }: VersionsQuery,
): readonly AnsweredVersion[] {
  const answers = exposures(records, phase).flatMap((exposure) => {
    if (floorTo(exposure.record.startedAtMs, minuteMs) < sinceMs) return [];
    const { experiment } = exposure.record.decision ?? {};
    const answered = experiment && "answered" in experiment ? experiment.answered : undefined;
    return answered ? [{ ...exposure, ...answered }] : [];
  });
  const versions = Map.groupBy(answers, ({ variant, model, version }) =>
    JSON.stringify([variant, model, version]),
  );
  return [...versions.values()]
    .flatMap((of) => {
      const [first] = of;
      if (!first) return [];
      const { variant, model, version } = first;
      const minutes = of.map(({ record }) => floorTo(record.startedAtMs, minuteMs));
      const times = { firstMs: Math.min(...minutes), lastMs: Math.max(...minutes) };
      return { variant, model, version, requests: of.length, ...times };
    })
    .toSorted((one, other) => other.requests - one.requests || compared(one.version, other.version))
    .slice(0, versionsMax)
    .toSorted(
      (one, other) =>
        compared(one.variant, other.variant) ||
        compared(one.model, other.model) ||
        one.firstMs - other.firstMs ||
        compared(one.version, other.version),
    );
}

/** A request of a unit that lasts, with the variant that it was assigned. */
interface Exposure {
  readonly variant: string;
  readonly record: RequestRecord;
}

function exposures(
  records: readonly RequestRecord[],
  { experiment, phase }: PhaseQuery,
): readonly Exposure[] {
  return exposedUnits(records, experiment)
    .filter((unit) => unit.phase === phase && unit.stable)
    .flatMap(({ variant, records: of }) => of.map((record) => ({ variant, record })));
}

function floorTo(timeMs: number, widthMs: number): number {
  return Math.floor(timeMs / widthMs) * widthMs;
}

function compared(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
