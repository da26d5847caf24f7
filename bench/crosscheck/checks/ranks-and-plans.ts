import { cohenKappa } from "#core/statistics/agreement.ts";
import { bradleyTerry } from "#core/statistics/bradley-terry.ts";
import type { Duel } from "#core/statistics/elo.ts";
import { plannedPower } from "#core/statistics/experiment-plan.ts";
import { groupSequentialBounds } from "#core/statistics/group-sequential.ts";
import { mannWhitneyTest } from "#core/statistics/mann-whitney.ts";
import { adjustedPValues } from "#core/statistics/multiplicity.ts";
import { signedRankTest } from "#core/statistics/signed-rank.ts";
import {
  betaQuantile,
  chiSquareQuantile,
  chiSquareSurvival,
  normalQuantile,
  normalSurvival,
  studentQuantile,
  studentSurvival,
} from "#core/statistics/special-functions.ts";
import type { Spending } from "#core/statistics/spending.ts";
import { studentPower } from "#core/statistics/student-power.ts";
import { told, type Check } from "../check.ts";

const alpha = 0.05;
const casesOfEach = 40;
const spendings: readonly Spending[] = [
  { kind: "obrien-fleming" },
  { kind: "pocock" },
  { kind: "power", exponent: 2 },
];

/** Ranks, families of tests, raters, duels, plans, and the functions under all of them. */
export const otherChecks: readonly Check[] = [
  {
    id: "mann_whitney",
    peer: "scipy.stats.mannwhitneyu",
    tolerance: 1e-9,
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const control = draw.many(draw.whole(5, 40), draw.normal);
        const treatment = draw.many(draw.whole(5, 40), () => 0.5 + draw.normal());
        const { u, pValue, pUncorrected, pGreater, pExact } = told(
          mannWhitneyTest(control, treatment, alpha),
        );
        return {
          input: { control, treatment },
          ours: { u, pValue, pUncorrected, pGreater, ...(pExact !== undefined && { pExact }) },
        };
      }),
  },
  {
    id: "mann_whitney_ties",
    peer: "scipy.stats.mannwhitneyu(method='asymptotic')",
    tolerance: 1e-9,
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const control = draw.many(draw.whole(20, 200), () => draw.whole(1, 5));
        const treatment = draw.many(draw.whole(20, 200), () => draw.whole(1, 6));
        const { u, pValue, pUncorrected } = told(mannWhitneyTest(control, treatment, alpha));
        return { input: { control, treatment }, ours: { u, pValue, pUncorrected } };
      }),
  },
  {
    id: "signed_rank",
    peer: "scipy.stats.wilcoxon",
    tolerance: 1e-9,
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const differences = draw.many(draw.whole(6, 50), () => 0.3 + draw.normal());
        const { pValue, pExact } = told(signedRankTest(differences));
        return { input: { differences }, ours: { pValue, ...(pExact !== undefined && { pExact }) } };
      }),
  },
  {
    id: "multiple_tests",
    peer: "statsmodels multipletests: bonferroni, holm, hommel, fdr_bh, fdr_by",
    tolerance: 1e-9,
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const pValues = draw.many(draw.whole(2, 15), () => draw.unit() ** 3);
        const by = (
          [
            ["bonferroni", "bonferroni"],
            ["holm", "holm"],
            ["hommel", "hommel"],
            ["fdr_bh", "benjamini-hochberg"],
            ["fdr_by", "benjamini-yekutieli"],
          ] as const
        ).flatMap(([theirs, ours]) =>
          told(adjustedPValues(pValues, ours)).map((p, place) => [`${theirs}${place}`, p] as const),
        );
        return { input: { pValues }, ours: Object.fromEntries(by) };
      }),
  },
  {
    id: "kappa",
    peer: "statsmodels cohens_kappa",
    tolerance: 1e-9,
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const size = draw.whole(2, 5);
        const table = draw.many(size, () => draw.many(size, () => draw.whole(1, 40)));
        const { kappa, standardError, independentError } = told(cohenKappa(table, { alpha }));
        return { input: { table }, ours: { kappa, standardError, independentError } };
      }),
  },
  {
    id: "bradley_terry",
    peer: "statsmodels GLM(Binomial) without a constant",
    tolerance: 1e-6,
    because: "statsmodels stops its iterations there",
    cases: (draw) =>
      draw.many(20, () => {
        const names = ["a", "b", "c", "d"].slice(0, draw.whole(2, 4));
        const duels = names.flatMap((first, place) =>
          names.slice(place + 1).flatMap((second, gap) =>
            draw.many(60, (): Duel => ({
              first,
              second,
              score: draw.unit() < 0.5 - 0.1 * (gap + 1) ? 1 : 0,
            })),
          ),
        );
        const found = told(bradleyTerry(duels, { alpha, reference: "a" }));
        const ours = found.flatMap(({ name, versusReference }) =>
          versusReference
            ? [
                [`${name}Strength`, versusReference.difference] as const,
                [`${name}Error`, versusReference.modelError] as const,
              ]
            : [],
        );
        return {
          input: { names, duels: duels.map(({ first, second, score }) => [first, second, score]) },
          ours: Object.fromEntries(ours),
        };
      }),
  },
  {
    id: "normal_power",
    peer: "statsmodels NormalIndPower.power",
    tolerance: 1e-9,
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const [effect, units] = [0.05 + 0.4 * draw.unit(), 2 * draw.whole(30, 2_000)];
        const power = told(
          plannedPower({ metric: { kind: "mean", mean: 1, variance: 1 }, alpha }, { effect, units }),
        );
        return { input: { effect, units, alpha }, ours: { power } };
      }),
  },
  {
    id: "student_power",
    peer: "statsmodels TTestIndPower.power",
    tolerance: 1e-9,
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const effectSize = 0.1 + 0.8 * draw.unit();
        const units = { control: draw.whole(5, 100), treatment: draw.whole(5, 100) };
        const power = told(studentPower({ effectSize, alpha, ...units }));
        return { input: { effectSize, ...units, alpha }, ours: { power } };
      }),
  },
  {
    id: "group_sequential",
    peer: "scipy.stats.multivariate_normal.cdf of the statistics within their bounds",
    tolerance: 1e-4,
    because: "SciPy integrates by drawing",
    cases: (draw) =>
      spendings.flatMap((spending) =>
        draw.many(3, () => {
          const looks = draw.whole(2, 5);
          const fractions = Array.from({ length: looks }, (_, look) => (look + 1) / looks);
          const found = told(groupSequentialBounds({ alpha, spending }, fractions));
          return {
            input: { fractions, bounds: found.map(({ bound }) => bound) },
            ours: { spent: found.at(-1)?.spent ?? Number.NaN },
          };
        }),
      ),
  },
  {
    id: "distributions",
    peer: "scipy.special: ndtri, stdtrit, chdtrc, betaincinv, and scipy.stats survival functions",
    tolerance: 1e-9,
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const [p, df, x] = [10 ** (-8 * draw.unit()) * 0.999, 1 + 200 * draw.unit(), 8 * draw.unit()];
        const [a, b] = [0.5 + 50 * draw.unit(), 0.5 + 50 * draw.unit()];
        return {
          input: { p, df, x, a, b },
          ours: {
            normalQuantile: normalQuantile(p),
            normalSurvival: normalSurvival(x),
            studentQuantile: studentQuantile(p, df),
            studentSurvival: studentSurvival(x, df),
            chiSquareQuantile: chiSquareQuantile(p, df),
            chiSquareSurvival: chiSquareSurvival(x * df, df),
            betaQuantile: betaQuantile(p, a, b),
          },
        };
      }),
  },
];
