import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { goldenInterval, testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { readVector } from "../../../test/support/read-vector.ts";
import { confidenceSequence, tunedRho } from "./confidence-sequence.ts";
import { mixtureBound, mixtureLogEvidence } from "./normal-mixture.ts";

interface Vector {
  readonly id: string;
  readonly input: Readonly<Record<string, number>>;
  readonly expected: Readonly<Record<string, number>> & { readonly ci?: readonly number[] };
  readonly tolerance: number;
}

// What the file's README says of it: its cases ask for several things, by the names of their numbers.
const vectors = readVector("experiments/sequential_asympcs.json") as readonly Vector[];

/** The expansion to two terms, which peers tune by. */
const rhoOfPeers = (alpha: number, units: number): number => {
  const twice = -2 * Math.log(alpha);
  return Math.sqrt((twice + Math.log(twice + 1)) / units);
};

const number = (value: number | undefined): number => value ?? Number.NaN;

/** What this code says to a vector's question, by the names of the vector. */
function answers({ input }: Vector): Readonly<Record<string, number>> {
  const alpha = input["alpha"] ?? 1 - number(input["confidence"]);
  if (input["estimate"] !== undefined) {
    const [units, rho] = [number(input["n"]), rhoOfPeers(alpha, number(input["tuningN"]))];
    const estimate = { value: input["estimate"], standardError: number(input["standardError"]) };
    const { interval, logEvidence, pValue } = must(confidenceSequence(estimate, { units, rho, alpha }));
    const halfwidth = (interval[1] - interval[0]) / 2;
    return { rho, halfwidth, logEvalue: logEvidence, pValue, lower: interval[0], upper: interval[1] };
  }
  if (input["t"] !== undefined) {
    const rho = 1 / rhoOfPeers(alpha, number(input["nTune"])) ** 2;
    return { rho, B: mixtureBound(input["t"] / rho, alpha) };
  }
  if (input["treatmentVariance"] !== undefined) {
    const [vt, vc] = [input["treatmentVariance"], number(input["controlVariance"])];
    const [nt, nc] = [number(input["treatmentN"]), number(input["controlN"])];
    const V = vt / nt + vc / nc;
    // Statsig's mixture grows with the data, and its alpha is half: given, and wider than it must be.
    const tau = (1.959963984540054 ** 2 * (vt + vc)) / (nt + nc);
    const quantile = alpha === 0.05 ? 1 : (1.6448536269514722 / 1.959963984540054) ** 2;
    const zStar = mixtureBound((tau * quantile) / V, alpha / 2);
    return { V, tau: tau * quantile, zStar, ciHalfwidth: zStar * Math.sqrt(V) };
  }
  if (input["tau"] !== undefined) {
    const variance = number(input["varianceOfDifference"]);
    const ratio = input["tau"] / variance;
    const evidence = mixtureLogEvidence(number(input["difference"]) / Math.sqrt(variance), ratio);
    return {
      likelihoodRatio: Math.exp(evidence),
      pValue: Math.min(1, Math.exp(-evidence)),
      halfwidth: mixtureBound(ratio, alpha) * Math.sqrt(variance),
    };
  }
  const units = number(input["tuningN"]);
  return { rhoApprox: rhoOfPeers(alpha, units), rhoExact: tunedRho(alpha, units) };
}

describe("golden numbers", () => {
  test.each(vectors)("$id", (vector) => {
    const { ci, ...expected } = vector.expected;
    const wanted = { ...expected, ...(ci && { lower: number(ci[0]), upper: number(ci[1]) }) };
    const told = answers(vector);
    for (const [name, value] of Object.entries(wanted))
      expect(Math.abs(number(told[name]) - value), name).toBeLessThanOrEqual(vector.tolerance);
  });
});

describe("golden values of GrowthBook", () => {
  const input = z.object({
    test: z.enum([
      "SequentialTwoSidedTTest",
      "SequentialOneSidedTreatmentGreaterTTest",
      "SequentialOneSidedTreatmentLesserTTest",
    ]),
    control: z.object({ n: z.number() }),
    treatment: z.object({ n: z.number() }),
    alpha: z.number(),
    sequentialTuningN: z.number(),
  });
  const answer = z.object({
    pointEstimate: z.number(),
    standardError: z.number(),
    ci: goldenInterval,
    pValue: z.number(),
    halfwidth: z.number(),
    rho: z.number(),
  });
  const alternatives = {
    SequentialTwoSidedTTest: "two-sided",
    SequentialOneSidedTreatmentGreaterTTest: "greater",
    SequentialOneSidedTreatmentLesserTTest: "less",
  } as const;
  const count = testGolden("growthbook_sequential.json", { input, expected: answer }, (golden) => {
    const { alpha, control, treatment, sequentialTuningN } = golden.input;
    const { pointEstimate, standardError, halfwidth, ...expected } = golden.expected;
    const alternative = alternatives[golden.input.test];
    const isTwoSided = alternative === "two-sided";
    const units = control.n + treatment.n;
    const rho = rhoOfPeers(isTwoSided ? alpha : 2 * alpha, sequentialTuningN);
    golden.close(rho, expected.rho);
    const estimate = { value: pointEstimate, standardError };
    const found = must(confidenceSequence(estimate, { units, rho, alpha, alternative }));
    const ratio = units * rho * rho;
    if (isTwoSided) {
      golden.close(found.interval, expected.ci);
      golden.close(found.pValue, expected.pValue);
      golden.close(mixtureBound(ratio, alpha) * standardError, halfwidth);
      return;
    }
    // The peer takes the closed form that is too wide by up to a few per cent (Howard et al. 2021, equation 15); ours is
    // the root itself. Its p-value is searched for with the closed form, to 1e-4, and at most 0.4999.
    const factor = 2 * (1 + 1 / ratio);
    const closed = Math.sqrt(factor * Math.log1p(Math.sqrt(1 + ratio) / (2 * alpha)));
    golden.close(closed * standardError, halfwidth);
    const exact = mixtureBound(ratio, alpha, "greater");
    expect(exact).toBeLessThan(closed);
    expect(exact).toBeGreaterThan(0.97 * closed);
    const bound = found.interval[alternative === "greater" ? 0 : 1];
    expect(Math.abs(bound - pointEstimate)).toBeCloseTo(exact * standardError, 12);
    expect(found.pValue).toBeGreaterThan(alpha);
    const z = (alternative === "greater" ? pointEstimate : -pointEstimate) / standardError;
    const rises = z > 0 ? Math.sqrt(1 + ratio) / (2 * Math.expm1((z * z) / factor)) : 1;
    expect(Math.min(0.4999, rises)).toBeCloseTo(expected.pValue, 3);
    expect(found.pValue).toBeLessThan(z > 0 ? rises : 1.01);
  });

  test("every case is run", () => expect(count).toBe(16));
});

const alphas = fc.double({ min: 1e-6, max: 0.5, noNaN: true });

test("the tuned mixture is the narrowest at the units that it is tuned for", () => {
  fc.assert(
    fc.property(alphas, fc.integer({ min: 10, max: 1_000_000 }), (alpha, units) => {
      const rho = tunedRho(alpha, units);
      const width = (factor: number) => mixtureBound(units * (rho * factor) ** 2, alpha);
      expect(width(1)).toBeLessThanOrEqual(Math.min(width(0.9), width(1.1)));
    }),
  );
});

test("zero leaves the interval where the p-value passes alpha, and nowhere else", () => {
  const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const error = fc.double({ min: 1e-9, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(
      finite,
      error,
      fc.integer({ min: 2, max: 1e7 }),
      alphas,
      (value, standardError, units, alpha) => {
        const terms = { units, rho: tunedRho(alpha, 5_000), alpha };
        const { interval, pValue } = must(confidenceSequence({ value, standardError }, terms));
        expect(pValue).toBeGreaterThanOrEqual(0);
        expect(pValue).toBeLessThanOrEqual(1);
        if (Math.abs(pValue - alpha) > 1e-9 * alpha)
          expect(interval[0] <= 0 && 0 <= interval[1]).toBe(pValue > alpha);
      },
    ),
  );
});

test.each([
  ["bad-level", { value: 0, standardError: 1 }, { units: 10, rho: 0.1, alpha: 0 }],
  ["not-finite", { value: Number.NaN, standardError: 1 }, { units: 10, rho: 0.1, alpha: 0.05 }],
  ["bad-value", { value: 0, standardError: 1 }, { units: 10, rho: 0, alpha: 0.05 }],
  ["too-few", { value: 0, standardError: 1 }, { units: 1, rho: 0.1, alpha: 0.05 }],
  ["no-variance", { value: 0, standardError: 0 }, { units: 10, rho: 0.1, alpha: 0.05 }],
] as const)("is refused: %s", (error, estimate, terms) => {
  expect(refusalOf(confidenceSequence(estimate, terms))).toBe(error);
});
