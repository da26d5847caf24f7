import { ok, type Result } from "#core/kernel/result.ts";
import {
  betaAbove,
  betaBelow,
  betaBulk,
  betaDeviation,
  betaMean,
  betaNodes,
  type Beta,
} from "./beta-posterior.ts";
import type { Interval } from "./interval.ts";
import type { ExpectedLoss } from "./normal-posterior.ts";
import { refused, type Refusal } from "./refusal.ts";
import { betaCdf, betaQuantile } from "./special-functions.ts";
import { refusedComparison, type ProportionComparison } from "./two-proportions.ts";

/** A question to two rates, to be read with a prior. */
export interface BayesianProportions extends Pick<ProportionComparison, "control" | "treatment"> {
  /** 1 - the credibility of the intervals, in (0, 1). */
  readonly alpha: number;
  /** Believed before: as many successes and failures, of each arm. Default Jeffreys', 1/2 and 1/2; at least 0.1 each. */
  readonly prior?: Beta;
  /** Whether a success is good. Default true. */
  readonly higherIsBetter?: boolean;
}

/** What is believed of one rate. */
export interface RatePosterior {
  readonly mean: number;
  /** Equal tails. */
  readonly interval: Interval;
}

/** What is believed of two rates. */
export interface ProportionPosterior {
  readonly control: RatePosterior;
  readonly treatment: RatePosterior;
  /** The probability that the treatment's rate is the better one. */
  readonly chanceToWin: number;
  /** As a difference of rates. */
  readonly expectedLoss: ExpectedLoss;
  /** Of pT - pC, equal tails. */
  readonly interval: Interval;
}

/**
 * The Bayesian reading of two rates: independent Beta(prior + successes, prior + failures) posteriors, exact also for few units.
 *
 * Chance to win = P(T > C), expected loss of the treatment = E[max(C - T, 0)], of the control E[max(T - C, 0)], each as an
 * integral over the narrower posterior (betaNodes) of what the other one has in closed form; the interval of T - C
 * where its distribution has both tails. Independent units. Gelman et al. (2013), Bayesian Data Analysis, 2.4; Jeffreys (1946).
 *
 * Refuses `bad-level`, `bad-count`, `too-few` without a trial, `bad-value` for a prior below 0.1 or not finite.
 */
export function bayesianProportions(question: BayesianProportions): Result<ProportionPosterior, Refusal> {
  const { alpha, prior = { successes: 0.5, failures: 0.5 }, higherIsBetter = true } = question;
  const refusal = refusedComparison(question);
  if (refusal) return refusal;
  if (![prior.successes, prior.failures].every((count) => count >= 0.1 && count < Infinity)) {
    return refused("bad-value", "A prior has at least 0.1 successes and failures");
  }
  const posteriors = {
    control: posteriorOf(question.control, prior),
    treatment: posteriorOf(question.treatment, prior),
  };
  const { control, treatment } = posteriors;
  const treatmentHigher = chanceAbove(treatment, control);
  // E[max(X - Y, 0)], of the arm that is higher.
  const higher = { control: meanExcess(control, treatment), treatment: meanExcess(treatment, control) };
  return ok({
    control: { mean: betaMean(control), interval: rateInterval(control, alpha) },
    treatment: { mean: betaMean(treatment), interval: rateInterval(treatment, alpha) },
    chanceToWin: higherIsBetter ? treatmentHigher : chanceAbove(control, treatment),
    expectedLoss: higherIsBetter
      ? { control: higher.treatment, treatment: higher.control }
      : { control: higher.control, treatment: higher.treatment },
    interval: differenceInterval(posteriors, alpha),
  });
}

function posteriorOf(
  { successes, trials }: { readonly successes: number; readonly trials: number },
  prior: Beta,
): Beta {
  return { successes: successes + prior.successes, failures: trials - successes + prior.failures };
}

function rateInterval({ successes, failures }: Beta, alpha: number): Interval {
  return [betaQuantile(alpha / 2, successes, failures), 1 - betaQuantile(alpha / 2, failures, successes)];
}

/** P(one > other). */
function chanceAbove(one: Beta, other: Beta): number {
  return isNarrower(one, other)
    ? meanUnder(one, (node) => betaBelow(other, node))
    : meanUnder(other, (node) => betaAbove(one, node));
}

/** E[max(one - other, 0)]; E[max(x - Y, 0)] = x P(Y < x) - E[Y] P(Y' < x), Y' ~ Beta(a + 1, b), and likewise above. */
function meanExcess(one: Beta, other: Beta): number {
  const excess = isNarrower(one, other)
    ? meanUnder(
        one,
        (node) =>
          node.share * betaBelow(other, node) - betaMean(other) * betaBelow(oneSuccessMore(other), node),
      )
    : meanUnder(
        other,
        (node) => betaMean(one) * betaAbove(oneSuccessMore(one), node) - node.share * betaAbove(one, node),
      );
  return Math.max(0, excess);
}

function oneSuccessMore({ successes, failures }: Beta): Beta {
  return { successes: successes + 1, failures };
}

function isNarrower(one: Beta, other: Beta): boolean {
  return betaDeviation(one) < betaDeviation(other);
}

function meanUnder(
  belief: Beta,
  valueAt: (node: { readonly share: number; readonly rest: number }) => number,
): number {
  let sum = 0;
  let weights = 0;
  for (const node of betaNodes(belief, betaBulk(belief))) {
    sum += node.weight * valueAt(node);
    weights += node.weight;
  }
  return sum / weights;
}

function differenceInterval(
  { control, treatment }: { readonly control: Beta; readonly treatment: Beta },
  alpha: number,
): Interval {
  // T - C, or the same from the other end: the sum goes over the narrower one.
  const upwards = isNarrower(control, treatment);
  const [narrow, wide] = upwards ? [control, treatment] : [treatment, control];
  const below = shiftedChance(narrow, wide);
  const centre = betaMean(wide) - betaMean(narrow);
  const reach = Math.hypot(betaDeviation(wide), betaDeviation(narrow));
  const quantile = (p: number): number =>
    increasingRoot((difference) => below(difference) - p, { centre, reach });
  const [low, high] = [quantile(alpha / 2), quantile(1 - alpha / 2)];
  return upwards ? [low, high] : [-high, -low];
}

/** Where a function that increases from below 0 at -1 to above 0 at 1 is 0, to 1e-12: a bracket by doubling, then the Illinois method. */
function increasingRoot(
  valueAt: (place: number) => number,
  { centre, reach }: { readonly centre: number; readonly reach: number },
): number {
  let [low, high] = [centre, centre];
  for (let step = reach; low > -1 && valueAt(low) > 0; step *= 2) low = Math.max(-1, low - step);
  for (let step = reach; high < 1 && valueAt(high) < 0; step *= 2) high = Math.min(1, high + step);
  let [lowValue, highValue] = [valueAt(low), valueAt(high)];
  for (let round = 0; round < 60 && high - low > 1e-12 && lowValue < highValue; round += 1) {
    const place = low + (high - low) * (-lowValue / (highValue - lowValue));
    const value = valueAt(place);
    if (Math.abs(value) < 1e-12) return place;
    // The end that stays counts half, or it would stay for long.
    if (value < 0) [low, lowValue, highValue] = [place, value, highValue / 2];
    else [high, highValue, lowValue] = [place, value, lowValue / 2];
  }
  return (low + high) / 2;
}

/**
 * P(wide - narrow <= d) as a function of d, in [-1, 1]. The sum goes over the shares at which narrow + d is a share, so that
 * its ends are those of smooth functions; above, wide is below for sure.
 */
function shiftedChance(narrow: Beta, wide: Beta): (difference: number) => number {
  const bulk = betaBulk(narrow);
  let whole = 0;
  for (const { weight } of betaNodes(narrow, bulk)) whole += weight;
  return (difference) => {
    const range = { below: Math.max(bulk.below, -difference), above: Math.max(bulk.above, difference) };
    const surely = difference > 0 ? betaCdf(difference, narrow.failures, narrow.successes) : 0;
    if (range.below + range.above >= 1) return surely;
    let sum = 0;
    for (const { share, rest, weight } of betaNodes(narrow, range)) {
      sum += weight * betaBelow(wide, { share: share + difference, rest: rest - difference });
    }
    return sum / whole + surely;
  };
}
