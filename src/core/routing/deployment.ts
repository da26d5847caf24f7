import type { ModelFacts } from "./model-facts.ts";

/** One model at one provider: what is healthy or not, and what load is balanced over. */
export interface Deployment {
  readonly name: string;
  /** Name of the provider. */
  readonly provider: string;
  readonly model: ModelFacts;
  /** Share of the traffic among the deployments of a pool, relative to the others; > 0. */
  readonly weight: number;
}
