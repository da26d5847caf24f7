import { ok, type Result } from "#core/kernel/result.ts";
import type { Estimate } from "./confidence-sequence.ts";
import type { Interval } from "./interval.ts";
import { normalInterval } from "./normal-interval.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";
import { normalCdf, normalSurvival } from "./special-functions.ts";

/** What was believed of an effect before the data: normal, on the scale of the effect. */
export interface NormalPrior {
  readonly mean: number;
  /** > 0. */
  readonly standardDeviation: number;
}

/** What is believed of a lift unless told: most changes move a metric by less than 10 % of it. */
export const liftPrior: NormalPrior = { mean: 0, standardDeviation: 0.1 };

/** What is believed of an effect after the data. */
export interface NormalPosterior {
  readonly mean: number;
  readonly standardDeviation: number;
  /** The probability that the treatment is the better one. */
  readonly chanceToWin: number;
  readonly expectedLoss: ExpectedLoss;
  /** Holds the effect with probability 1 - alpha, half of the rest on each side. */
  readonly interval: Interval;
}

/** How much is given away on average by choosing an arm, in units of the effect: 0 for one that is surely the better. */
export interface ExpectedLoss {
  readonly control: number;
  readonly treatment: number;
}

/**
 * The normal posterior of an effect: precisions (1/error^2) add up, and the mean is the one weighted by them.
 *
 * Assumes an estimate with a normal error that is known. Chance to win = Phi(m/s). Expected loss of the treatment =
 * s phi(m/s) - m Phi(-m/s), of the control = s phi(m/s) + m Phi(m/s); where lower is better, both arms change places.
 * A `flat` prior leaves the estimate as it is. A reading beside the test, and no rule when to stop: who looks 50 times and stops
 * at a chance to win of 95 % finds a winner in half of all experiments without an effect, whatever the prior.
 *
 * Gelman et al. (2013), Bayesian Data Analysis, 2.5; expected loss: Raiffa & Schlaifer (1961), Applied Statistical Decision
 * Theory, 5.4 (the unit normal linear loss).
 *
 * Refuses `bad-level`, `not-finite`, `bad-value` for a prior without a spread, `no-variance` for an error that is not above 0.
 */
export function normalPosterior(
  { value, standardError }: Estimate,
  {
    prior,
    alpha,
    higherIsBetter = true,
  }: { readonly prior: NormalPrior | "flat"; readonly alpha: number; readonly higherIsBetter?: boolean },
): Result<NormalPosterior, Refusal> {
  const refusal = refusedLevel(alpha) ?? refusedPrior(prior);
  if (refusal) return refusal;
  if (!Number.isFinite(value) || !Number.isFinite(standardError)) {
    return refused("not-finite", "The estimate and its error must be finite numbers");
  }
  if (standardError <= 0)
    return refused("no-variance", `The standard error is above 0, it is ${standardError}`);
  const { mean, standardDeviation } =
    prior === "flat"
      ? { mean: value, standardDeviation: standardError }
      : weighted({ value, standardError }, prior);
  const better = higherIsBetter ? mean / standardDeviation : -mean / standardDeviation;
  return ok({
    mean,
    standardDeviation,
    chanceToWin: normalCdf(better),
    expectedLoss: {
      control: standardDeviation * unitLoss(-better),
      treatment: standardDeviation * unitLoss(better),
    },
    interval: normalInterval({ estimate: mean, standardError: standardDeviation }, alpha),
  });
}

/** Shares of the squared errors instead of precisions, which would not fit a number for tiny or huge scales. */
function weighted({ value, standardError }: Estimate, prior: NormalPrior): NormalPrior {
  const both = Math.hypot(standardError, prior.standardDeviation);
  const ofPrior = prior.standardDeviation / both;
  const ofData = standardError / both;
  return {
    mean: value * ofPrior * ofPrior + prior.mean * ofData * ofData,
    standardDeviation: standardError * ofPrior,
  };
}

/** E[max(-D, 0)] of a normal D with mean z and deviation 1: phi(z) - z Phi(-z). Its rounding far out is not below 0. */
function unitLoss(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return Math.max(0, density - z * normalSurvival(z));
}

function refusedPrior(
  prior: NormalPrior | "flat",
): { readonly ok: false; readonly error: Refusal } | undefined {
  if (prior === "flat") return undefined;
  if (Number.isFinite(prior.mean) && prior.standardDeviation > 0 && prior.standardDeviation < Infinity)
    return undefined;
  return refused("bad-value", "A prior has a finite mean and a standard deviation above 0");
}
