import { unitsOf } from "./experiment-moments.memory.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";
import type { EntriesQuery, SegmentsQuery, UnitEntries } from "./unit-parts.ts";

/** When units came, as Postgres gives it. */
export function memoryEntries(
  records: readonly RequestRecord[],
  { moments, ...units }: EntriesQuery,
): UnitEntries | undefined {
  const sorted = unitsOf(records, units)
    .map(({ firstAtMs }) => firstAtMs)
    .toSorted((one, other) => one - other);
  const [firstMs, lastMs] = [sorted[0], sorted.at(-1)];
  if (firstMs === undefined || lastMs === undefined) return undefined;
  const timesMs = Array.from(
    { length: moments },
    (_, moment) => sorted[Math.ceil(((moment + 1) / moments) * sorted.length) - 1] ?? lastMs,
  );
  return { firstMs, lastMs, timesMs };
}

/** The values of a tag that the most units have, as Postgres gives them. */
export function memorySegments(
  records: readonly RequestRecord[],
  { tag, limit, ...units }: SegmentsQuery,
): readonly string[] {
  const values = unitsOf(records, units).flatMap(({ segments }) => segments?.[tag] ?? []);
  return [...Map.groupBy(values, (value) => value)]
    .toSorted(([one, some], [other, others]) => others.length - some.length || (one < other ? -1 : 1))
    .slice(0, limit)
    .map(([value]) => value);
}
