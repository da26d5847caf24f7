import { betaCdf, betaQuantile, betaSurvival } from "./special-functions.ts";

/** A belief of a rate: Beta(successes, failures), seen and from before, both above 0 and not whole as a rule. */
export interface Beta {
  readonly successes: number;
  readonly failures: number;
}

/** A place of a sum in the stead of an integral. */
interface BetaNode {
  readonly share: number;
  /** 1 - share, with the digits of its own. */
  readonly rest: number;
  readonly weight: number;
}

/** Where sums may go: from `below` to 1 - `above`. */
interface BetaRange {
  readonly below: number;
  readonly above: number;
}

/** Tails as small as this are left out. */
const negligible = 1e-14;

/** Mean of Beta(a, b): a / (a + b). */
export function betaMean({ successes, failures }: Beta): number {
  return successes / (successes + failures);
}

/** Standard deviation of Beta(a, b): sqrt(a b / (a + b + 1)) / (a + b). */
export function betaDeviation({ successes, failures }: Beta): number {
  const total = successes + failures;
  return (Math.sqrt(successes / total) * Math.sqrt(failures / total)) / Math.sqrt(total + 1);
}

/** P(X <= share), by the nearer end of the scale. */
export function betaBelow({ successes, failures }: Beta, { share, rest }: Omit<BetaNode, "weight">): number {
  return share <= 0.5 ? betaCdf(share, successes, failures) : betaSurvival(rest, failures, successes);
}

/** P(X > share), by the nearer end of the scale. */
export function betaAbove({ successes, failures }: Beta, { share, rest }: Omit<BetaNode, "weight">): number {
  return share <= 0.5 ? betaSurvival(share, successes, failures) : betaCdf(rest, failures, successes);
}

/** All of a belief but tails that do not count. */
export function betaBulk({ successes, failures }: Beta): BetaRange {
  return {
    below: betaQuantile(negligible, successes, failures),
    above: betaQuantile(negligible, failures, successes),
  };
}

/**
 * Nodes and weights by which a mean under a belief is a sum: E[g(X); X in the range] = sum of weight x g(share), up to a factor
 * that is the same for every range (the density is told relative to that at the mean, which needs no gamma functions).
 *
 * The trapezoidal rule after share = below + width / (1 + e^-t): in t, the density is analytic and falls off exponentially at
 * both ends, also where it is infinite in the share; there the rule converges geometrically (Trefethen & Weideman 2014, SIAM
 * Review 56(3)). Steps of half a standard deviation, or a quarter of t's unit, leave an error below 1e-12 for a g that is
 * analytic and changes over no less than the belief's own width.
 */
export function betaNodes(belief: Beta, { below, above }: BetaRange): readonly BetaNode[] {
  const width = 1 - below - above;
  const step = Math.min(1 / 4, (2 * betaDeviation(belief)) / width);
  const steps = Math.ceil(40 / Math.min(1, belief.successes, belief.failures) / step);
  const nodes: BetaNode[] = [];
  for (let index = -steps; index <= steps; index += 1) {
    const up = 1 / (1 + Math.exp(-index * step));
    const down = 1 / (1 + Math.exp(index * step));
    const share = below + width * up;
    const rest = above + width * down;
    const weight = Math.exp(relativeLogDensity(belief, { share, rest })) * width * up * down * step;
    if (weight > 0) nodes.push({ share, rest, weight });
  }
  const least = Math.max(...nodes.map((node) => node.weight)) * 1e-18;
  return nodes.filter((node) => node.weight > least);
}

/** ln of the density over that at the mean: (a - 1) ln(x/m) + (b - 1) ln((1-x)/(1-m)). */
function relativeLogDensity(belief: Beta, { share, rest }: Omit<BetaNode, "weight">): number {
  const mean = betaMean(belief);
  return (
    (belief.successes - 1) * logRatio(share, mean) +
    (belief.failures - 1) * logRatio(rest, belief.failures / (belief.successes + belief.failures))
  );
}

/** ln(value / base), with all digits where both are close. */
function logRatio(value: number, base: number): number {
  const change = (value - base) / base;
  return Math.abs(change) < 0.5 ? Math.log1p(change) : Math.log(value / base);
}
