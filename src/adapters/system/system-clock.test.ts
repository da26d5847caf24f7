import { expect, test } from "vitest";
import { systemClock } from "./system-clock.ts";
import { systemRandom } from "./system-random.ts";

test("monotonic time never goes back", () => {
  const readings = Array.from({ length: 1_000 }, () => systemClock.monotonicMs());
  expect(readings).toEqual(readings.toSorted((earlier, later) => earlier - later));
});

test("wall-clock time lies between two readings of Date", () => {
  const before = Date.now();
  const now = systemClock.nowMs();
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

test("random units fill [0, 1) evenly", () => {
  const units = Array.from({ length: 10_000 }, () => systemRandom.unit());
  expect(units.every((unit) => unit >= 0 && unit < 1)).toBe(true);
  const tenths = Array.from(
    { length: 10 },
    (_, tenth) => units.filter((unit) => Math.floor(unit * 10) === tenth).length,
  );
  // 1000 expected in each; 7 standard deviations are 210.
  for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(210);
});

test("random bytes have the length asked for and do not repeat", () => {
  expect(systemRandom.bytes(32)).toHaveLength(32);
  expect(systemRandom.bytes(32)).not.toEqual(systemRandom.bytes(32));
});
