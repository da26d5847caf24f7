import type { Deployment } from "./deployment.ts";
import type { Variant } from "./variant.ts";

/** A deployment, and the variant it is asked for. */
export interface Step {
  readonly variant: Variant;
  readonly deployment: Deployment;
}

/** A variant with those of its deployments that can serve a request: which of them is asked is chosen when it is. */
export interface Stage {
  readonly variant: Variant;
  /** Never empty. */
  readonly pool: readonly Deployment[];
}

/**
 * The names of all deployments of the stages, in order, each once: whom a request may be served by, as decisions record
 * it. Which of a stage is asked first is the balancer's to say, at that moment.
 */
export function ladderNames(stages: readonly Stage[]): readonly string[] {
  const names: string[] = [];
  for (const { pool } of stages)
    // A handful at most: a set of those taken would cost more than it saves.
    for (const { name } of pool) if (!names.includes(name)) names.push(name);
  return names;
}
