import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { goldenInterval, testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import {
  clusteredMomentsOf,
  designEffect,
  mergedClusteredMoments,
  noClusteredMoments,
  type ClusteredMoments,
} from "./clusters.ts";
import { correlationOf, crossMomentsOf } from "./cross-moments.ts";
import { mcnemarTest } from "./mcnemar.ts";
import { momentsOf } from "./moments.ts";
import { pairedSample, pairedTest } from "./paired-test.ts";
import { ratioSample } from "./ratio-metric.ts";
import { sampleOf, type Sample } from "./sample.ts";
import { signedRankTest } from "./signed-rank.ts";
import { meanOf, welchTest } from "./welch-test.ts";

const numbers = z.array(z.number());
const file = "paired_clustered_se.json";

/** Squared standard error of clusters without the correction G/(G - 1). */
const uncorrected = (sample: Sample) =>
  (meanOf(sample).standardError ** 2 * (sample.count - 1)) / sample.count;

describe("golden values of statsmodels and SciPy", () => {
  const paired = testGolden(
    file,
    {
      input: z.object({ a: numbers, b: numbers, cluster: numbers }),
      expected: z.object({
        meanDifference: z.number(),
        sePairedClt: z.number(),
        seUnpaired: z.number(),
        correlation: z.number(),
        seClusteredCR0: z.number(),
        seClusteredCR1: z.number(),
        designEffectCR0: z.number(),
        nClusters: z.number(),
        t: z.number(),
        df: z.number(),
        pValue: z.number(),
        ci: goldenInterval,
      }),
    },
    ({ input: { a, b, cluster }, expected, close }) => {
      const pairs = must(crossMomentsOf(a, b));
      const differences = must(pairedSample(pairs));
      close(
        [differences.mean, meanOf(differences).standardError],
        [expected.meanDifference, expected.sePairedClt],
      );
      close(must(correlationOf(pairs)), expected.correlation);
      const [control, treatment] = [must(sampleOf(pairs.x)), must(sampleOf(pairs.y))];
      close(must(welchTest({ control, treatment, alpha: 0.05 })).standardError, expected.seUnpaired);

      const moments = must(
        clusteredMomentsOf(
          a.map((score, index) => (b[index] ?? 0) - score),
          cluster,
        ),
      );
      const clustered = must(ratioSample(moments.clusters));
      const found = must(pairedTest({ differences: clustered, alpha: 0.05 }));
      close([found.difference, found.standardError], [expected.meanDifference, expected.seClusteredCR1]);
      close(
        [found.statistic, found.degreesOfFreedom, found.pValue],
        [expected.t, expected.df, expected.pValue],
      );
      close(found.interval, expected.ci);
      close(Math.sqrt(uncorrected(clustered)), expected.seClusteredCR0);
      close(clustered.count, expected.nClusters);
      close(must(designEffect(moments)).designEffect, expected.designEffectCR0);
    },
  );
  const unpaired = testGolden(
    file,
    {
      input: z.object({ outcome: numbers, arm: numbers, cluster: numbers }),
      expected: z.object({
        difference: z.number(),
        seCR0: z.number(),
        seCR1: z.number(),
        seNaiveWelch: z.number(),
      }),
    },
    ({ input: { outcome, arm, cluster }, expected, close }) => {
      const [control, treatment] = [0, 1].map((wanted) => {
        const mine = <T>(list: readonly T[]) => list.filter((_, index) => arm[index] === wanted);
        return must(clusteredMomentsOf(mine(outcome), mine(cluster)));
      });
      if (!control || !treatment) expect.unreachable();
      const samples = {
        control: must(ratioSample(control.clusters)),
        treatment: must(ratioSample(treatment.clusters)),
      };
      close(must(welchTest({ ...samples, alpha: 0.05 })).difference, expected.difference);
      const variance = uncorrected(samples.control) + uncorrected(samples.treatment);
      close(Math.sqrt(variance), expected.seCR0);
      // statsmodels corrects both arms by the number of all clusters; ours corrects each by its own (Welch).
      const [groups, items] = [samples.control.count + samples.treatment.count, outcome.length];
      const correction = (groups / (groups - 1)) * ((items - 1) / (items - 2));
      close(Math.sqrt(variance * correction), expected.seCR1);
      const naive = { control: must(sampleOf(control.items)), treatment: must(sampleOf(treatment.items)) };
      close(must(welchTest({ ...naive, alpha: 0.05 })).standardError, expected.seNaiveWelch);
    },
  );
  const single = testGolden(
    file,
    {
      input: z.object({ differences: numbers }),
      expected: z.object({
        t: z.number(),
        df: z.number(),
        pPairedT: z.number(),
        wilcoxonW: z.number(),
        pWilcoxon: z.number(),
        pSign: z.number(),
      }),
    },
    ({ input: { differences }, expected, close }) => {
      const found = must(
        pairedTest({ differences: must(sampleOf(must(momentsOf(differences)))), alpha: 0.05 }),
      );
      close(
        [found.statistic, found.degreesOfFreedom, found.pValue],
        [expected.t, expected.df, expected.pPairedT],
      );
      const ranks = must(signedRankTest(differences));
      close(Math.min(ranks.above, ranks.below), expected.wilcoxonW);
      close(ranks.pValue, expected.pWilcoxon);
      // The sign test is McNemar's on how many are above and below.
      const onlyA = differences.filter((difference) => difference > 0).length;
      const onlyB = differences.filter((difference) => difference < 0).length;
      close(must(mcnemarTest({ both: 0, onlyA, onlyB, neither: 0 }, 0.05)).pExact, expected.pSign);
    },
  );

  test("every case is run", () => expect(paired + unpaired + single).toBe(9));
});

const clusteredValues = fc.array(
  fc.tuple(fc.double({ min: -10, max: 10, noNaN: true }), fc.integer({ min: 0, max: 5 })),
  { minLength: 12, maxLength: 40 },
);
const momentsOfPairs = (pairs: readonly (readonly [number, number])[]): ClusteredMoments =>
  must(
    clusteredMomentsOf(
      pairs.map(([value]) => value),
      pairs.map(([, cluster]) => cluster),
    ),
  );

describe("laws", () => {
  test("clusters of one item are no clusters", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 2 }), (values) => {
        const moments = must(clusteredMomentsOf(values, [...values.keys()]));
        fc.pre(moments.items.squaredDeviations > 1);
        const found = must(designEffect(moments));
        expect(found.designEffect).toBeCloseTo(1, 9);
        expect(found.effectiveItems).toBeCloseTo(values.length, 6);
        expect(found.intraclassCorrelation).toBeUndefined();
      }),
    );
  });

  test("every item twice: the standard error stays, the design effect is 2 and the correlation 1", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 2 }), (values) => {
        const ids = [...values.keys()];
        const once = must(clusteredMomentsOf(values, ids));
        fc.pre(once.items.squaredDeviations > 1);
        const twice = must(clusteredMomentsOf([...values, ...values], [...ids, ...ids]));
        const found = must(designEffect(twice));
        expect(found.designEffect).toBeCloseTo(2, 6);
        expect(found.intraclassCorrelation).toBeCloseTo(1, 6);
        const [single, double] = [must(ratioSample(once.clusters)), must(ratioSample(twice.clusters))];
        expect(double.variance).toBeCloseTo(single.variance, 6);
      }),
    );
  });

  test("the correlation is that of all pairs in a cluster, and parts merge", () => {
    fc.assert(
      fc.property(clusteredValues, (pairs) => {
        const moments = momentsOfPairs(pairs);
        fc.pre(moments.items.squaredDeviations > 1 && moments.clusters.x.count > 1);
        const { mean, squaredDeviations, count } = moments.items;
        const together = pairs.flatMap(([left, cluster], index) =>
          pairs.flatMap(([right, other], place) =>
            cluster === other && index !== place ? [(left - mean) * (right - mean)] : [],
          ),
        );
        const average = together.reduce((sum, product) => sum + product, 0) / together.length;
        expect(must(designEffect(moments)).intraclassCorrelation).toBeCloseTo(
          average / (squaredDeviations / count),
          6,
        );
        const parts = [0, 1].map((half) =>
          momentsOfPairs(pairs.filter(([, cluster]) => cluster % 2 === half)),
        );
        const merged = parts.reduce(mergedClusteredMoments, noClusteredMoments);
        expect(must(designEffect(merged)).designEffect).toBeCloseTo(
          must(designEffect(moments)).designEffect,
          6,
        );
      }),
    );
  });
});

test("what has no clusters, no variance or no match is refused", () => {
  const { items, clusters } = momentsOfPairs([
    [1, 0],
    [2, 0],
    [4, 1],
  ]);
  expect(refusalOf(clusteredMomentsOf([1, 2], [1]))).toBe("bad-value");
  expect(refusalOf(clusteredMomentsOf([Number.NaN], [1]))).toBe("not-finite");
  expect(refusalOf(clusteredMomentsOf([1e308, 1e308, -1e308], [1, 1, 1]))).toBe("not-finite");
  expect(refusalOf(designEffect({ items: { ...items, count: 4 }, clusters }))).toBe("bad-value");
  expect(refusalOf(designEffect({ items: { ...items, squaredDeviations: 0 }, clusters }))).toBe(
    "no-variance",
  );
  expect(refusalOf(designEffect(momentsOfPairs([[1, 0]])))).toBe("too-few");
});
