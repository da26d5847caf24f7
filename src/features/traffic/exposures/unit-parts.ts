import type { UnitsQuery } from "./units-query.ts";

/** How units are parted: by when they came, or by what was noted of their first request. */
export type UnitParts = EntryParts | SegmentParts;

/**
 * How units are parted by when they came: those up to and with the first time are part 0, those up to the second one part 1, and
 * so on; those after the last time are one part more.
 */
export interface EntryParts {
  /** Ascending, each once, ms since 1970; one or more. */
  readonly timesMs: readonly number[];
}

/**
 * How units are parted by the value of a tag: those with the first value are part 0, and so on; those with any other value, or none,
 * are one part more.
 */
export interface SegmentParts {
  readonly tag: string;
  /** Each once; one or more. */
  readonly values: readonly string[];
}

/** Which units of a phase, and how many values of which tag. */
export interface SegmentsQuery extends UnitsQuery {
  readonly tag: string;
  readonly limit: number;
}

/** Which units of a phase, and at how many moments so many of them more had come. */
export interface EntriesQuery extends UnitsQuery {
  /** 1 or more. */
  readonly moments: number;
}

/** When units of a phase came: with their first request. */
export interface UnitEntries {
  /** ms since 1970, as all of these. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** When a share of 1/moments, 2/moments, ... of the units had come; ascending, the last one is `lastMs`. */
  readonly timesMs: readonly number[];
}

/** The part of a unit. */
export function partOf(
  parts: UnitParts,
  unit: { readonly firstAtMs: number; readonly segments?: Readonly<Record<string, string>> },
): number {
  if ("timesMs" in parts) return parts.timesMs.filter((time) => time < unit.firstAtMs).length;
  const value = unit.segments?.[parts.tag];
  const part = value === undefined ? -1 : parts.values.indexOf(value);
  return part === -1 ? parts.values.length : part;
}
