import { expect, test } from "vitest";
import { geminiModels } from "../models.ts";
import { randomFrom } from "../random.ts";
import { paceOf } from "./pace.ts";

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

test("a pace is the same for the same seed, and its medians are the profile's", () => {
  const profile = {
    firstTokenMsMedian: 400,
    firstTokenSigma: 0.35,
    tokensPerSecondMedian: 200,
    tokensPerSecondSigma: 0.2,
  };
  expect(paceOf(profile, randomFrom("a"))).toEqual(paceOf(profile, randomFrom("a")));
  const paces = Array.from({ length: 2001 }, (_, index) => paceOf(profile, randomFrom(`pace ${index}`)));
  // The median of 2001 lognormal draws is within 4 standard errors (1.25 sigma / sqrt n) of the true one.
  expect(Math.abs(Math.log(median(paces.map((pace) => pace.firstTokenMs)) / 400))).toBeLessThan(
    (4 * 1.25 * 0.35) / Math.sqrt(2001),
  );
  expect(Math.abs(Math.log(median(paces.map((pace) => pace.tokensPerSecond)) / 200))).toBeLessThan(
    (4 * 1.25 * 0.2) / Math.sqrt(2001),
  );
});

test("every model has a profile that takes time", () => {
  for (const { latency } of geminiModels) expect(latency.firstTokenMsMedian).toBeGreaterThan(0);
});
