import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readVector } from "../../../test/support/read-vector.ts";
import { RetryBudget, retryBudgetDefaults } from "./retry-budget.ts";

const { finagleRetryBudget: finagle } = readVector("reliability/throttling-and-balancing.json") as {
  readonly finagleRetryBudget: {
    readonly defaults: {
      readonly ttlSeconds: number;
      readonly minRetriesPerSec: number;
      readonly percentCanRetry: number;
    };
    readonly deposit: number;
    readonly withdraw: number;
    readonly reserveBalance: number;
  };
};

/** Takes out as much as there is. */
function drained(budget: RetryBudget, nowMs: number): number {
  let count = 0;
  while (budget.tryWithdraw(nowMs)) count += 1;
  return count;
}

describe("with Finagle's settings", () => {
  const { ttlSeconds, minRetriesPerSec, percentCanRetry } = finagle.defaults;
  const settings = {
    share: percentCanRetry,
    reservePerSecond: minRetriesPerSec,
    ttlMs: ttlSeconds * 1000,
  };

  test("the reserve is Finagle's", () => {
    const budget = new RetryBudget(settings);
    expect(budget.balance(0)).toBe(finagle.reserveBalance);
    expect(drained(budget, 0)).toBe(finagle.reserveBalance);
  });

  test("so many requests pay for one retry as Finagle's tokens say", () => {
    const budget = new RetryBudget(settings);
    drained(budget, 0);
    for (let request = 1; request < finagle.withdraw / finagle.deposit; request += 1) {
      budget.deposit(0);
      expect(budget.tryWithdraw(0)).toBe(false);
    }
    budget.deposit(0);
    expect(budget.tryWithdraw(0)).toBe(true);
  });
});

test("without requests there are ten retries in 10 s, and they come again", () => {
  const budget = new RetryBudget();
  expect(drained(budget, 0)).toBe(10);
  expect(drained(budget, 5000)).toBe(0);
  expect(drained(budget, 10_000)).toBe(10);
  expect(drained(budget, 1e9)).toBe(10);
});

test("requests are forgotten after 10 s", () => {
  const budget = new RetryBudget();
  for (let request = 0; request < 100; request += 1) budget.deposit(0);
  expect(budget.balance(9999)).toBe(30);
  expect(budget.balance(10_000)).toBe(10);
});

test("within any 10 s retries are at most the reserve and 20 % of the requests, and one within them is not refused", () => {
  const step = fc.record({ afterMs: fc.nat(3000), isRetry: fc.boolean(), times: fc.nat(20) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const budget = new RetryBudget();
      const requests: number[] = [];
      const retries: number[] = [];
      let nowMs = 0;
      for (const { afterMs, isRetry, times } of steps) {
        nowMs += afterMs;
        const bucket = Math.floor(nowMs / 1000);
        const isRecent = (at: number) => at > bucket - 10;
        for (let call = 0; call < times; call += 1) {
          if (!isRetry) {
            budget.deposit(nowMs);
            requests.push(bucket);
            continue;
          }
          const allowed = 10 + requests.filter(isRecent).length * retryBudgetDefaults.share;
          const fits = retries.filter(isRecent).length + 1 <= allowed + 1e-9;
          expect(budget.tryWithdraw(nowMs)).toBe(fits);
          if (fits) retries.push(bucket);
        }
      }
    }),
  );
});
