import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FailureKind, UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { cooldownOf } from "./cooldown.ts";

const nowMs = Date.UTC(2026, 10, 25, 20);
const first = { nowMs, repeats: 0, jitter: 0 };

function failure(kind: FailureKind, retryAfterMs?: number): UpstreamFailure {
  return { kind, message: "", ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

function lengthMs(of: UpstreamFailure, input: Partial<typeof first> = {}): number | undefined {
  const cooldown = cooldownOf(of, { ...first, ...input });
  return cooldown && cooldown.untilMs - nowMs;
}

describe("a limit of a minute", () => {
  test("keeps the quota away for as long as was told, and up to a tenth longer", () => {
    expect(cooldownOf(failure("rate-limited", 38_000), first)).toEqual({
      untilMs: nowMs + 38_000,
      scope: "quota",
    });
    expect(lengthMs(failure("rate-limited", 38_000), { jitter: 0.5 })).toBeCloseTo(39_900, 6);
  });

  test("keeps it away for at most 300 s", () => {
    expect(lengthMs(failure("rate-limited", 3_600_000), { jitter: 0.9 })).toBe(300_000);
  });

  test("without a time escalates from 5 s to 300 s", () => {
    const repeats = [0, 1, 2, 3, 4, 5, 6, 7, 100, 10_000];
    expect(repeats.map((count) => lengthMs(failure("rate-limited"), { repeats: count }))).toEqual([
      5000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000, 300_000,
    ]);
  });

  test("that told us to come at once and refuses again is asked once a second", () => {
    expect(lengthMs(failure("rate-limited", 0))).toBe(0);
    expect(lengthMs(failure("rate-limited", 0), { repeats: 1 })).toBe(1000);
    expect(lengthMs(failure("rate-limited", 20), { repeats: 0 })).toBe(20);
  });
});

test("a day's quota is back at midnight in Los Angeles, whatever else was told", () => {
  expect(cooldownOf(failure("quota-exhausted-day", 12_000), { ...first, jitter: 0.9 })).toEqual({
    untilMs: Date.UTC(2026, 10, 26, 8),
    scope: "quota",
  });
});

test("short capacity keeps the deployment away only where a time was told", () => {
  expect(cooldownOf(failure("overloaded"), first)).toBeUndefined();
  expect(cooldownOf(failure("overloaded", 7000), first)).toEqual({
    untilMs: nowMs + 7000,
    scope: "deployment",
  });
});

test.each([
  ["credential", "credential", 30_000, 600_000],
  ["model-gone", "deployment", 60_000, 3_600_000],
  ["quota-zero", "quota", 300_000, 3_600_000],
] as const)("%s keeps the %s away, ever longer, but not for ever", (kind, scope, firstMs, lastMs) => {
  expect(cooldownOf(failure(kind), first)).toEqual({ untilMs: nowMs + firstMs, scope });
  expect(lengthMs(failure(kind), { repeats: 1 })).toBe(2 * firstMs);
  expect(lengthMs(failure(kind), { repeats: 50 })).toBe(lastMs);
});

test.each<FailureKind>([
  "server-error",
  "invalid-request",
  "context-exceeded",
  "connect",
  "reset",
  "first-token-timeout",
  "idle-timeout",
  "total-timeout",
  "malformed-answer",
  "incomplete-answer",
])("%s keeps nobody away: that is a breaker's matter, or nobody's", (kind) => {
  expect(cooldownOf(failure(kind, 5000), first)).toBeUndefined();
});

test("no told time makes a cooldown longer than 300 s, or shorter than was told below that", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e12, noNaN: true }),
      fc.nat(1000),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (told, repeats, jitter) => {
        const length = lengthMs(failure("rate-limited", told), { repeats, jitter }) ?? -1;
        expect(length).toBeLessThanOrEqual(300_000);
        // The end is a sum of large numbers: it is exact to a part of a microsecond only.
        expect(length).toBeGreaterThan(Math.min(told, 300_000) - 0.001);
      },
    ),
  );
});
