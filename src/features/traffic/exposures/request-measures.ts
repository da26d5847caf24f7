import type { RequestMeasure } from "#core/experiments/plan/unit-measures.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";

/** What one request adds to each measure of its unit: the same as the database sums up (migrations 0013, 0022). */
export const requestMeasures: Readonly<Record<RequestMeasure, (record: RequestRecord) => number>> = {
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
  formatChecked: ({ decision }) => Number(decision?.format === "met" || decision?.format === "missed"),
  formatMissed: ({ decision }) => Number(decision?.format === "missed"),
  formatUnchecked: ({ decision }) => Number(decision?.format === "unchecked"),
  questions: (record) => Number(record.outcome === "completed" && questionOf(record) !== undefined),
};

/** The pseudonym of what an assigned request asks; undefined where it asks nothing that can be asked once more. */
export function questionOf({ decision }: Pick<RequestRecord, "decision">): string | undefined {
  const { experiment } = decision ?? {};
  return experiment && "unit" in experiment ? experiment.question : undefined;
}

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
