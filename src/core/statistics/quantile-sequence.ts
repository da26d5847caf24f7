import { ok, type Result } from "#core/kernel/result.ts";
import { betaBinomialEvidence, mixtureWeight } from "./beta-binomial-mixture.ts";
import type { Interval } from "./interval.ts";
import { leastWith } from "./least-with.ts";
import { refusedTerms } from "./proportion-sequence.ts";
import { refused, type Refusal } from "./refusal.ts";

/** Which quantile is watched, and how its sequence is tuned. */
export interface QuantileTerms {
  /** In (0, 1): 0.95 for p95. */
  readonly quantile: number;
  /** Of `tunedRho`, with the units of an arm at which a decision is expected; fixed beforehand. */
  readonly rho: number;
}

/**
 * A confidence sequence of a quantile: it holds the true one at every look together with probability 1 - alpha, whatever the
 * distribution, ties too. As many values lie below the quantile p as successes of share p; between the order statistics at
 * which the evidence of that many (betaBinomialEvidence) stays below 1 / alpha. Infinite where there are too few values yet.
 * Howard & Ramdas (2022), Sequential estimation of quantiles, Bernoulli 28(3), section 2.
 * @param values ascending
 *
 * Refuses `bad-level`, `too-few` without values, `not-finite`, and `bad-value` for a quantile outside (0, 1), rho, or values
 * that do not ascend.
 */
export function quantileSequence(
  values: readonly number[],
  { alpha, ...terms }: QuantileTerms & { readonly alpha: number },
): Result<Interval, Refusal> {
  const refusal = refusedTerms({ alpha, rho: terms.rho }) ?? refusedQuantile(terms, [values]);
  if (refusal) return refusal;
  const count = values.length;
  const centre = Math.round(count * terms.quantile);
  const isPossible = (below: number): boolean => evidenceOf(terms, { below, count }) < -Math.log(alpha);
  const least = wholeLeast((below) => isPossible(below), centre);
  const most = count - wholeLeast((rest) => isPossible(count - rest), count - centre);
  return ok([values[least - 1] ?? -Infinity, values[most] ?? Infinity]);
}

/** How two quantiles differ. */
export interface QuantileEvidence {
  /** Natural logarithm of the evidence (an e-value) against equal quantiles. */
  readonly logEvidence: number;
  /** Valid whenever one looks and stops; in (0, 1]. */
  readonly pValue: number;
}

/**
 * Whether a quantile of two arms is the same, at any time: the product of both arms' evidence against a value x as their
 * quantile, at the x that is best for both. Two-sided; no assumption but independent units.
 * Howard & Ramdas (2022), theorem 5. Refuses `too-few` without values in an arm, `not-finite`, and `bad-value` as
 * quantileSequence. Takes time in proportion to the values between both quantiles.
 * @param arms values of each, ascending
 */
export function quantileSequenceTest(
  arms: { readonly control: readonly number[]; readonly treatment: readonly number[] },
  terms: QuantileTerms,
): Result<QuantileEvidence, Refusal> {
  const both = [arms.control, arms.treatment];
  const refusal = refusedTerms({ alpha: 0.5, rho: terms.rho }) ?? refusedQuantile(terms, both);
  if (refusal) return refusal;
  const centres = both.map((values) => likeliestBelow(terms, values.length));
  const likeliest = both.map((values, arm) => values[Math.ceil(centres[arm] ?? 0) - 1] ?? -Infinity);
  const [from, to] = [Math.min(...likeliest), Math.max(...likeliest)];
  // Outside of both, the evidence of both arms grows.
  const candidates = new Set(
    both.flatMap((values) => values.slice(countBelow(values, from), countUpTo(values, to))),
  );
  let logEvidence = Infinity;
  for (const value of candidates) {
    const sum = both.reduce((total, values, arm) => {
      const [least, most] = [countBelow(values, value), countUpTo(values, value)];
      const below = Math.min(most, Math.max(least, centres[arm] ?? 0));
      return total + evidenceOf(terms, { below, count: values.length });
    }, 0);
    logEvidence = Math.min(logEvidence, sum);
  }
  return ok({ logEvidence, pValue: Math.exp(-Math.max(0, logEvidence)) });
}

function evidenceOf(
  { quantile: share, rho }: QuantileTerms,
  { below, count }: { readonly below: number; readonly count: number },
): number {
  const weight = mixtureWeight(rho);
  return betaBinomialEvidence({ successes: below, failures: count - below, share, weight });
}

/** The number of values below the quantile that has the least evidence against it, a real one: near count x quantile. */
function likeliestBelow(terms: QuantileTerms, count: number): number {
  const step = Math.min(0.5, count / 4);
  const isRising = (below: number): boolean =>
    evidenceOf(terms, { below: below + step, count }) >= evidenceOf(terms, { below: below - step, count });
  return leastWith(isRising, { low: step, high: count - step });
}

/** The least whole number from 0 to `high` from which on a condition holds, as it does at `high`. */
function wholeLeast(holds: (value: number) => boolean, high: number): number {
  let [low, top] = [0, high];
  while (low < top) {
    const middle = Math.floor((low + top) / 2);
    if (holds(middle)) top = middle;
    else low = middle + 1;
  }
  return top;
}

function countBelow(values: readonly number[], value: number): number {
  return wholeLeast((index) => index === values.length || (values[index] ?? 0) >= value, values.length);
}

function countUpTo(values: readonly number[], value: number): number {
  return wholeLeast((index) => index === values.length || (values[index] ?? 0) > value, values.length);
}

function refusedQuantile(
  { quantile }: QuantileTerms,
  arms: readonly (readonly number[])[],
): { readonly ok: false; readonly error: Refusal } | undefined {
  if (!(quantile > 0 && quantile < 1)) {
    return refused("bad-value", `A quantile is above 0 and below 1, it is ${quantile}`);
  }
  if (arms.some((values) => values.length === 0)) return refused("too-few", "A quantile needs a value");
  for (const values of arms) {
    if (!values.every(Number.isFinite)) return refused("not-finite", "Every value is a finite number");
    if (values.some((value, index) => value < (values[index - 1] ?? value))) {
      return refused("bad-value", "The values do not ascend");
    }
  }
  return undefined;
}
