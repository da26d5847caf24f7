import { expect, test } from "vitest";
import { steadyNowMs } from "./steady-clock.ts";

/** A clock of two hands, each of which can be set. */
function clock(wallMs: number, monotonicMs: number) {
  const hands = { wallMs, monotonicMs };
  return { hands, nowMs: () => hands.wallMs, monotonicMs: () => hands.monotonicMs };
}

test("begins with the time of day, and goes on with the monotonic one", () => {
  const time = clock(1_000_000, 5);
  const steadyMs = steadyNowMs(time);
  expect(steadyMs()).toBe(1_000_000);
  time.hands.monotonicMs += 250;
  expect(steadyMs()).toBe(1_000_250);
});

test.each([-3_600_000, 3_600_000])(
  "does not follow the machine's clock when that is set by %i ms",
  (byMs) => {
    const time = clock(1_000_000, 5);
    const steadyMs = steadyNowMs(time);
    time.hands.wallMs += byMs;
    time.hands.monotonicMs += 1;
    expect(steadyMs()).toBe(1_000_001);
  },
);
