import { matchesFilters } from "./matches-filters.ts";
import { newestFirst, pageOf } from "./page-of.ts";
import type { RequestRecord } from "./request-record.ts";
import { totalsMax, type Dimension, type Group, type RequestLogStore, type Total } from "./store.ts";

/** A request log in memory, for tests. Unbounded: it lives as long as the test. */
export function memoryRequestLogStore(): RequestLogStore {
  const records = new Map<string, RequestRecord>();
  return {
    async insert(batch) {
      const before = records.size;
      for (const record of batch) if (!records.has(record.requestId)) records.set(record.requestId, record);
      return records.size - before;
    },
    async list({ filters, limit, before }) {
      const matching = [...records.values()]
        .filter(
          (record) => matchesFilters(record, filters) && (before === undefined || record.requestId < before),
        )
        .toSorted(newestFirst);
      return pageOf(matching, limit);
    },
    async get(requestId) {
      return records.get(requestId);
    },
    async totals({ fromMs, toMs, by }) {
      const within = [...records.values()].filter((record) => matchesFilters(record, { fromMs, toMs }));
      const groups = Map.groupBy(within, (record) => JSON.stringify(groupOf(record, by)));
      return [...groups.values()]
        .map((group) => total(group, by))
        .toSorted((one, other) => other.requests - one.requests)
        .slice(0, totalsMax);
    },
  };
}

function groupOf(record: RequestRecord, by: readonly Dimension[]): Group {
  const values = {
    route: record.decision?.route,
    variant: record.decision?.variant,
    model: record.model,
    outcome: record.outcome,
  };
  return Object.fromEntries(
    by.map((dimension) => [dimension, values[dimension]]).filter(([, value]) => value !== undefined),
  );
}

function total(records: readonly RequestRecord[], by: readonly Dimension[]): Total {
  const [first] = records;
  const sum = (count: (record: RequestRecord) => number | undefined): number =>
    records.reduce((total, record) => total + (count(record) ?? 0), 0);
  return {
    group: first === undefined ? {} : groupOf(first, by),
    requests: records.length,
    attempts: sum((record) => record.attempts.length),
    inputTokens: sum((record) => record.usage?.inputTokens),
    cachedInputTokens: sum((record) => record.usage?.cachedInputTokens),
    toolInputTokens: sum((record) => record.usage?.toolInputTokens),
    outputTokens: sum((record) => record.usage?.outputTokens),
    thinkingTokens: sum((record) => record.usage?.thinkingTokens),
  };
}
