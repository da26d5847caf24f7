import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { must, refusalOf } from "../../../test/support/must.ts";
import { SeededChance } from "../../../test/support/seeded-chance.ts";
import { confidenceSequence, tunedRho } from "./confidence-sequence.ts";
import { proportionSequence } from "./proportion-sequence.ts";
import { quantileSequence, quantileSequenceTest } from "./quantile-sequence.ts";

const terms = { alpha: 0.05, rho: tunedRho(0.05, 200) };

describe("laws", () => {
  const proportions = fc
    .tuple(fc.integer({ min: 1, max: 2000 }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([trials, share]) => ({ trials, successes: Math.round(trials * share) }));

  test("a sequence of a rate holds it, mirrors failures, and one side is nearer than two", () => {
    fc.assert(
      fc.property(proportions, ({ successes, trials }) => {
        const [low, high] = must(proportionSequence({ successes, trials }, terms));
        const [mirrorLow, mirrorHigh] = must(
          proportionSequence({ successes: trials - successes, trials }, terms),
        );
        expect(low).toBeLessThanOrEqual(successes / trials);
        expect(high).toBeGreaterThanOrEqual(successes / trials);
        expect(mirrorLow).toBeCloseTo(1 - high, 12);
        expect(mirrorHigh).toBeCloseTo(1 - low, 12);
        const oneSided = { alpha: 0.05, rho: tunedRho(0.1, 200) };
        const above = must(
          proportionSequence({ successes, trials }, { ...oneSided, alternative: "greater" }),
        );
        const below = must(proportionSequence({ successes, trials }, { ...oneSided, alternative: "less" }));
        expect([above[1], below[0]]).toEqual([1, 0]);
        expect(above[0]).toBeGreaterThanOrEqual(low * 0.9);
      }),
      { numRuns: 50 },
    );
  });

  test("for many trials it is the asymptotic sequence", () => {
    const [successes, trials] = [300_000, 1_000_000];
    const sequence = { alpha: 0.05, rho: tunedRho(0.05, trials) };
    const [low, high] = must(proportionSequence({ successes, trials }, sequence));
    const estimate = { value: 0.3, standardError: Math.sqrt((0.3 * 0.7) / trials) };
    const { interval } = must(confidenceSequence(estimate, { units: trials, ...sequence }));
    expect(low).toBeCloseTo(interval[0], 4);
    expect(high).toBeCloseTo(interval[1], 4);
  });

  test("a quantile does not mind a scale, and tells arms that do not overlap apart", () => {
    const values = fc
      .array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 300 })
      .map((found) => found.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(
        values,
        values,
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (one, other, quantile) => {
          const question = { quantile, rho: terms.rho };
          const [low, high] = must(quantileSequence(one, { ...question, alpha: 0.05 }));
          expect(low).toBeLessThanOrEqual(high);
          const scaled = one.map((value) => value * 1000 + 1e12);
          const [lowScaled, highScaled] = must(quantileSequence(scaled, { ...question, alpha: 0.05 }));
          expect(lowScaled).toBe(low * 1000 + 1e12);
          expect(highScaled).toBe(high * 1000 + 1e12);
          const found = must(quantileSequenceTest({ control: one, treatment: other }, question));
          const swapped = must(quantileSequenceTest({ control: other, treatment: one }, question));
          expect(swapped.pValue).toBeCloseTo(found.pValue, 9);
          const same = must(quantileSequenceTest({ control: one, treatment: one }, question));
          expect(same.pValue).toBe(1);
        },
      ),
      { numRuns: 50 },
    );
    const control = Array.from({ length: 200 }, (_, index) => index);
    const treatment = control.map((value) => value + 1000);
    const apart = must(quantileSequenceTest({ control, treatment }, { quantile: 0.9, rho: terms.rho }));
    expect(apart.pValue).toBeLessThan(1e-6);
  });
});

/** How many of some runs leave the truth out at a look, and how many may by chance. */
function missesOf(runs: number, isMissed: (chance: SeededChance) => boolean) {
  let misses = 0;
  for (let run = 0; run < runs; run++) {
    if (isMissed(new SeededChance(run, "any-time"))) misses += 1;
  }
  return { misses, most: runs * (0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs)) };
}

test("rare errors are misjudged as seldom as promised by who looks twenty times", () => {
  const share = 0.03;
  const { misses, most } = missesOf(200, (chance) => {
    let successes = 0;
    for (let trials = 1; trials <= 400; trials++) {
      if (chance.happens(share)) successes += 1;
      if (trials % 20 > 0) continue;
      const [low, high] = must(proportionSequence({ successes, trials }, terms));
      if (share < low || share > high) return true;
    }
    return false;
  });
  expect(misses).toBeLessThanOrEqual(most);
});

test("a p90 of ties and long tails is misjudged as seldom as promised", () => {
  // Geometric: P(X > x) = 0.8^(x + 1), the 90 % quantile is 10.
  const { misses, most } = missesOf(200, (chance) => {
    const values: number[] = [];
    for (let look = 1; look <= 20; look++) {
      for (let unit = 0; unit < 25; unit++) {
        values.push(Math.floor(Math.log(1 - chance.unit()) / Math.log(0.8)));
      }
      values.sort((a, b) => a - b);
      const [low, high] = must(quantileSequence(values, { ...terms, quantile: 0.9 }));
      if (10 < low || 10 > high) return true;
    }
    return false;
  });
  expect(misses).toBeLessThanOrEqual(most);
});

test("what cannot be said is refused with the reason", () => {
  const some = { successes: 1, trials: 3 };
  expect(refusalOf(proportionSequence(some, { ...terms, rho: 0 }))).toBe("bad-value");
  expect(refusalOf(proportionSequence(some, { ...terms, alpha: 1 }))).toBe("bad-level");
  expect(refusalOf(proportionSequence({ successes: 4, trials: 3 }, terms))).toBe("bad-count");
  expect(refusalOf(proportionSequence({ successes: 0, trials: 0 }, terms))).toBe("too-few");
  const ask = (values: readonly number[], quantile = 0.5) =>
    refusalOf(quantileSequence(values, { ...terms, quantile }));
  expect(ask([1], 1)).toBe("bad-value");
  expect(ask([])).toBe("too-few");
  expect(ask([1, Number.NaN])).toBe("not-finite");
  expect(ask([2, 1])).toBe("bad-value");
  const arms = { control: [1], treatment: [] };
  expect(refusalOf(quantileSequenceTest(arms, { quantile: 0.5, rho: 0.1 }))).toBe("too-few");
});
