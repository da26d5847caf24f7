import { describe, expect, test } from "vitest";
import { allowed, fullPace, quickened, slowed } from "#core/evaluations/pace.ts";

describe("pace", () => {
  test("begins with all that was asked for, and never exceeds it", () => {
    expect(allowed(quickened(fullPace(32)), 0)).toBe(32);
  });

  test("calls refused together cut it once", () => {
    let pace = fullPace(32);
    for (let call = 0; call < 32; call++) pace = slowed(pace, 100 + call, { startedMs: 50 });
    expect(allowed(pace, 200)).toBe(16);
  });

  test("a call that began after the cut cuts it again, down to one", () => {
    let pace = fullPace(8);
    for (let round = 1; round <= 10; round++)
      pace = slowed(pace, round * 100, { startedMs: round * 100 - 1 });
    expect(allowed(pace, 2_000)).toBe(1);
  });

  test("grows by one with each round of answers", () => {
    let pace = slowed(fullPace(32), 0, { startedMs: 0 });
    const round = Math.trunc(pace.limit);
    for (let answer = 0; answer <= round; answer++) pace = quickened(pace);
    expect(allowed(pace, 10)).toBe(round + 1);
  });

  test("nothing begins while a target asked to wait", () => {
    const pace = slowed(fullPace(4), 1_000, { startedMs: 900, waitMs: 5_000 });
    expect(allowed(pace, 5_999)).toBe(0);
    expect(allowed(pace, 6_000)).toBe(2);
  });
});
