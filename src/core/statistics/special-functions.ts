import betainc from "@stdlib/math-base-special-betainc";
import erfc from "@stdlib/math-base-special-erfc";
import erfcinv from "@stdlib/math-base-special-erfcinv";
import gammainc from "@stdlib/math-base-special-gammainc";
import gammaln from "@stdlib/math-base-special-gammaln";
import betaQuantileOf from "@stdlib/stats-base-dists-beta-quantile";
import chiSquareQuantileOf from "@stdlib/stats-base-dists-chisquare-quantile";
import studentQuantileOf from "@stdlib/stats-base-dists-t-quantile";
import { assert } from "#core/kernel/assert.ts";
import { largeGamma } from "./large-gamma.ts";

/*
 * Distribution functions, accurate to a relative 1e-12 against 50 digits (test/vectors/experiments/special_functions.json).
 * cdf is P(X <= x), survival P(X > x), quantile the x with cdf(x) = p. A tail is computed as such, never as 1 - cdf.
 * Arguments out of range are a mistake of the caller: what people write is refused before.
 */

/** P(Z <= z) of the standard normal: erfc(-z / sqrt 2) / 2. Abramowitz & Stegun (1964), 7.1.22. */
export function normalCdf(z: number): number {
  return erfc(-numeric(z) * Math.SQRT1_2) / 2;
}

/** P(Z > z) of the standard normal. */
export function normalSurvival(z: number): number {
  return normalCdf(-z);
}

/** ln P(Z <= z) of the standard normal, also where the probability is below what a number holds. A&S (1964), 26.2.12. */
export function logNormalCdf(z: number): number {
  if (z > -37) return Math.log(normalCdf(z));
  const inverse = 1 / (z * z);
  const series = inverse * (-1 + inverse * (3 - 15 * inverse));
  return (-z * z) / 2 - Math.log(-z * Math.sqrt(2 * Math.PI)) + Math.log1p(series);
}

/** z with P(Z <= z) = p, p in [0, 1]; by the inverse of erfc, good down to p = 1e-300 (decision 2026-11-27). */
export function normalQuantile(p: number): number {
  inUnit(p);
  // Adding 0 makes the median 0, not -0.
  return p < 0.5 ? -Math.SQRT2 * erfcinv(2 * p) : Math.SQRT2 * erfcinv(2 * (1 - p)) + 0;
}

/** P(T <= t) of Student's t with real df > 0: half of I_{df/(df+t^2)}(df/2, 1/2) at -|t|. A&S (1964), 26.7.1. */
export function studentCdf(t: number, df: number): number {
  positive(df);
  if (numeric(t) > 0) return 1 - studentCdf(-t, df);
  const ratio = (t / df) * t;
  // Near 0 the complement has the digits; 1/(1 + ratio) would have rounded them away.
  if (ratio < 1) return betainc(ratio / (1 + ratio), 0.5, df / 2, true, true) / 2;
  return betainc(1 / (1 + ratio), df / 2, 0.5) / 2;
}

/** P(T > t) of Student's t with real df > 0. */
export function studentSurvival(t: number, df: number): number {
  return studentCdf(-t, df);
}

/** t with P(T <= t) = p of Student's t, p in [0, 1], real df > 0. */
export function studentQuantile(p: number, df: number): number {
  positive(df);
  inUnit(p);
  return p === 0.5 ? 0 : studentQuantileOf(p, df);
}

/** P(X <= x) of the gamma distribution with shape > 0 and scale 1: P(shape, x). A&S (1964), 6.5.1. */
export function gammaCdf(x: number, shape: number): number {
  if (numeric(x) <= 0) return 0;
  return isLargeGamma(x, shape) ? largeGamma(x, shape).below : gammainc(x, positive(shape));
}

/** P(X > x) of the gamma distribution with shape > 0 and scale 1: Q(shape, x). */
export function gammaSurvival(x: number, shape: number): number {
  if (numeric(x) <= 0) return 1;
  return isLargeGamma(x, shape) ? largeGamma(x, shape).above : gammainc(x, positive(shape), true, true);
}

/** P(X <= x) of chi-square with df > 0: the lower regularised gamma function P(df/2, x/2). */
export function chiSquareCdf(x: number, df: number): number {
  return gammaCdf(x / 2, df / 2);
}

/** P(X > x) of chi-square with df > 0: the upper regularised gamma function Q(df/2, x/2). A&S (1964), 26.4.19. */
export function chiSquareSurvival(x: number, df: number): number {
  return gammaSurvival(x / 2, df / 2);
}

/** x with P(X <= x) = p of chi-square, p in [0, 1], df > 0. */
export function chiSquareQuantile(p: number, df: number): number {
  const found = chiSquareQuantileOf(inUnit(p), positive(df));
  return isLargeGamma(found / 2, df / 2) ? 2 * nearerLargeGamma(found / 2, { p, shape: df / 2 }) : found;
}

/** P(X <= x) of Beta(a, b), a, b > 0: the regularised incomplete beta function I_x(a, b). */
export function betaCdf(x: number, a: number, b: number): number {
  return betainc(clampedToUnit(x), positive(a), positive(b));
}

/** P(X > x) of Beta(a, b), a, b > 0. */
export function betaSurvival(x: number, a: number, b: number): number {
  return betainc(clampedToUnit(x), positive(a), positive(b), true, true);
}

/** x with P(X <= x) = p of Beta(a, b), p in [0, 1], a, b > 0. */
export function betaQuantile(p: number, a: number, b: number): number {
  return betaQuantileOf(inUnit(p), positive(a), positive(b));
}

/** P(X <= x) of the F distribution, numerator and denominator df > 0: I_{d1 x/(d1 x+d2)}(d1/2, d2/2). A&S 26.6.2. */
export function fCdf(x: number, df1: number, df2: number): number {
  return numeric(x) <= 0 ? 0 : betaCdf((df1 * x) / (df1 * x + df2), df1 / 2, df2 / 2);
}

/** P(X > x) of the F distribution, numerator and denominator df > 0; by the side of the beta distribution that has the digits. */
export function fSurvival(x: number, df1: number, df2: number): number {
  if (numeric(x) <= 0) return 1;
  const whole = df1 * x + df2;
  if (df1 * x < df2) return betaSurvival((df1 * x) / whole, df1 / 2, df2 / 2);
  return betaCdf(df2 / whole, df2 / 2, df1 / 2);
}

/** x with P(X <= x) = p of the F distribution, p in [0, 1), df > 0, by that of the beta distribution. */
export function fQuantile(p: number, df1: number, df2: number): number {
  const share = betaQuantile(p, df1 / 2, df2 / 2);
  // Near 1 the complement has the digits.
  if (share <= 0.5) return (df2 * share) / (df1 * (1 - share));
  const rest = betaQuantile(1 - p, df2 / 2, df1 / 2);
  return (df2 * (1 - rest)) / (df1 * rest);
}

/** ln of the gamma function, x > 0. */
export function logGamma(x: number): number {
  return gammaln(positive(x));
}

/** Where gammainc 0.3.1 takes a series for large x although the shape is large too, and is wrong by up to 0.03. */
function isLargeGamma(x: number, shape: number): boolean {
  return x > 990 && x < Infinity && shape > 200 && shape < Infinity;
}

/** A quantile by Newton's method, from one that is off by what gammainc is. */
function nearerLargeGamma(
  guess: number,
  { p, shape }: { readonly p: number; readonly shape: number },
): number {
  let x = guess;
  for (let step = 0; step < 8; step++) {
    const { below, above, density } = largeGamma(x, shape);
    x -= (p < 0.5 ? below - p : 1 - p - above) / density;
  }
  return x;
}

function numeric(value: number): number {
  assert(!Number.isNaN(value), "a distribution is asked at a number");
  return value;
}

function inUnit(p: number): number {
  assert(p >= 0 && p <= 1, "a probability is in [0, 1]");
  return p;
}

function clampedToUnit(x: number): number {
  return Math.min(1, Math.max(0, numeric(x)));
}

function positive(parameter: number): number {
  assert(parameter > 0 && parameter < Infinity, "a parameter of a distribution is positive and finite");
  return parameter;
}
