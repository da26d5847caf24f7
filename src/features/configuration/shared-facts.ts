import { canonicalJson } from "#core/kernel/canonical-json.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import type { ModelFacts } from "#core/routing/model-facts.ts";

/**
 * Makes what is known of a model one object for all deployments of which the same is known: a decision asks a pool of one
 * model once.
 */
export function sharedFacts(): (deployment: Deployment) => Deployment {
  const known = new Map<string, ModelFacts>();
  return (deployment) => {
    const written = canonicalJson(deployment.model);
    const model = known.get(written) ?? deployment.model;
    known.set(written, model);
    return model === deployment.model ? deployment : { ...deployment, model };
  };
}
