import { describe, expect, test } from "vitest";
import { isSaturated, trendOf, type LoadWindow } from "./saturation.ts";

/** A window a second. */
function windows(
  count: number,
  of: (second: number) => readonly [concurrency: number, firstTokenMs: number],
): readonly LoadWindow[] {
  return Array.from({ length: count }, (_, second) => {
    const [concurrency, firstTokenMs] = of(second);
    return { atMs: 1_000 * second, concurrency, firstTokenMs };
  });
}

/** Up and down by one, in no order that follows the time. */
const jitter = (second: number): number => [1, -1, 0, 1, 0, -1][second % 6] ?? 0;

describe("a run", () => {
  test("is saturated when requests under way and first tokens both grow", () => {
    expect(isSaturated(windows(20, (second) => [10 + 5 * second + jitter(second), 100 + 40 * second]))).toBe(
      true,
    );
  });

  test("is not while both stay", () => {
    expect(isSaturated(windows(20, (second) => [10 + jitter(second), 100 + 10 * jitter(second + 1)]))).toBe(
      false,
    );
  });

  test("is not when only the requests under way grow, as they do while a ramp rises", () => {
    expect(isSaturated(windows(20, (second) => [second, 100 + jitter(second)]))).toBe(false);
  });

  test("is not by a growth that is sure and small", () => {
    expect(isSaturated(windows(60, (second) => [100 + 0.01 * second, 100 + 0.01 * second]))).toBe(false);
  });

  test("is not known to be in fewer than five windows", () => {
    expect(isSaturated(windows(4, (second) => [10 * second, 100 * second]))).toBe(false);
  });

  test("without any first token is not known to be", () => {
    expect(
      isSaturated(Array.from({ length: 9 }, (_, second) => ({ atMs: 1_000 * second, concurrency: second }))),
    ).toBe(false);
  });
});

test("the trend of 1, 3, 2, 5, 4 over five seconds, by the formula written out: 0.8 a second, margin 3.182446 x sqrt(3.6 / 3 / 10)", () => {
  const trend = trendOf([1, 3, 2, 5, 4].map((value, second) => [1_000 * second, value]));
  expect(trend?.slope).toBeCloseTo(0.8, 12);
  expect(trend?.margin).toBeCloseTo(3.182446305 * Math.sqrt(0.12), 8);
});

test("there is no trend where all is of one moment", () => {
  expect(trendOf(Array.from({ length: 6 }, (_, value) => [0, value] as const))).toBeUndefined();
});
