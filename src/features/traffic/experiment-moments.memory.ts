import type { UnitMeasure } from "#core/experiments/unit-measures.ts";
import type { MomentsQuery, VariantMoments } from "./experiment-moments.ts";
import type { AssignedRecord, RequestRecord } from "./request-record.ts";

/** What one request adds to each measure of its unit. */
const measured: Readonly<Record<UnitMeasure, (record: RequestRecord) => number>> = {
  requests: () => 1,
  completed: ({ outcome }) => Number(outcome === "completed"),
  failed: ({ outcome }) => Number(outcome === "failed"),
  aborted: ({ outcome }) => Number(outcome === "aborted"),
  fallbacks: ({ decision }) => Number(decision?.degraded === "fallback" || decision?.degraded === "shorter"),
  keptAnswers: (record) => Number(!isAnswered(record)),
  blocked: ({ finishReason }) => Number(finishReason === "content-filter"),
  unpriced: ({ cost }) => Number((cost?.unpricedAttempts ?? 0) > 0),
  inputTokens: ({ usage }) => (usage ? usage.inputTokens + usage.toolInputTokens : 0),
  outputTokens: ({ usage }) => usage?.outputTokens ?? 0,
  thinkingTokens: ({ usage }) => usage?.thinkingTokens ?? 0,
  picoDollars: ({ cost }) => cost?.picoDollars ?? 0,
  timed: (record) => Number(isTimed(record)),
  totalMs: (record) => (isTimed(record) ? record.timings.totalMs : 0),
  firstContents: (record) => Number(isAnswered(record) && record.timings.firstContentMs !== undefined),
  firstContentMs: (record) => (isAnswered(record) ? (record.timings.firstContentMs ?? 0) : 0),
  streamedTokens: ({ usage, ...record }) =>
    usage && streamedMs(record) > 0 ? usage.outputTokens + usage.thinkingTokens : 0,
  streamedMs: ({ usage, ...record }) => (usage ? streamedMs(record) : 0),
};

function isAnswered({ decision }: Pick<RequestRecord, "decision">): boolean {
  return decision?.degraded !== "cached";
}

function isTimed(record: RequestRecord): boolean {
  return record.outcome === "completed" && isAnswered(record);
}

function streamedMs(record: Pick<RequestRecord, "decision" | "timings">): number {
  const { firstContentMs, lastContentMs } = record.timings;
  if (!isAnswered(record) || firstContentMs === undefined || lastContentMs === undefined) return 0;
  return Math.max(0, lastContentMs - firstContentMs);
}

interface Exposure {
  readonly record: RequestRecord;
  readonly assigned: AssignedRecord;
}

/** What the units of each variant tell, as Postgres gives it. */
export function memoryMoments(
  records: readonly RequestRecord[],
  query: MomentsQuery,
): readonly VariantMoments[] {
  const exposures = records.flatMap((record): readonly Exposure[] => {
    const experiment = record.decision?.experiment;
    if (!experiment || !("unit" in experiment)) return [];
    const { name, phase } = experiment;
    return name === query.experiment && phase === query.phase ? [{ record, assigned: experiment }] : [];
  });
  const byVariant = Map.groupBy(exposures, ({ assigned }) => assigned.variant);
  return [...byVariant]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([variant, of]) => momentsOf(variant, of, query) ?? []);
}

function momentsOf(
  variant: string,
  exposures: readonly Exposure[],
  { stable, measures }: MomentsQuery,
): VariantMoments | undefined {
  const units = [...Map.groupBy(exposures, ({ assigned }) => assigned.unit).values()].filter(
    (of) => stable === undefined || of.every(({ assigned }) => assigned.stable) === stable,
  );
  if (units.length === 0) return undefined;
  const values = units.map((of) =>
    measures.map((measure) => of.reduce((sum, { record }) => sum + measured[measure](record), 0)),
  );
  const means = measures.map(
    (_, place) => values.reduce((sum, row) => sum + at(row, place), 0) / units.length,
  );
  const deviations = measures.map((_, one) =>
    measures.map((_, other) =>
      values.reduce(
        (sum, row) => sum + (at(row, one) - at(means, one)) * (at(row, other) - at(means, other)),
        0,
      ),
    ),
  );
  return { variant, units: units.length, means, deviations };
}

function at(row: readonly number[], place: number): number {
  return row[place] ?? 0;
}
