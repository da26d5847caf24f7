import { bayesianProportions } from "#core/statistics/bayesian-proportions.ts";
import { fisherExact } from "#core/statistics/fisher-exact.ts";
import type { Interval } from "#core/statistics/interval.ts";
import { mcnemarTest } from "#core/statistics/mcnemar.ts";
import { nonInferiorProportion } from "#core/statistics/non-inferiority.ts";
import { oddsRatio, riskRatio } from "#core/statistics/proportion-ratios.ts";
import {
  agrestiCoullInterval,
  clopperPearsonInterval,
  jeffreysInterval,
  wilsonInterval,
} from "#core/statistics/proportion.ts";
import { sampleRatio } from "#core/statistics/sample-ratio.ts";
import { miettinenNurminenInterval } from "#core/statistics/score-interval.ts";
import {
  agrestiCaffoInterval,
  newcombeInterval,
  twoProportionTest,
  waldInterval,
} from "#core/statistics/two-proportions.ts";
import { told, type Check, type Draw, type Figures } from "../check.ts";

const alpha = 0.05;
const casesOfEach = 40;

/** From 10 to 100,000 trials, with successes and failures. */
function proportion(draw: Draw) {
  const trials = Math.round(10 ** (1 + 4 * draw.unit()));
  return { successes: draw.whole(1, trials - 1), trials };
}

function arms(draw: Draw) {
  return { control: proportion(draw), treatment: proportion(draw) };
}

function bounds(name: string, [lower, upper]: Interval): Figures {
  return { [`${name}Lower`]: lower, [`${name}Upper`]: upper };
}

function cut([lower, upper]: Interval): Interval {
  return [Math.max(0, lower), Math.min(1, upper)];
}

/** Shares of units, one or two of them. */
export const proportionChecks: readonly Check[] = [
  {
    id: "one_proportion",
    peer: "statsmodels proportion_confint: wilson, agresti_coull, jeffreys, beta",
    tolerance: 1e-9,
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const one = proportion(draw);
        return {
          input: { ...one, alpha },
          ours: {
            ...bounds("wilson", told(wilsonInterval(one, alpha))),
            // Cut where theirs is: it reaches beyond shares.
            ...bounds("agresti_coull", cut(told(agrestiCoullInterval(one, alpha)))),
            ...bounds("jeffreys", told(jeffreysInterval(one, alpha))),
            ...bounds("beta", told(clopperPearsonInterval(one, alpha))),
          },
        };
      }),
  },
  {
    id: "two_proportions",
    peer: "statsmodels proportions_ztest, confint_proportions_2indep: newcomb, wald, agresti-caffo",
    tolerance: 1e-9,
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const two = { ...arms(draw), alpha };
        const { statistic, pValue } = told(twoProportionTest(two));
        return {
          input: two,
          ours: {
            statistic,
            pValue,
            ...bounds("newcomb", told(newcombeInterval(two))),
            ...bounds("wald", told(waldInterval(two))),
            ...bounds("agresti-caffo", told(agrestiCaffoInterval(two))),
          },
        };
      }),
  },
  {
    id: "score_interval",
    peer: "scipy.optimize: the likelihood maximised at each difference",
    tolerance: 1e-6,
    because: "a maximum is flat: half the digits",
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const two = { ...arms(draw), alpha };
        return { input: two, ours: bounds("score", told(miettinenNurminenInterval(two))) };
      }),
  },
  {
    id: "non_inferior_proportion",
    peer: "scipy.optimize: the likelihood maximised at the margin",
    tolerance: 1e-6,
    because: "a maximum is flat: half the digits",
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const trials = draw.whole(50, 5_000);
        const [control, treatment] = [0.6, 0.58].map((share) => ({
          trials,
          successes: Math.round(trials * (share + 0.05 * draw.unit())),
        })) as [{ trials: number; successes: number }, { trials: number; successes: number }];
        const margin = 0.02 + 0.08 * draw.unit();
        const found = told(
          nonInferiorProportion({ control, treatment }, { margin, alpha, higherIsBetter: true }),
        );
        return {
          input: { control, treatment, margin },
          ours: { statistic: found.score.statistic, pValue: found.score.pValue },
        };
      }),
  },
  {
    id: "proportion_ratios",
    peer: "statsmodels Table2x2",
    tolerance: 1e-9,
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const two = { ...arms(draw), alpha };
        const [odds, risk] = [told(oddsRatio(two)), told(riskRatio(two))];
        return {
          input: two,
          ours: {
            odds: odds.ratio,
            risk: risk.ratio,
            ...bounds("odds", odds.interval),
            ...bounds("risk", risk.interval),
          },
        };
      }),
  },
  {
    id: "fisher_exact",
    peer: "scipy.stats.fisher_exact",
    tolerance: 1e-9,
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const [a, b, c, d] = draw.many(4, () => draw.whole(1, 60)) as [number, number, number, number];
        const { pTwoSided, pLess, pGreater } = told(
          fisherExact([
            [a, b],
            [c, d],
          ]),
        );
        return {
          input: {
            table: [
              [a, b],
              [c, d],
            ],
          },
          ours: { pTwoSided, pLess, pGreater },
        };
      }),
  },
  {
    id: "mcnemar",
    peer: "statsmodels mcnemar, exact and not",
    tolerance: 1e-9,
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const [both, onlyA, onlyB, neither] = draw.many(4, () => draw.whole(1, 300)) as [
          number,
          number,
          number,
          number,
        ];
        const found = told(mcnemarTest({ both, onlyA, onlyB, neither }, alpha));
        const { pExact, chiSquare, pChiSquare, chiSquareCorrected, pChiSquareCorrected } = found;
        return {
          input: {
            table: [
              [both, onlyA],
              [onlyB, neither],
            ],
          },
          ours: { pExact, chiSquare, pChiSquare, chiSquareCorrected, pChiSquareCorrected },
        };
      }),
  },
  {
    id: "sample_ratio",
    peer: "scipy.stats.chisquare",
    tolerance: 1e-9,
    cases: (draw) =>
      draw.many(casesOfEach, () => {
        const variants = draw.many(draw.whole(2, 6), () => ({
          units: draw.whole(900, 1_100),
          weight: draw.whole(9, 11),
        }));
        const { chiSquare, pValue } = told(sampleRatio(variants));
        return {
          input: {
            units: variants.map(({ units }) => units),
            weights: variants.map(({ weight }) => weight),
          },
          ours: { chiSquare, pValue },
        };
      }),
  },
  {
    id: "bayesian_proportions",
    peer: "scipy.stats.beta, scipy.integrate.quad",
    tolerance: 1e-6,
    because: "quad's own error of a narrow integrand",
    cases: (draw) =>
      draw.many(20, () => {
        const trials = draw.whole(20, 2_000);
        const [control, treatment] = [0.3, 0.33].map((share) => ({
          trials,
          successes: Math.round(trials * (share + 0.05 * draw.unit())),
        })) as [{ trials: number; successes: number }, { trials: number; successes: number }];
        const found = told(bayesianProportions({ control, treatment, alpha }));
        const { chanceToWin, expectedLoss } = found;
        return {
          input: { control, treatment },
          ours: { chanceToWin, loss: expectedLoss.treatment },
        };
      }),
  },
];
