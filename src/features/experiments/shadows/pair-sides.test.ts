import { expect, test } from "vitest";
import { testDecision, testRecord } from "../../../../test/support/request-records.ts";
import { isAnswered, sideOf } from "./pair-sides.ts";

test("a side is what the log sums up, without what was waited before it was admitted", () => {
  const timings = { queueMs: 20, gatewayMs: 1, firstContentMs: 120, lastContentMs: 320, totalMs: 340 };
  const { degraded: _degraded, ...decision } = testDecision();
  const usage = {
    inputTokens: 5,
    cachedInputTokens: 0,
    toolInputTokens: 0,
    outputTokens: 7,
    thinkingTokens: 1,
  };
  const record = testRecord({ outcome: "completed", decision, usage, timings });
  expect(sideOf(record)).toMatchObject({
    requests: 1,
    completed: 1,
    totalMs: 320,
    firstContentMs: 100,
    streamedMs: 200,
    streamedTokens: 8,
  });
  expect(sideOf(record)).not.toHaveProperty("failed");
  expect(isAnswered(record)).toBe(true);
});

test("who let another one stand in has failed, but cost what it cost", () => {
  const cost = { picoDollars: 9, estimated: false, unpricedAttempts: 0 };
  for (const degraded of ["fallback", "shorter", "cached"] as const) {
    const record = testRecord({ outcome: "completed", cost, decision: testDecision({ degraded }) });
    expect(sideOf(record)).toEqual({ requests: 1, failed: 1, picoDollars: 9 });
    expect(isAnswered(record)).toBe(false);
  }
  expect(isAnswered(testRecord({ decision: testDecision({ degraded: "elsewhere" }) }))).toBe(true);
});
