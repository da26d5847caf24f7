import type { Dialect, UpstreamModel } from "#core/dialects/dialect.ts";
import type { PriceSchedule } from "#core/pricing/price-schedule.ts";
import type { DeploymentHealth } from "#core/resilience/deployment-health.ts";
import type { Healths } from "#features/gateway/health/healths.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import type { Step } from "#core/routing/stages.ts";
import type { Variant, VariantParameters } from "#core/routing/variant.ts";

/** How a provider is reached. */
export interface ProviderConnection {
  readonly name: string;
  readonly dialect: Dialect;
  /** Where its paths begin, without a slash at the end. */
  readonly baseUrl: string;
  /** Headers with its credential. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether its address may be private. */
  readonly privateNetwork: boolean;
  /** Whether an emulator answers in its place. */
  readonly emulated: boolean;
}

/** A deployment that may be asked, with all that a call needs. */
export interface Rung {
  readonly deployment: string;
  /** Its share of the traffic among the deployments of its pool, relative to the others; > 0. */
  readonly weight: number;
  /** How it is at this moment: one object for as long as the deployment exists. */
  readonly health: DeploymentHealth;
  readonly provider: string;
  readonly variant: string;
  readonly model: UpstreamModel;
  readonly dialect: Dialect;
  /** Where the provider's paths begin, without a slash at the end. */
  readonly baseUrl: string;
  /** Headers with the provider's credential. */
  readonly headers: Readonly<Record<string, string>>;
  readonly privateNetwork: boolean;
  /** Whether an emulator answers instead of the provider. */
  readonly emulated: boolean;
  /** What the model costs there; absent where nobody knows. */
  readonly price?: PriceSchedule;
  /** What the variant sets; it wins over the client's wishes, because the variant is what is compared. */
  readonly parameters: VariantParameters;
}

/**
 * Makes the function that gives the rung for a step. Variants and deployments do not change while a configuration is in
 * force: each rung is made once, when it is first asked for.
 * @param provider the connection of the provider of that name
 * @param healths what is known of deployments, over all configurations
 */
export function rungsOf(
  provider: (name: string) => ProviderConnection | undefined,
  healths: Pick<Healths, "of">,
): (step: Step) => Rung | undefined {
  const made = new WeakMap<Variant, Map<Deployment, Rung>>();
  return (step) => {
    const { variant, deployment } = step;
    const known = made.get(variant)?.get(deployment);
    if (known) return known;
    const connection = provider(deployment.provider);
    if (!connection) return undefined;
    const rung = rungOf(step, connection, healths);
    const rungs = made.get(variant);
    if (rungs) rungs.set(deployment, rung);
    else made.set(variant, new Map([[deployment, rung]]));
    return rung;
  };
}

function rungOf(
  { variant, deployment }: Step,
  { name, ...connection }: ProviderConnection,
  healths: Pick<Healths, "of">,
): Rung {
  const identity = { deployment: deployment.name, provider: name, model: deployment.model.id };
  return {
    ...connection,
    health: healths.of(identity),
    provider: name,
    deployment: deployment.name,
    weight: deployment.weight,
    variant: variant.name,
    model: deployment.model.upstream,
    parameters: variant.parameters,
    ...(deployment.price && { price: deployment.price }),
  };
}
