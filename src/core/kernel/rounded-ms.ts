/**
 * A duration in whole microseconds, ms: what is beyond them is noise of the clock, and fifteen digits of it are half of
 * what a record's numbers cost to write and to read again.
 */
export function roundedMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
