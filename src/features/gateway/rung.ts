import type { Dialect, UpstreamModel } from "#core/dialects/dialect.ts";
import type { ResourceClient } from "#core/dialects/resources.ts";
import { present } from "#core/kernel/present.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import type { Prompt } from "#core/prompts/prompt.ts";
import type { PriceSchedule } from "#core/pricing/price-schedule.ts";
import type { DeploymentHealth } from "#core/resilience/deployment-health.ts";
import { healthIdentityOf, type Healths } from "#features/gateway/health/healths.ts";
import type { PromptCache } from "#core/routing/affinity.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import type { Step } from "#core/routing/stages.ts";
import { noStandings, type Standings } from "#core/routing/standing.ts";
import type { Variant, VariantParameters } from "#core/routing/variant.ts";

/** How a provider is reached. */
export interface ProviderConnection {
  readonly name: string;
  readonly dialect: Dialect;
  /** How it is asked for what it keeps for its callers; absent where it is not. */
  readonly resources?: ResourceClient;
  /** Where its paths begin, without a slash at the end. */
  readonly baseUrl: string;
  /** Headers with its credential as it is now: asked for at each call, since a token changes. */
  readonly headers: Readonly<Record<string, string>>;
  /** Why it cannot be called now for want of a credential; undefined when it can. Absent where the credential never ends. */
  readonly missingCredential?: () => UpstreamFailure | undefined;
  /**
   * Hears that a call with these of its headers was refused for its credential. Absent where the credential is one for good.
   * @returns whether another credential is at hand or on its way
   */
  readonly rejected?: (headers: Readonly<Record<string, string>>) => boolean;
  /** Whether its address may be private. */
  readonly privateNetwork: boolean;
  /** Whether an emulator answers in its place. */
  readonly emulated: boolean;
  /** How it keeps prompts. */
  readonly promptCache: PromptCache;
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
  /** How its provider is asked for what it keeps for its callers; absent where it is not. */
  readonly resources?: ResourceClient;
  /** Where the provider's paths begin, without a slash at the end. */
  readonly baseUrl: string;
  /** Headers with the provider's credential as it is now. */
  readonly headers: Readonly<Record<string, string>>;
  /** Why the provider cannot be called now for want of a credential; undefined when it can. */
  readonly missingCredential?: () => UpstreamFailure | undefined;
  /** Hears that a call with these headers was refused for its credential; whether another one is at hand or on its way. */
  readonly rejected?: (headers: Readonly<Record<string, string>>) => boolean;
  readonly privateNetwork: boolean;
  /** Whether an emulator answers instead of the provider. */
  readonly emulated: boolean;
  /** How the provider keeps prompts. */
  readonly promptCache: PromptCache;
  /** What the model costs there; absent where nobody knows. */
  readonly price?: PriceSchedule;
  /** Tokens of the longest prompt its model takes; absent where nobody knows. */
  readonly contextTokens?: number;
  /** Tokens of the longest answer its model gives; absent where nobody knows. */
  readonly outputTokensMax?: number;
  /** What the variant sets; it wins over the client's wishes, because the variant is what is compared. */
  readonly parameters: VariantParameters;
  /** What the variant says around the client's messages; absent where it says nothing. */
  readonly prompt?: Prompt;
}

/**
 * Makes the function that gives the rung for a step. Variants and deployments do not change while a configuration is in
 * force: each rung is made once, when it is first asked for.
 * @param provider the connection of the provider of that name
 * @param known what is known of deployments over all configurations, and the weights that people gave them meanwhile
 */
export function rungsOf(
  provider: (name: string) => ProviderConnection | undefined,
  {
    healths,
    standings = noStandings,
  }: { readonly healths: Pick<Healths, "of">; readonly standings?: Standings },
): (step: Step) => Rung | undefined {
  const made = new WeakMap<Variant, Map<Deployment, Rung>>();
  return (step) => {
    const { variant, deployment } = step;
    const known = made.get(variant)?.get(deployment);
    if (known) return known;
    const connection = provider(deployment.provider);
    if (!connection) return undefined;
    const weight = standings.get(deployment.name)?.weight ?? deployment.weight;
    const rung = rungOf(step, connection, { healths, weight });
    const rungs = made.get(variant);
    if (rungs) rungs.set(deployment, rung);
    else made.set(variant, new Map([[deployment, rung]]));
    return rung;
  };
}

function rungOf(
  { variant, deployment }: Step,
  connection: ProviderConnection,
  { healths, weight }: { readonly healths: Pick<Healths, "of">; readonly weight: number },
): Rung {
  const { name, missingCredential, rejected, dialect, resources, baseUrl } = connection;
  const { privateNetwork, emulated, promptCache } = connection;
  const { contextTokens, outputTokensMax } = deployment.model;
  return {
    health: healths.of(healthIdentityOf(deployment)),
    weight,
    provider: name,
    dialect,
    baseUrl,
    privateNetwork,
    emulated,
    promptCache,
    // Not copied: a connection may give others later.
    get headers() {
      return connection.headers;
    },
    ...(missingCredential && { missingCredential }),
    ...(rejected && { rejected }),
    ...(resources && { resources }),
    deployment: deployment.name,
    variant: variant.name,
    model: deployment.model.upstream,
    parameters: variant.parameters,
    ...(variant.prompt && { prompt: variant.prompt }),
    ...present({ contextTokens, outputTokensMax }),
    ...(deployment.price && { price: deployment.price }),
  };
}
