import { ok, type Result } from "#core/kernel/result.ts";
import { leastWith } from "./least-with.ts";
import { isPositive, refused, refusedLevel, type Refusal } from "./refusal.ts";
import { stitching } from "./stitched-bound.ts";

/** When one looks at all quantiles. */
export interface BandTerms {
  /** Error rate of all looks and all quantiles together in (0, 1). */
  readonly alpha: number;
  /** Values now, >= 1. */
  readonly units: number;
  /** From so many on one looks, >= 1; the band is tightest a few times beyond. */
  readonly leastUnits: number;
}

/** The factor of the band, above sqrt(1/2): near it the band is tightest for very many units. As the paper. */
const leading = 0.85;

/**
 * How far the observed distribution function may be from the true one, at all values and all times together from `leastUnits`
 * on: 0.85 sqrt((ln(1 + ln(t / m)) + C) / t). All quantiles at once: p lies between the observed p - band and p + band. Infinite
 * before `leastUnits`. C is the least with 4 e^(-g C) (1 + 1 / ((g - 1) ln eta)) <= alpha at the best eta,
 * g = 2 / eta (0.85 - sqrt(2 (eta - 1) / C))^2. Howard & Ramdas (2022), Bernoulli 28(3), theorem 2.
 * Refuses `bad-level`, and `bad-value` for units below 1.
 */
export function empiricalBand({ alpha, units, leastUnits }: BandTerms): Result<number, Refusal> {
  const refusal = refusedBand({ alpha, units, leastUnits });
  if (refusal) return refusal;
  if (units < leastUnits) return ok(Infinity);
  let high = 8;
  while (bandError(high) > alpha) high *= 2;
  const constant = leastWith((value) => bandError(value) <= alpha, { low: 1, high });
  return ok(leading * Math.sqrt((Math.log1p(Math.log(units / leastUnits)) + constant) / units));
}

/**
 * How many values more than units x quantile may lie below a quantile, at all quantiles and all times together: as empiricalBand,
 * but narrower towards 0 and 1. With t the greater of units and leastUnits m, r the quantile (towards 1/2 by a grid, where it is
 * below), s^2 = r (1 - r), k1 and k2 of stitchedBound, c = (1 - 2 p) / 3:
 * sqrt(2 t s^2 / m) / 2 + sqrt(k1^2 s^2 t l + (k2 c l)^2) + k2 c l,
 * l = 1.4 ln ln(2 t / m) + 1.4 ln(sqrt(t / m) |logit p| + 1) + ln(2 z (2 z + 1) / (alpha ln(2)^1.4)), z = zeta(1.4). For how many
 * fewer: that of 1 - quantile. Howard & Ramdas (2022), theorem 3. Refuses as empiricalBand, `bad-value` for the quantile.
 */
export function quantileCountBound({
  quantile,
  ...terms
}: BandTerms & { readonly quantile: number }): Result<number, Refusal> {
  const refusal = refusedBand(terms);
  if (refusal) return refusal;
  if (!(quantile > 0 && quantile < 1)) {
    return refused("bad-value", `A quantile is above 0 and below 1, it is ${quantile}`);
  }
  const { exponent, zeta, spread, skew } = stitching;
  const time = Math.max(terms.units, terms.leastUnits);
  const ratio = time / terms.leastUnits;
  const logit = Math.log(quantile) - Math.log1p(-quantile);
  const shifted = 1 / (1 + Math.exp(-logit - Math.sqrt(2 / ratio)));
  const share = quantile >= 0.5 ? quantile : Math.min(0.5, shifted);
  const variance = share * (1 - share) * time;
  const likelihood =
    exponent * (Math.log(Math.log(2 * ratio)) + Math.log1p(Math.sqrt(ratio) * Math.abs(logit))) +
    Math.log((2 * zeta * (2 * zeta + 1)) / Math.LN2 ** exponent) -
    Math.log(terms.alpha);
  const tail = (skew * (1 - 2 * quantile) * likelihood) / 3;
  const grid = Math.sqrt((2 * variance) / terms.leastUnits) / 2;
  return ok(grid + Math.sqrt(spread * spread * variance * likelihood + tail * tail) + tail);
}

/** The error rate that a constant keeps, at the best ratio of epochs: one valley between 1 and where g falls to 1. */
function bandError(constant: number): number {
  const power = (ratio: number): number =>
    (2 / ratio) * Math.max(0, leading - Math.sqrt((2 * (ratio - 1)) / constant)) ** 2;
  const error = (ratio: number): number => {
    const g = power(ratio);
    return g <= 1 ? Infinity : 4 * Math.exp(-g * constant) * (1 + 1 / ((g - 1) * Math.log(ratio)));
  };
  const highest = leastWith((ratio) => power(ratio) <= 1, { low: 1, high: 2 * leading * leading });
  return valley(error, { low: 1, high: highest });
}

/** The least value of a function with one valley; golden sections. */
function valley(
  valueAt: (place: number) => number,
  range: { readonly low: number; readonly high: number },
): number {
  const section = (Math.sqrt(5) - 1) / 2;
  let { low, high } = range;
  for (let step = 0; step < 60; step++) {
    const width = section * (high - low);
    if (valueAt(high - width) < valueAt(low + width)) high = low + width;
    else low = high - width;
  }
  return valueAt((low + high) / 2);
}

function refusedBand({
  alpha,
  units,
  leastUnits,
}: BandTerms): { readonly ok: false; readonly error: Refusal } | undefined {
  if (![units, leastUnits].every((value) => isPositive(value) && value >= 1)) {
    return refused("bad-value", `Units are 1 or more, they are ${units} and ${leastUnits}`);
  }
  return refusedLevel(alpha);
}
