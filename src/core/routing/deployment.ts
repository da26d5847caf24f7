import type { PriceSchedule } from "#core/pricing/price-schedule.ts";
import type { ModelFacts } from "./model-facts.ts";

/** One model at one provider: what is healthy or not, and what load is balanced over. */
export interface Deployment {
  readonly name: string;
  /** Name of the provider. */
  readonly provider: string;
  readonly model: ModelFacts;
  /** Labels of its provider, such as its region: what routes and requests may require. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Share of the traffic among the deployments of a pool, relative to the others; > 0. */
  readonly weight: number;
  /** What the provider takes of it; absent where nothing is said. */
  readonly limits?: DeploymentLimits;
  /** Whether the configuration takes it out of service. */
  readonly disabled?: true;
  /**
   * The same deployment with the model that its maker names as the replacement: what is asked in its place once its own
   * model has ended, where the configuration allows it. May have one itself.
   */
  readonly successor?: Deployment;
  /** What the model costs there; absent where nobody knows: its requests have no cost then. */
  readonly price?: PriceSchedule;
}

/** What a provider takes from one process. */
export interface DeploymentLimits {
  readonly requestsPerMinute?: number;
  /** Of prompts and answers together. */
  readonly tokensPerMinute?: number;
  /** Requests at once. */
  readonly concurrency?: number;
}
