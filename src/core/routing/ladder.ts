import type { Deployment } from "./deployment.ts";
import type { Variant } from "./variant.ts";

/** One step of a ladder: a deployment, and the variant it is tried for. */
export interface Step {
  readonly variant: Variant;
  readonly deployment: Deployment;
}

/** What a ladder is made of. */
export interface LadderInput {
  /** The chosen variant, then the fallbacks, in order; each with those of its deployments that may be tried for it. */
  readonly rungs: readonly { readonly variant: Variant; readonly pool: readonly Deployment[] }[];
  /** The order within a pool: by weight now; by load later. */
  readonly order: (pool: readonly Deployment[]) => readonly Deployment[];
  /** Most attempts, >= 1. */
  readonly attemptsMax?: number;
}

/** Most attempts for one request unless said otherwise. */
export const attemptsMaxDefault = 8;

/** The attempts in their order: the deployments of each variant's pool; none twice, never more than allowed. */
export function ladder({ rungs, order, attemptsMax = attemptsMaxDefault }: LadderInput): readonly Step[] {
  const steps: Step[] = [];
  for (const { variant, pool } of rungs) {
    for (const deployment of order(pool)) {
      if (steps.length >= attemptsMax) return steps;
      // A handful at most: a set of those taken would cost more than it saves.
      if (!steps.some((step) => step.deployment.name === deployment.name))
        steps.push({ variant, deployment });
    }
  }
  return steps;
}
