import { ok, type Result } from "#core/kernel/result.ts";
import { intervalAround, type Alternative, type Interval } from "./interval.ts";
import { mixtureBound, mixtureLogEvidence } from "./normal-mixture.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";

/** An estimate whose error is close to normal: a mean, or a difference of two. */
export interface Estimate {
  readonly value: number;
  /** > 0. */
  readonly standardError: number;
}

/** What a confidence sequence says at one look. */
export interface SequenceLook {
  /** Holds the true value at every look together with probability 1 - alpha. */
  readonly interval: Interval;
  /** Natural logarithm of the evidence against zero (an e-value); at most 1/alpha at any look with probability 1 - alpha. */
  readonly logEvidence: number;
  /** Valid whenever one looks and stops; in (0, 1]. */
  readonly pValue: number;
}

/**
 * The mixture that is tightest near a number of units, by its parameter rho: the one at which the interval's width,
 * in standard errors, is least after `units`. rho^2 = (-W(-alpha^2 / e) - 1) / units, W the lower branch of Lambert's function.
 * Source: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, Time-uniform central limit theory and asymptotic confidence
 * sequences, arXiv:2103.06476v7, equation 161; peers take its expansion to two terms, which is 2 % smaller.
 * @param alpha in (0, 1); twice the error rate of a one-sided sequence
 * @param units > 0, when a decision is expected
 */
export function tunedRho(alpha: number, units: number): number {
  return Math.sqrt((lambertBelow(-alpha * alpha * Math.exp(-1)) * -1 - 1) / units);
}

/**
 * An asymptotic confidence sequence at one look (equation 9 of the same paper): with a normal mixture of parameter rho the
 * interval is value +- standardError * sqrt((1 + 1/r) * (ln(1 + r) - 2 ln(alpha))), r = units * rho^2. One-sided it is open on
 * the other side (mixtureBound), and evidence and p-value are of the side asked for.
 *
 * It may be looked at after every unit, and stopped at any time. As with every central limit, the first dozens of units are
 * an approximation: what judges by it asks for a least number of them. Refuses `bad-level`, `not-finite`, `too-few` (below 2
 * units), `no-variance`, `bad-value` for rho.
 * @param units in both arms together, >= 2
 * @param rho of `tunedRho`, fixed before the first look
 */
export function confidenceSequence(
  { value, standardError }: Estimate,
  terms: {
    readonly units: number;
    readonly rho: number;
    readonly alpha: number;
    /** Default two-sided. */
    readonly alternative?: Alternative;
  },
): Result<SequenceLook, Refusal> {
  const { units, rho, alpha, alternative = "two-sided" } = terms;
  const badLevel = refusedLevel(alpha);
  if (badLevel) return badLevel;
  if (![value, standardError, units, rho].every(Number.isFinite))
    return refused("not-finite", "An estimate, its error, units and rho must be finite numbers");
  if (rho <= 0) return refused("bad-value", `rho is above 0, it is ${rho}`);
  if (units < 2) return refused("too-few", `A sequence needs 2 units, there are ${units}`);
  if (standardError <= 0)
    return refused("no-variance", `A sequence needs an error above 0, it is ${standardError}`);
  const information = units * rho * rho;
  const logEvidence = mixtureLogEvidence(value / standardError, information, alternative);
  return ok({
    interval: intervalAround({ estimate: value, standardError }, { alpha, alternative }, () =>
      mixtureBound(information, alpha, alternative),
    ),
    logEvidence,
    pValue: Math.exp(-Math.max(0, logEvidence)),
  });
}

/**
 * Lambert's W on its lower branch: the w <= -1 with w * exp(w) = x, for x in [-1/e, 0). Newton's method on
 * ln(-w) + w = ln(-x), whose left side is concave: from the left it never overshoots.
 */
function lambertBelow(x: number): number {
  const target = Math.log(-x);
  // Chatzigeorgiou, IEEE Communications Letters 17(8), 2013: -1 - sqrt(2u) - u is below W, u = -ln(-x) - 1.
  const u = Math.max(0, -target - 1);
  let w = -1 - Math.sqrt(2 * u) - u;
  for (let step = 0; step < 50; step++) {
    const change = (Math.log(-w) + w - target) / (1 / w + 1);
    if (!Number.isFinite(change) || Math.abs(change) <= Number.EPSILON * Math.abs(w)) break;
    w -= change;
  }
  return w;
}
