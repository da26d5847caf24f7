import type { CapturedContent } from "./captured-content.ts";
import type { LogGap } from "./log-gap.ts";
import { matchesFilters } from "./matches-filters.ts";
import { newestFirst, pageOf } from "./page-of.ts";
import { preparedRecords } from "./prepare-insert.ts";
import type { RequestRecord } from "./request-record.ts";
import { gapsMax, totalsMax, type Dimension, type Group, type RequestLogStore, type Total } from "./store.ts";

/** A request log in memory, for tests. Unbounded: it lives as long as the test. */
export function memoryRequestLogStore(): RequestLogStore {
  const records = new Map<string, RequestRecord>();
  const contents = new Map<string, CapturedContent>();
  const gaps = new Map<string, LogGap>();
  const keep = (batch: readonly RequestRecord[]): number => {
    const before = records.size;
    for (const record of batch) if (!records.has(record.requestId)) records.set(record.requestId, record);
    return records.size - before;
  };
  return {
    async insert(batch) {
      return keep(batch);
    },
    async insertPrepared(prepared) {
      return keep(preparedRecords(prepared));
    },
    async insertContent(batch) {
      const fresh = batch.filter(({ requestId }) => !contents.has(requestId));
      for (const content of fresh.toReversed()) contents.set(content.requestId, content);
      return new Set(fresh.map(({ requestId }) => requestId)).size;
    },
    async content(requestId) {
      return contents.get(requestId);
    },
    async recordGap(gap) {
      const { fromMs, toMs, reason } = gap;
      const key = JSON.stringify([fromMs, toMs, reason]);
      if (!gaps.has(key)) gaps.set(key, gap);
    },
    async gaps({ fromMs, toMs }) {
      return [...gaps.values()]
        .filter((gap) => gap.fromMs < toMs && gap.toMs >= fromMs)
        .toSorted((one, other) => one.fromMs - other.fromMs)
        .slice(0, gapsMax);
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
