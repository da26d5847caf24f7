import { describe, expect, test } from "vitest";
import { isRegenerated, regenerationWindowMs, type AskedOnce } from "./regeneration.ts";

/** Requests with one question; each takes a second. */
function asked(...requests: readonly (number | [startedAtMs: number, isAnswered: boolean])[]) {
  return requests.map((request, number): AskedOnce => {
    const [startedAtMs, isAnswered] = typeof request === "number" ? [request, true] : request;
    return { id: `request ${number}`, startedAtMs, endedAtMs: startedAtMs + 1_000, isAnswered };
  });
}

function regenerated(same: readonly AskedOnce[]): readonly boolean[] {
  return same.map((one) => isRegenerated(one, same));
}

describe("an answer is regenerated", () => {
  test("where the same question comes again after it, until the window ends", () => {
    expect(regenerated(asked(0, 1_000))).toEqual([true, false]);
    expect(regenerated(asked(0, 1_000 + regenerationWindowMs))).toEqual([true, false]);
    expect(regenerated(asked(0, 1_001 + regenerationWindowMs))).toEqual([false, false]);
    expect(regenerated(asked(5_000, 0))).toEqual([false, true]);
  });

  test("once, however often the question comes again; the last answer was wanted", () => {
    expect(regenerated(asked(0, 2_000, 4_000))).toEqual([true, true, false]);
  });

  test("by no request that came before it was there, nor by itself", () => {
    expect(regenerated(asked(0, 999))).toEqual([false, false]);
    const [once] = asked(0);
    if (!once) expect.unreachable();
    const atOnce = { ...once, endedAtMs: once.startedAtMs };
    expect(isRegenerated(atOnce, [atOnce])).toBe(false);
  });

  test("only where there was one: another try is none", () => {
    expect(regenerated(asked([0, false], 2_000))).toEqual([false, false]);
    expect(regenerated(asked(0, [2_000, false], 4_000))).toEqual([true, false, false]);
  });
});
