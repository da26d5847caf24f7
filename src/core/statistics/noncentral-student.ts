import { panelQuadrature } from "./quadrature.ts";
import { normalCdf } from "./special-functions.ts";

/** Panels at most: where more were needed, the result is 0 or 1 to rounding. */
const panelsMax = 4000;

/**
 * P(T > t) of the noncentral t distribution: T = (Z + shift) / S, Z standard normal, S^2 chi-square over df, df > 0. The mean of
 * P(Z > t S - shift) over S, on the scale x = ln S, whose density is proportional to e^(df (x - e^2x / 2)): smooth for every
 * df. Johnson, Kotz & Balakrishnan (1995), Continuous Univariate Distributions 2, chapter 31.
 */
export function noncentralStudentSurvival(
  t: number,
  { df, shift }: { readonly df: number; readonly shift: number },
): number {
  // Around 0 with deviation 1 / sqrt(2 df), and an exponential tail below.
  const spread = 1 / Math.sqrt(2 * df);
  const [from, to] = [-(10 * spread + 40 / df), Math.min(10 * spread, 4)];
  const wanted = Math.min(1.5 * spread, 1 / (1 + Math.abs(shift)));
  const panel = Math.max(wanted, (to - from) / panelsMax);
  const { points, weights } = panelQuadrature({ from, to, panel });
  let [beyond, all] = [0, 0];
  for (const [index, x] of points.entries()) {
    const mass = (weights[index] ?? 0) * Math.exp(df * (x - Math.expm1(2 * x) / 2));
    all += mass;
    beyond += mass * normalCdf(shift - t * Math.exp(x));
  }
  return beyond / all;
}
