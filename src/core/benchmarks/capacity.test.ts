import { expect, test } from "vitest";
import { deploymentsNeeded, traceDemand } from "./capacity.ts";

const at = (...seconds: readonly number[]) =>
  seconds.map((second) => ({ atMs: 1_000 * second, size: { inputTokens: 100, outputTokens: 10 } }));

test("the peak is that of the busiest window, wherever it begins", () => {
  // Four requests within 10 s around second 10: no window from 0 to 10 or 10 to 20 has them all.
  const demand = traceDemand(at(0, 6, 9, 11, 14, 40), 10_000);
  expect(demand).toEqual({
    requests: 6,
    ratePerS: 0.15,
    peakRatePerS: 0.4,
    peakInputTokensPerMinute: 2_400,
    peakOutputTokensPerMinute: 240,
  });
});

test("an arrival a whole window later is in another one", () => {
  expect(traceDemand(at(0, 10), 10_000).peakRatePerS).toBe(0.1);
});

test("as many deployments are needed as bear the peak, a share of each left free", () => {
  expect(deploymentsNeeded({ peakRatePerS: 40 }, { borneRatePerS: 10, headroom: 0 })).toBe(4);
  expect(deploymentsNeeded({ peakRatePerS: 40 }, { borneRatePerS: 10, headroom: 0.2 })).toBe(5);
  expect(deploymentsNeeded({ peakRatePerS: 0 }, { borneRatePerS: 10, headroom: 0 })).toBe(1);
});
