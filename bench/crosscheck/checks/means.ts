import { clusteredMomentsOf } from "#core/statistics/clusters.ts";
import { effectHeterogeneity } from "#core/statistics/heterogeneity.ts";
import { momentsOf } from "#core/statistics/moments.ts";
import { equivalenceTest } from "#core/statistics/non-inferiority.ts";
import { pairedTest } from "#core/statistics/paired-test.ts";
import { ratioSample } from "#core/statistics/ratio-metric.ts";
import { sampleOf } from "#core/statistics/sample.ts";
import { welchTest } from "#core/statistics/welch-test.ts";
import { told, type Check, type Draw } from "../check.ts";

const alpha = 0.05;
const casesOfEach = 40;

/** Values of very different scales and sizes: dollars a token, milliseconds since 1970. */
function values(draw: Draw, count: number): number[] {
  const scale = 10 ** draw.whole(-6, 6);
  const offset = draw.unit() < 0.2 ? 1e6 : draw.normal();
  return draw.many(count, () => scale * (offset + draw.normal()));
}

function sample(numbers: readonly number[]) {
  return told(sampleOf(told(momentsOf(numbers))));
}

/** Means of independent, paired and clustered values. */
export const meanChecks: readonly Check[] = [
  {
    id: "welch_test",
    peer: "scipy.stats.ttest_ind(equal_var=False)",
    tolerance: 1e-9,
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const scale = 10 ** draw.whole(-6, 6);
        const [control, treatment] = [0, draw.normal()].map((shift) =>
          draw.many(draw.whole(3, 200), () => scale * (10 + shift + draw.normal())),
        ) as [number[], number[]];
        const found = told(welchTest({ control: sample(control), treatment: sample(treatment), alpha }));
        const [lower, upper] = found.interval;
        const { statistic, pValue, degreesOfFreedom } = found;
        return {
          input: { control, treatment, alpha },
          ours: { statistic, pValue, degreesOfFreedom, lower, upper },
        };
      }),
  },
  {
    id: "paired_test",
    peer: "scipy.stats.ttest_rel",
    tolerance: 1e-9,
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const first = values(draw, draw.whole(3, 200));
        const second = first.map((value) => value * (1 + 0.1 * draw.normal()) + 0.1 * Math.abs(value));
        const differences = first.map((value, index) => (second[index] ?? 0) - value);
        const found = told(pairedTest({ differences: sample(differences), alpha }));
        const [lower, upper] = found.interval;
        return {
          input: { first, second, alpha },
          ours: { statistic: found.statistic, pValue: found.pValue, lower, upper },
        };
      }),
  },
  {
    id: "clustered_mean",
    peer: "statsmodels OLS of a constant, cov_type='cluster'",
    tolerance: 1e-9,
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const rows = draw
          .many(draw.whole(10, 60), () => draw.normal())
          .flatMap((level, cluster) =>
            draw.many(draw.whole(1, 40), () => ({ cluster, value: 5 + level + draw.normal() })),
          );
        const items = rows.map(({ value }) => value);
        const clusters = rows.map(({ cluster }) => cluster);
        const { count, mean, variance } = told(
          ratioSample(told(clusteredMomentsOf(items, clusters)).clusters),
        );
        return { input: { items, clusters }, ours: { mean, standardError: Math.sqrt(variance / count) } };
      }),
  },
  {
    id: "equivalence",
    peer: "statsmodels ttost_ind(usevar='unequal')",
    tolerance: 1e-9,
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const control = draw.many(draw.whole(10, 100), draw.normal);
        const treatment = draw.many(draw.whole(10, 100), () => 0.1 + 1.5 * draw.normal());
        const [lower, upper] = [-0.5 - draw.unit(), 0.5 + draw.unit()];
        const difference = told(welchTest({ control: sample(control), treatment: sample(treatment), alpha }));
        const { pLower, pUpper, pValue } = told(equivalenceTest({ ...difference, lower, upper, alpha }));
        return { input: { control, treatment, lower, upper }, ours: { pValue, pLower, pUpper } };
      }),
  },
  {
    id: "heterogeneity",
    peer: "statsmodels combine_effects",
    tolerance: 1e-9,
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const effects = draw.many(draw.whole(2, 12), () => ({
          value: draw.normal(),
          standardError: 0.1 + draw.unit(),
        }));
        const { pooled, statistic, inconsistency } = told(effectHeterogeneity(effects, alpha));
        return {
          input: {
            values: effects.map(({ value }) => value),
            errors: effects.map(({ standardError }) => standardError),
          },
          ours: { pooled: pooled.value, error: pooled.standardError, statistic, inconsistency },
        };
      }),
  },
];
