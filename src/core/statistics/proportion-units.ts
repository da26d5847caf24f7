import { ok, type Result } from "#core/kernel/result.ts";
import { achievedPower } from "./achieved-power.ts";
import { leastWith } from "./least-with.ts";
import { isPositive, refused, refusedLevel, refusedPower, type Refusal } from "./refusal.ts";
import { normalQuantile } from "./special-functions.ts";

/** Units of the control by the error that a test of two shares takes; real numbers. */
export interface ProportionUnits {
  /** Each arm's own variance: what requiredUnits says. */
  readonly unpooled: number;
  /** That of both arms under the null hypothesis: for twoProportionTest. */
  readonly pooled: number;
  /** On the scale of angles, which evens the variance out: for small shares. */
  readonly arcsine: number;
  /** Cohen's h: 2 asin sqrt pT - 2 asin sqrt pC. */
  readonly cohenH: number;
}

/**
 * Units of the control for a two-sided test of two shares, where the treatment has `ratio` times as many. With z_a =
 * z_{1-alpha/2}, z_b = z_power, r the ratio, p = (pC + r pT) / (1 + r) and d = pT - pC:
 * - unpooled (z_a + z_b)^2 (pC qC + pT qT / r) / d^2
 * - pooled (z_a sqrt(p q (1 + 1/r)) + z_b sqrt(pC qC + pT qT / r))^2 / d^2, no continuity correction (Fleiss, Levin & Paik
 *   2003, Statistical Methods for Rates and Proportions, chapter 4)
 * - arcsine D^2 (1 + 1/r) / h^2, D the distance at which both tails together have the power: z_a + z_b but for the far tail,
 *   which the closed forms above leave out (Cohen 1988, Statistical Power Analysis, chapter 6)
 *
 * Refuses `bad-level`, and `bad-value` for shares that are not in (0, 1) or are equal, a ratio that is not above 0, or a power
 * that is not above alpha / 2.
 */
export function proportionUnits(question: {
  readonly control: number;
  readonly treatment: number;
  readonly alpha: number;
  readonly power: number;
  readonly ratio?: number;
}): Result<ProportionUnits, Refusal> {
  const { control, treatment, alpha, power, ratio = 1 } = question;
  const level = refusedLevel(alpha) ?? refusedPower(power);
  if (level) return level;
  if (![control, treatment].every((share) => share > 0 && share < 1) || control === treatment) {
    return refused("bad-value", `Shares are in (0, 1) and differ, they are ${control} and ${treatment}`);
  }
  if (!isPositive(ratio)) return refused("bad-value", `The ratio is above 0, it is ${ratio}`);
  const [zAlpha, zPower] = [-normalQuantile(alpha / 2), normalQuantile(power)];
  if (zAlpha + zPower <= 0) return refused("bad-value", `A power of ${power} is not above the error rate`);
  const difference = treatment - control;
  const pooled = (control + ratio * treatment) / (1 + ratio);
  const own = Math.sqrt(control * (1 - control) + (treatment * (1 - treatment)) / ratio);
  const common = Math.sqrt(pooled * (1 - pooled) * (1 + 1 / ratio));
  const cohenH = 2 * Math.asin(Math.sqrt(treatment)) - 2 * Math.asin(Math.sqrt(control));
  return ok({
    unpooled: (((zAlpha + zPower) * own) / difference) ** 2,
    pooled: ((zAlpha * common + zPower * own) / difference) ** 2,
    arcsine: (distanceWith({ alpha, power }, zAlpha + zPower) / cohenH) ** 2 * (1 + 1 / ratio),
    cohenH,
  });
}

/** In standard errors, where a two-sided test has the power; `high` is enough. */
function distanceWith(
  { alpha, power }: { readonly alpha: number; readonly power: number },
  high: number,
): number {
  const isEnough = (distance: number): boolean => {
    const found = achievedPower({ alpha }, { effect: distance, standardError: 1, units: 1 });
    return found.ok && found.value >= power;
  };
  return leastWith(isEnough, { low: 0, high });
}
