import { ok, type Result } from "#core/kernel/result.ts";
import { isPositive, refused, refusedLevel, type Refusal } from "./refusal.ts";

/** Epochs are each twice as long as the one before; errors are given out over them as 1 / epoch^1.4, as in the papers. */
export const stitching = {
  epochs: 2,
  exponent: 1.4,
  /** Riemann's zeta function at 1.4, the sum of 1 / epoch^1.4. */
  zeta: 3.10554727797758,
  /** (2^(1/4) + 2^(-1/4)) / sqrt 2, and (sqrt 2 + 1) / 2: what the approximation within an epoch costs. */
  spread: (2 ** 0.25 + 2 ** -0.25) / Math.SQRT2,
  skew: (Math.SQRT2 + 1) / 2,
} as const;

/**
 * How far above its mean a sum may be at all times together, in closed form and with the smallest growth that there is, the
 * iterated logarithm: sqrt(k1^2 v l + (k2 c l)^2) + k2 c l, l = 1.4 ln ln(2 v / v0) + ln(zeta(1.4) / (alpha ln(2)^1.4)), v the
 * variance of the sum so far, v0 that from which on one looks (before, its bound holds), c the scale of the steps' tail: 0 for
 * normal ones, below 0 for a tail that is shorter. For long watches; sumBound and confidenceSequence are tighter at first.
 * Howard, Ramdas, McAuliffe & Sekhon (2021), Annals of Statistics 49(2), theorem 1.
 * Refuses `bad-level`, and `bad-value` for variances that are not above 0 or a scale that is not finite.
 */
export function stitchedBound(watched: {
  readonly variance: number;
  readonly leastVariance: number;
  readonly alpha: number;
  readonly scale?: number;
}): Result<number, Refusal> {
  const { variance, leastVariance, alpha, scale = 0 } = watched;
  const level = refusedLevel(alpha);
  if (level) return level;
  if (!isPositive(variance) || !isPositive(leastVariance) || !Number.isFinite(scale)) {
    return refused("bad-value", "Variances are above 0, and the scale is a finite number");
  }
  const { exponent, zeta, spread, skew } = stitching;
  const used = Math.max(variance, leastVariance);
  const likelihood =
    exponent * Math.log(Math.log((2 * used) / leastVariance)) +
    Math.log(zeta / Math.LN2 ** exponent) -
    Math.log(alpha);
  const tail = skew * scale * likelihood;
  return ok(Math.sqrt(spread * spread * used * likelihood + tail * tail) + tail);
}
