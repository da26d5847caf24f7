import type { RequestRecord, TrafficService } from "#features/traffic/index.ts";

/** A request log over what a test puts into `records`, at any time. Of the filters it knows the outcome only. */
export function memoryTraffic(records: readonly RequestRecord[]): TrafficService {
  const find = (requestId: string): RequestRecord | undefined =>
    records.find((record) => record.requestId === requestId);
  return {
    list: ({ filters, limit, before }) => {
      const matching = records
        .filter((record) => filters.outcome === undefined || record.outcome === filters.outcome)
        .filter((record) => before === undefined || record.requestId < before)
        .toSorted((a, b) => (a.requestId < b.requestId ? 1 : -1));
      const page = matching.slice(0, limit);
      const last = page.at(-1);
      return Promise.resolve({
        records: page,
        ...(matching.length > limit && last && { next: last.requestId }),
      });
    },
    get: (requestId) => Promise.resolve(find(requestId)),
    content: (requestId) =>
      Promise.resolve(
        find(requestId) && { requestId, request: "{}", response: "{}", truncated: false, redactions: 1 },
      ),
    totals: ({ fromMs, toMs }) =>
      Promise.resolve({ fromMs, toMs, gaps: [], totals: [{ group, ...sums, requests: records.length }] }),
    series: ({ fromMs, toMs }) =>
      Promise.resolve({ fromMs, toMs, gaps: [], points: [{ startMs: fromMs, group, ...sums }] }),
  };
}

const group = { route: "assistant" };

const sums = {
  requests: 0,
  completed: 2,
  failed: 1,
  refused: 0,
  aborted: 0,
  emulated: 0,
  fallbacks: 0,
  attempts: 3,
  attemptsFailed: 1,
  attemptsUnpriced: 0,
  inputTokens: 36,
  cachedInputTokens: 6,
  toolInputTokens: 0,
  outputTokens: 66,
  thinkingTokens: 24,
  picoDollars: 1_500_000_000n,
  estimatedPicoDollars: 0n,
  gatewayMsSum: 1.8,
  total: { count: 2, msSum: 1_700, p50: 51, p95: 52, p99: 52 },
  firstContent: { count: 0, msSum: 0 },
};
