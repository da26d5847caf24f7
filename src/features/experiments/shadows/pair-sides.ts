import { requestMeasureNames, type RequestMeasure } from "#core/experiments/plan/unit-measures.ts";
import { requestMeasures, type RequestRecord } from "#features/traffic/index.ts";
import type { SideMeasures } from "./shadow-pair.ts";

/**
 * What one side of a pair adds up. Where another variant or a kept answer stood in for the control, the control has failed: the
 * treatment has nobody who stands in for it, off-line, so that both are held to their own answers. What a request waited for
 * before it was admitted is no variant's time.
 */
export function sideOf(record: RequestRecord): SideMeasures {
  const { degraded } = record.decision ?? {};
  if (degraded !== undefined && degraded !== "elsewhere")
    return { requests: 1, failed: 1, picoDollars: requestMeasures.picoDollars(record) };
  const served = withoutQueue(record);
  const measured = requestMeasureNames.map((name): [RequestMeasure, number] => [
    name,
    requestMeasures[name](served),
  ]);
  return Object.fromEntries(measured.filter(([, value]) => value !== 0));
}

function withoutQueue(record: RequestRecord): RequestRecord {
  const { queueMs, totalMs, firstContentMs, lastContentMs, ...timings } = record.timings;
  const less = (ms: number) => Math.max(0, ms - queueMs);
  return {
    ...record,
    timings: {
      ...timings,
      queueMs: 0,
      totalMs: less(totalMs),
      ...(firstContentMs !== undefined && { firstContentMs: less(firstContentMs) }),
      ...(lastContentMs !== undefined && { lastContentMs: less(lastContentMs) }),
    },
  };
}

/** Whether a side has an answer of its own, which can be judged. */
export function isAnswered(record: RequestRecord): boolean {
  const { degraded } = record.decision ?? {};
  return record.outcome === "completed" && (degraded === undefined || degraded === "elsewhere");
}
