import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HedgeBudget, hedgeBudgetDefaults, hedgeDelayMs } from "./hedge.ts";

describe("a hedge", () => {
  const facts = { optedIn: true, hasSideEffects: false, hasContent: false, p95Ms: 800, leftMs: undefined };

  test("goes out after the usual p95 of the first content", () => {
    expect(hedgeDelayMs(facts)).toBe(800);
    expect(hedgeDelayMs({ ...facts, p95Ms: 0 })).toBe(1);
  });

  test.each([
    ["the route did not ask for it", { optedIn: false }],
    ["the answer may have effects", { hasSideEffects: true }],
    ["content has come", { hasContent: true }],
    ["nobody knows what is usual", { p95Ms: undefined }],
    ["it would come after the deadline", { leftMs: 800 }],
  ])("does not go out where %s", (_why, fact) => {
    expect(hedgeDelayMs({ ...facts, ...fact })).toBeUndefined();
  });

  test("goes out where it is in time", () => {
    expect(hedgeDelayMs({ ...facts, leftMs: 801 })).toBe(800);
  });
});

describe("the hedges' budget", () => {
  function after(requests: number): HedgeBudget {
    const budget = new HedgeBudget({ ...hedgeBudgetDefaults, spendMax: 1000 });
    for (let request = 0; request < requests; request += 1) budget.deposit(0);
    return budget;
  }

  test("is one in twenty requests, with no reserve", () => {
    expect(after(0).tryWithdraw(1, 0)).toBe(false);
    expect(after(19).tryWithdraw(1, 0)).toBe(false);
    const budget = after(20);
    expect(budget.tryWithdraw(1, 0)).toBe(true);
    expect(budget.tryWithdraw(1, 0)).toBe(false);
  });

  test("ends where the most they could cost would pass the cap, and a hedge refused so costs no place", () => {
    const budget = after(40);
    expect(budget.tryWithdraw(1001, 0)).toBe(false);
    expect(budget.tryWithdraw(600, 0)).toBe(true);
    expect(budget.tryWithdraw(401, 0)).toBe(false);
    expect(budget.tryWithdraw(400, 0)).toBe(true);
    expect(budget.spent(0)).toBe(1000);
  });

  test("gets back what a hedge did not cost", () => {
    const budget = after(40);
    budget.tryWithdraw(1000, 0);
    budget.giveBack(900, 100);
    expect(budget.spent(100)).toBe(100);
    expect(budget.tryWithdraw(900, 100)).toBe(true);
  });

  test("forgets what was spent an hour ago, and gives back nothing of that", () => {
    const budget = after(20);
    budget.tryWithdraw(1000, 0);
    expect(budget.spent(3_599_999)).toBe(1000);
    expect(budget.spent(3_600_000)).toBe(0);
    budget.giveBack(500, 3_600_000);
    expect(budget.spent(3_600_000)).toBe(0);
  });
});

test("hedges are at most 5 % of the requests and never cost more than the cap, whatever is given back", () => {
  const step = fc.record({
    kind: fc.constantFrom("request", "hedge", "back"),
    afterMs: fc.nat(2000),
    cost: fc.nat(400),
    times: fc.nat(30),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const budget = new HedgeBudget({ ...hedgeBudgetDefaults, spendMax: 1000 });
      let [requests, hedges, nowMs] = [0, 0, 0];
      const open: number[] = [];
      for (const { kind, afterMs, cost, times } of steps) {
        nowMs += afterMs;
        for (let call = 0; call < times; call += 1) {
          if (kind === "request") {
            requests += 1;
            budget.deposit(nowMs);
          } else if (kind === "hedge" && budget.tryWithdraw(cost, nowMs)) {
            hedges += 1;
            open.push(cost);
          } else if (kind === "back") budget.giveBack(open.pop() ?? 0, nowMs);
        }
        expect(hedges).toBeLessThanOrEqual(requests * 0.05);
        expect(budget.spent(nowMs)).toBeLessThanOrEqual(1000);
        expect(budget.spent(nowMs)).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});
