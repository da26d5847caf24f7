import type { CapturedContent } from "./captured-content.ts";
import type { LogGap } from "./log-gap.ts";
import { matchesFilters } from "./matches-filters.ts";
import { newestFirst, pageOf } from "./page-of.ts";
import { preparedRecords } from "./prepare-insert.ts";
import { requestDay } from "./request-key.ts";
import type { RequestRecord } from "./request-record.ts";
import { exposedUnits, memoryLogged, memoryMoments } from "./exposures/experiment-moments.memory.ts";
import type { PhaseQuery } from "./exposures/experiment-periods.ts";
import { memoryEntries, memorySegments } from "./exposures/unit-entries.memory.ts";
import { memoryLargest } from "./exposures/experiment-largest.memory.ts";
import { memoryPeriods, memoryVersions } from "./exposures/experiment-periods.memory.ts";
import { memoryQuantile } from "./exposures/experiment-quantile.memory.ts";
import { memorySeries, memoryTotals } from "./totals.memory.ts";
import { gapsMax, type KeptKind, type RequestLogStore } from "./store.ts";
import { spansOf, type Resolution } from "./time-spans.ts";
import { countedDimensions } from "./totals.ts";

/** A request log in memory, for tests. Unbounded: it lives as long as the test. */
export function memoryRequestLogStore(): RequestLogStore {
  const records = new Map<string, RequestRecord>();
  /** What was counted, apart from the records: it outlives them. */
  const counted: Readonly<Record<Resolution, Map<string, RequestRecord>>> = {
    minute: new Map(),
    hour: new Map(),
    day: new Map(),
  };
  /** Of each, the units that were dropped. */
  const dropped = new Map<string, Set<string>>();
  const contents = new Map<string, CapturedContent>();
  const gaps = new Map<string, LogGap>();
  const keep = (batch: readonly RequestRecord[]): number => {
    const before = records.size;
    for (const record of batch) {
      if (records.has(record.requestId)) continue;
      for (const place of [records, ...Object.values(counted)]) place.set(record.requestId, record);
    }
    return records.size - before;
  };
  const droppable: Readonly<Record<KeptKind, Map<string, unknown>>> = {
    rows: records,
    content: contents,
    minutes: counted.minute,
    hours: counted.hour,
    // No question reads them yet.
    units: new Map(),
  };
  /** The requests of a phase whose units are there. */
  const withUnits = ({ experiment, phase }: PhaseQuery): readonly RequestRecord[] => {
    const gone = dropped.get(JSON.stringify([experiment, phase])) ?? new Set();
    const units = exposedUnits([...counted.day.values()], experiment);
    return units
      .filter((one) => one.phase === phase && !gone.has(one.unit))
      .flatMap(({ records }) => records);
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
    async exchange(requestId) {
      const record = records.get(requestId);
      const content = contents.get(requestId);
      if (!record) return undefined;
      const { dialect, operation, outcome, capture, keyId } = record;
      return {
        dialect,
        operation,
        outcome,
        capture,
        ...(keyId !== undefined && { keyId }),
        ...(content && { content }),
      };
    },
    async recordGap(gap) {
      const key = JSON.stringify([gap.fromMs, gap.toMs, gap.reason]);
      if (!gaps.has(key)) gaps.set(key, gap);
    },
    async gaps({ fromMs, toMs }) {
      return [...gaps.values()]
        .filter((gap) => gap.fromMs < toMs && gap.toMs >= fromMs)
        .toSorted((one, other) => one.fromMs - other.fromMs)
        .slice(0, gapsMax);
    },
    async prepareDays() {
      // There is always room in memory.
    },
    async dropBefore(day, what) {
      const place = droppable[what];
      const old = [...place.keys()].filter((id) => requestDay(id) < day);
      for (const id of old) place.delete(id);
      return new Set(old.map(requestDay)).size;
    },
    async dropUnits(phase, limit) {
      const key = JSON.stringify([phase.experiment, phase.phase]);
      const gone = dropped.get(key) ?? new Set();
      const units = exposedUnits([...counted.day.values()], phase.experiment)
        .filter((one) => one.phase === phase.phase && !gone.has(one.unit))
        .slice(0, limit);
      dropped.set(key, new Set([...gone, ...units.map(({ unit }) => unit)]));
      return units.length;
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
    async totals(query) {
      const isCounted = query.by.every((key) => countedDimensions.some((dimension) => dimension === key));
      const read = spansOf(query).flatMap(({ resolution, fromMs, toMs }) =>
        [...(isCounted ? counted[resolution] : records).values()].filter((record) =>
          matchesFilters(record, { fromMs, toMs }),
        ),
      );
      return memoryTotals(read, query);
    },
    async experimentMoments(query) {
      return memoryMoments(withUnits(query), query, (id) => records.has(id));
    },
    async experimentQuantile(query) {
      return memoryQuantile([...records.values()], query);
    },
    async experimentLogged(query) {
      return memoryLogged([...records.values()], query);
    },
    async experimentEntries(query) {
      return memoryEntries(withUnits(query), query);
    },
    async experimentSegments(query) {
      return memorySegments([...counted.day.values()], query);
    },
    async experimentLargest(query) {
      return memoryLargest(withUnits(query), query);
    },
    async experimentPeriods(query) {
      return memoryPeriods(withUnits(query), query);
    },
    async experimentVersions(query) {
      return memoryVersions(withUnits(query), query);
    },
    async series(query) {
      return memorySeries([...counted[query.resolution].values()], query);
    },
  };
}
