import type { UnitsQuery } from "./units-query.ts";

/**
 * How units are parted by when they came: those up to and with the first time are part 0, those up to the second one part 1, and
 * so on; those after the last time are one part more.
 */
export interface UnitParts {
  /** Ascending, each once, ms since 1970; one or more. */
  readonly timesMs: readonly number[];
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

/** The part of a unit that came at a time. */
export function partAt({ timesMs }: UnitParts, atMs: number): number {
  return timesMs.filter((time) => time < atMs).length;
}
