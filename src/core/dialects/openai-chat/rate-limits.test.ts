import { expect, test } from "vitest";
import { msOfReset, rateLimits } from "./rate-limits.ts";

test("what is left, of how much, and when it is whole again are read from the headers", () => {
  const headers = {
    "x-ratelimit-limit-requests": "60",
    "x-ratelimit-remaining-requests": "59",
    "x-ratelimit-reset-requests": "1s",
    "x-ratelimit-limit-tokens": "150000",
    "x-ratelimit-remaining-tokens": "149984",
    "x-ratelimit-reset-tokens": "6m0s",
  };
  expect(rateLimits(headers)).toEqual({
    requests: { left: 59, limit: 60, resetMs: 1_000 },
    tokens: { left: 149_984, limit: 150_000, resetMs: 360_000 },
  });
});

test("what is not said or not understood is nothing", () => {
  expect(rateLimits({})).toBeUndefined();
  expect(rateLimits({ "x-ratelimit-remaining-requests": "59" })).toBeUndefined();
  expect(
    rateLimits({ "x-ratelimit-remaining-requests": "many", "x-ratelimit-reset-requests": "1s" }),
  ).toBeUndefined();
  expect(rateLimits({ "x-ratelimit-remaining-tokens": "5", "x-ratelimit-reset-tokens": "20" })).toEqual({
    tokens: { left: 5, resetMs: 20_000 },
  });
});

test.each([
  ["120ms", 120],
  ["1h2m3.5s", 3_723_500],
  ["7.66s", 7_660],
  ["0", 0],
  ["2026-11-25T00:00:00Z", undefined],
  ["", undefined],
  ["soon", undefined],
])("a reset of %s is %s ms", (text, ms) => {
  expect(msOfReset(text)).toBe(ms);
});
