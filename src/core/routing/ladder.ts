import type { Deployment } from "./deployment.ts";
import type { Variant } from "./variant.ts";

/** One step of a ladder: a deployment, and the variant it is tried for. */
export interface Step {
  readonly variant: Variant;
  readonly deployment: Deployment;
}

/** What a ladder is made of. */
export interface LadderInput {
  /** The chosen variant, then the fallbacks, in order. */
  readonly variants: readonly Variant[];
  /** Whether a deployment may be tried for a variant: static filters now; health and budgets later. */
  readonly usable: (deployment: Deployment, variant: Variant) => boolean;
  /** The order within a pool: by weight now; by load later. */
  readonly order: (pool: readonly Deployment[]) => readonly Deployment[];
  /** Most attempts, >= 1. */
  readonly attemptsMax?: number;
}

/** Most attempts for one request unless said otherwise. */
export const attemptsMaxDefault = 8;

/** The attempts in their order: the deployments of each variant's pool; none twice, never more than allowed. */
export function ladder({
  variants,
  usable,
  order,
  attemptsMax = attemptsMaxDefault,
}: LadderInput): readonly Step[] {
  const taken = new Set<string>();
  const steps: Step[] = [];
  for (const variant of variants) {
    for (const deployment of order(variant.pool)) {
      if (steps.length >= attemptsMax) return steps;
      if (taken.has(deployment.name) || !usable(deployment, variant)) continue;
      taken.add(deployment.name);
      steps.push({ variant, deployment });
    }
  }
  return steps;
}
