import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { goldenInterval, testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { tunedRho } from "./confidence-sequence.ts";
import { mixtureBound, mixtureLogEvidence } from "./normal-mixture.ts";
import { proportionSequence } from "./proportion-sequence.ts";
import { empiricalBand, quantileCountBound } from "./quantile-band.ts";
import { quantileSequenceTest } from "./quantile-sequence.ts";
import { stitchedBound } from "./stitched-bound.ts";
import { sumBound, sumEvidence, type WatchedSum } from "./sum-sequence.ts";

const file = "confseq_bounds.json";
const number = z.number();

/** The peers' expansion of tunedRho to two terms, as the variance of the mixture. */
function tuningOfPeers(alpha: number, units: number): number {
  const twice = -2 * Math.log(alpha);
  return units / (twice + Math.log1p(twice));
}

const sides = { oneSided: z.boolean() };
const value = z.object({ value: number });
/** All cases are tuned for this. */
const alphaTuned = 0.05;

describe("golden values of confseq", () => {
  const tunings = testGolden(
    file,
    { input: z.object({ vOpt: number, alphaOpt: number }).strict(), expected: z.object({ rho: number }) },
    ({ input, expected, close }) => {
      close(tuningOfPeers(input.alphaOpt, input.vOpt), expected.rho);
      // Lambert's function is what the expansion tends to, 2 % away.
      const exact = 1 / tunedRho(input.alphaOpt, input.vOpt) ** 2;
      expect(exact / expected.rho).toBeGreaterThan(0.95);
      expect(exact).toBeLessThan(expected.rho);
    },
  );
  const normalTuning = (vOpt: number, oneSided: boolean) =>
    tuningOfPeers(oneSided ? 2 * alphaTuned : alphaTuned, vOpt);
  const normalEvidence = testGolden(
    file,
    { input: z.object({ s: number, v: number, vOpt: number, alphaOpt: number, ...sides }), expected: value },
    ({ input: { s, v, vOpt, oneSided }, expected, close }) => {
      const ratio = v / normalTuning(vOpt, oneSided);
      const alternative = oneSided ? "greater" : "two-sided";
      close(mixtureLogEvidence(s / Math.sqrt(v), ratio, alternative), expected.value);
    },
  );
  const normalBounds = testGolden(
    file,
    {
      input: z.object({ v: number, alpha: number, vOpt: number, alphaOpt: number, ...sides }),
      expected: value,
    },
    ({ input: { v, alpha, vOpt, oneSided }, expected, close }) => {
      const ratio = v / normalTuning(vOpt, oneSided);
      const alternative = oneSided ? "greater" : "two-sided";
      close(mixtureBound(ratio, alpha, alternative) * Math.sqrt(v), expected.value);
    },
  );
  const sums = z.object({ s: number.optional(), v: number, alpha: number.optional(), vOpt: number }).and(
    z.union([
      z.object({ g: number, h: number, ...sides }).transform(({ g: below, h: above, oneSided }) => ({
        oneSided,
        steps: { kind: "bounded", below, above } as const,
      })),
      z.object({ c: number }).transform(({ c: scale }) => ({ oneSided: true, scale, steps: undefined })),
    ]),
  );
  let gammas = 0;
  const sumCases = testGolden(file, { input: sums, expected: value }, ({ input, expected, close }) => {
    const tuning = normalTuning(input.vOpt, input.oneSided);
    const alternative = input.oneSided ? "greater" : "two-sided";
    const found = (steps: WatchedSum["steps"]): number => {
      const watched = { steps, tuning, alternative } as const;
      return input.s === undefined
        ? must(sumBound(watched, { variance: input.v, alpha: input.alpha ?? 0 }))
        : must(sumEvidence(watched, { sum: input.s, variance: input.v }));
    };
    if (input.steps) return close(found(input.steps), expected.value);
    // Exponential and Poisson cases look alike: exponential ones come first, and allow more.
    gammas += 1;
    close(found({ kind: gammas <= 2 ? "exponential" : "poisson", scale: input.scale }), expected.value);
  });
  const stitched = testGolden(
    file,
    { input: z.object({ v: number, alpha: number, vMin: number, c: number }), expected: value },
    ({ input: { v: variance, alpha, vMin: leastVariance, c: scale }, expected, close }) => {
      close(must(stitchedBound({ variance, alpha, leastVariance, scale })), expected.value);
    },
  );
  const bands = testGolden(
    file,
    { input: z.object({ t: number, alpha: number, tMin: number, A: z.literal(0.85) }), expected: value },
    ({ input: { t: units, alpha, tMin: leastUnits }, expected, close }) => {
      close(must(empiricalBand({ units, alpha, leastUnits })), expected.value);
    },
  );
  const counts = testGolden(
    file,
    { input: z.object({ quantileP: number, t: number, alpha: number, tOpt: number }), expected: value },
    ({ input: { quantileP: quantile, t: units, alpha, tOpt: leastUnits }, expected, close }) => {
      close(must(quantileCountBound({ quantile, units, alpha, leastUnits })), expected.value);
    },
  );
  const rho = (tOpt: number) => 1 / Math.sqrt(tuningOfPeers(alphaTuned, tOpt));
  const quantiles = testGolden(
    file,
    {
      input: z.object({ quantileP: number, offset: number, n: number, tOpt: number }),
      expected: z.object({ pValue: number }),
    },
    ({ input: { quantileP: quantile, offset, n, tOpt }, expected, close }) => {
      const control = Array.from({ length: n }, (_, index) => index + 1);
      const treatment = control.map((one) => one + offset);
      const found = must(quantileSequenceTest({ control, treatment }, { quantile, rho: rho(tOpt) }));
      close(found.pValue, expected.pValue);
    },
  );
  const rates = testGolden(
    file,
    {
      input: z.object({ successes: number, trials: number, alpha: number, tOpt: number }),
      expected: z.object({ ci: goldenInterval }),
    },
    ({ input: { alpha, tOpt, ...proportion }, expected, close }) => {
      close(must(proportionSequence(proportion, { alpha, rho: rho(tOpt) })), expected.ci);
    },
  );

  test("every case is run", () => {
    const sums = normalEvidence + normalBounds + sumCases + stitched;
    expect(tunings + sums + bands + counts + quantiles + rates).toBe(31);
  });
});

const bounded = { kind: "bounded", below: 0.2, above: 0.8 } as const;
const steps = fc.oneof(
  fc.constant(bounded),
  fc.record({
    kind: fc.constantFrom("exponential" as const, "poisson" as const),
    scale: fc.double({ min: 0.1, max: 5, noNaN: true }),
  }),
);
const alphas = fc.double({ min: 1e-4, max: 0.4, noNaN: true });
const variances = fc.double({ min: 1, max: 1e3, noNaN: true });

describe("laws of sums", () => {
  test("the evidence reaches 1 / alpha at the bound, and not before", () => {
    fc.assert(
      fc.property(steps, alphas, variances, variances, (kind, alpha, variance, tuning) => {
        const watched = { steps: kind, tuning };
        const bound = must(sumBound(watched, { variance, alpha }));
        const at = (sum: number) => must(sumEvidence(watched, { sum, variance }));
        fc.pre(kind.kind !== "bounded" || bound < (1 - 1e-9) * (variance / kind.below));
        expect(at(bound)).toBeCloseTo(-Math.log(alpha), 5);
        expect(at(bound * 0.99)).toBeLessThan(-Math.log(alpha));
      }),
    );
  });

  test("a tail that shrinks to nothing leaves the bound of normal steps", () => {
    fc.assert(
      fc.property(alphas, fc.constantFrom("exponential" as const, "poisson" as const), (alpha, kind) => {
        const [variance, tuning] = [100, 30];
        const normal = mixtureBound(variance / tuning, alpha, "greater") * Math.sqrt(variance);
        const found = must(sumBound({ steps: { kind, scale: 0.1 }, tuning }, { variance, alpha }));
        expect(Math.abs(found / normal - 1)).toBeLessThan(0.03);
      }),
      { numRuns: 20 },
    );
  });

  test("a stitched bound grows with the variance, little faster than its square root", () => {
    const bound = (variance: number) => must(stitchedBound({ variance, leastVariance: 10, alpha: 0.05 }));
    expect(bound(1)).toBe(bound(10));
    expect(bound(4000) / bound(1000)).toBeGreaterThan(2);
    expect(bound(4000) / bound(1000)).toBeLessThan(2.2);
  });
});

test("what cannot be said is refused with the reason", () => {
  const watched: WatchedSum = { steps: bounded, tuning: 10 };
  const at = (changes: Partial<WatchedSum>, sum = 1, variance = 10) =>
    refusalOf(sumEvidence({ ...watched, ...changes }, { sum, variance }));
  expect(at({ tuning: 0 })).toBe("bad-value");
  expect(at({ steps: { kind: "poisson", scale: 0 } })).toBe("bad-value");
  expect(at({ steps: { kind: "poisson", scale: 1 }, alternative: "two-sided" })).toBe("bad-value");
  expect(at({}, 51)).toBe("bad-value");
  expect(at({}, -13)).toBe("bad-value");
  expect(at({}, Number.NaN)).toBe("not-finite");
  expect(refusalOf(sumBound(watched, { variance: 10, alpha: 1 }))).toBe("bad-level");
  const stitched = { variance: 1, leastVariance: 1, alpha: 0.05 };
  expect(refusalOf(stitchedBound({ ...stitched, alpha: 0 }))).toBe("bad-level");
  expect(refusalOf(stitchedBound({ ...stitched, leastVariance: 0 }))).toBe("bad-value");
  const band = { alpha: 0.05, units: 100, leastUnits: 10 };
  expect(must(empiricalBand({ ...band, units: 9 }))).toBe(Infinity);
  expect(refusalOf(empiricalBand({ ...band, units: 0 }))).toBe("bad-value");
  expect(refusalOf(quantileCountBound({ ...band, quantile: 1 }))).toBe("bad-value");
  expect(refusalOf(quantileCountBound({ ...band, alpha: 0, quantile: 0.5 }))).toBe("bad-level");
});
