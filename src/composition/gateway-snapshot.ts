import type { FreshToken } from "#adapters/google-auth/fresh-token.ts";
import type { AccessToken } from "#adapters/google-auth/token-port.ts";
import type { Dialect } from "#core/dialects/dialect.ts";
import { present } from "#core/kernel/present.ts";
import type { ProviderDialectName } from "#core/llm/dialect-name.ts";
import { geminiResources } from "#core/dialects/gemini/resources/resources.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import { variantOrTwin } from "#core/routing/twin.ts";
import { pricesVersion } from "#features/catalog/index.ts";
import {
  resolveTarget,
  targetSuggestions,
  vertexBaseUrl,
  type Configuration,
  type InForce,
  type LoadedConfiguration,
  type Provider,
} from "#features/configuration/index.ts";
import { standingsIn } from "#composition/standings-in.ts";
import type { StandingsView } from "#features/deployments/index.ts";
import { runningEvaluations } from "#features/evaluations/index.ts";
import { runningExperiments, runningShadows, type ExperimentsView } from "#features/experiments/index.ts";
import {
  healthIdentityOf,
  rungsOf,
  type GatewaySnapshot,
  type Healths,
  type ProviderConnection,
} from "#features/gateway/index.ts";

/** The emulator's address by the dialect that is asked of it. */
const emulatorPaths: Readonly<Record<ProviderDialectName, string>> = {
  gemini: "/v1beta",
  "openai-chat": "/v1",
};

/** The key an emulated provider is called with: the emulator takes any. */
const emulatorKey = "emulated";

/** What connections are made with. */
interface SnapshotWorld {
  readonly dialects: Readonly<Record<ProviderDialectName, Dialect>>;
  /** The dialect of a Vertex AI. */
  readonly vertex: Dialect;
  /** What is known of deployments, over all configurations. */
  readonly healths: Healths;
  /** Where the emulator listens; needed only when a provider is emulated. */
  readonly emulatorUrl: string | undefined;
  /** The token of a provider that is called with one. */
  readonly tokenOf: (provider: Provider) => Pick<FreshToken, "current" | "rejected"> | undefined;
}

/** What was done while Signalbox runs, beside the configuration. */
interface SnapshotStatus extends StandingsView {
  /** What became of experiments; absent where there are none to take requests. */
  readonly experiments?: ExperimentsView;
}

/** What the gateway decides on, from what is in force, how deployments stand, and which experiments run. */
export function gatewaySnapshot(
  { configuration, secrets }: LoadedConfiguration,
  { statusEpoch, standings: done, experiments }: SnapshotStatus,
  world: SnapshotWorld,
): GatewaySnapshot {
  const standings = standingsIn(configuration, done);
  const connections = new Map(
    [...configuration.providers.values()].map((provider) => {
      const key = provider.emulated ? emulatorKey : secrets.get(provider.name)?.reveal();
      return [provider.name, connection(provider, key, world)];
    }),
  );
  return {
    versions: {
      configuration: configuration.version,
      statusEpoch: Math.max(statusEpoch, experiments?.epoch ?? 0),
      prices: pricesVersion,
    },
    standings,
    resolve: (name) => resolveTarget(configuration, name),
    variant: (name) => variantOrTwin(configuration.variants, name),
    resourceProviders: resourceProviders(configuration),
    rung: rungsOf((name) => connections.get(name), { healths: world.healths, standings }),
    health(name) {
      const deployment = configuration.deployments.get(name);
      return deployment && world.healths.of(healthIdentityOf(deployment));
    },
    suggestions: (name) => targetSuggestions(configuration, name),
    ...(experiments && takenPart(configuration, experiments)),
  };
}

function takenPart(configuration: Configuration, { statuses }: ExperimentsView) {
  const shadows = runningShadows(configuration, statuses);
  return {
    experiments: runningExperiments(configuration, statuses),
    ...present({ shadows, evaluations: runningEvaluations(configuration) }),
  };
}

function connection(provider: Provider, key: string | undefined, world: SnapshotWorld): ProviderConnection {
  const dialect = provider.vertex ? world.vertex : world.dialects[provider.dialect];
  const known = {
    name: provider.name,
    dialect,
    ...(keepsResources(provider) && { resources: geminiResources }),
    baseUrl: provider.emulated ? emulatedUrl(provider, world) : provider.baseUrl,
    privateNetwork: provider.emulated || provider.privateNetwork,
    emulated: provider.emulated,
    promptCache: provider.promptCache,
  };
  const token = world.tokenOf(provider);
  if (token) return tokenConnection(known, token);
  return { ...known, headers: headersOf(dialect, key) };
}

/** Vertex AI keeps such things under other paths, which are not served. */
function keepsResources({ dialect, vertex }: Provider): boolean {
  return dialect === "gemini" && !vertex;
}

/** The providers that keep such things, each with its deployments of models that chat: by any of them it is reached. */
function resourceProviders({
  providers,
  deployments,
}: Configuration): ReadonlyMap<string, readonly string[]> {
  const keepers = [...providers.values()].filter(keepsResources).map(({ name }) => {
    const own = [...deployments.values()]
      .filter(({ provider, model }) => provider === name && model.operations.includes("chat"))
      // One whose model ends reaches nothing any more one day.
      .toSorted((one, other) => endOf(other) - endOf(one));
    return [name, own.map((deployment) => deployment.name)] as const;
  });
  return new Map(keepers.filter(([, own]) => own.length > 0));
}

function endOf({ model }: Deployment): number {
  return model.end?.atMs ?? Number.MAX_SAFE_INTEGER;
}

function emulatedUrl({ vertex, dialect, baseUrl }: Provider, { emulatorUrl }: SnapshotWorld): string {
  if (emulatorUrl === undefined) return baseUrl;
  return vertex ? vertexBaseUrl(vertex, emulatorUrl) : emulatorUrl + emulatorPaths[dialect];
}

function headersOf({ client }: Dialect, credential: string | undefined): Readonly<Record<string, string>> {
  return {
    "content-type": "application/json",
    ...(credential !== undefined && client.credentialHeaders(credential)),
  };
}

/** A connection whose headers change with its token; they are made once for each. */
function tokenConnection(
  known: Omit<ProviderConnection, "headers">,
  token: Pick<FreshToken, "current" | "rejected">,
): ProviderConnection {
  let madeFor: AccessToken | undefined;
  let headers = headersOf(known.dialect, undefined);
  return {
    ...known,
    get headers() {
      const { current } = token;
      if (current === madeFor) return headers;
      madeFor = current;
      return (headers = headersOf(known.dialect, current?.token.reveal()));
    },
    rejected: (refused) => {
      // Headers that were made before the last ones had an older token: another one is at hand.
      if (refused !== headers) return true;
      return madeFor !== undefined && token.rejected(madeFor);
    },
    missingCredential: () => (token.current ? undefined : missingToken(known.name)),
  };
}

function missingToken(provider: string): UpstreamFailure {
  return {
    kind: "credential",
    message: `Cannot call provider "${provider}": a token of Google's is wanted, none could be got (see the log)`,
  };
}

/** What the snapshot of the moment is made from; each the same object until it changes. */
interface SnapshotSources {
  readonly inForce: () => InForce;
  readonly standings: () => StandingsView;
  readonly experiments: () => ExperimentsView;
}

/**
 * The snapshot of the moment: the same one until another configuration comes into force, a deployment stands otherwise or
 * something becomes of an experiment. Who holds on to it (a request under way) goes on with it.
 */
export function currentSnapshot(
  { inForce, standings, experiments }: SnapshotSources,
  make: (loaded: LoadedConfiguration, status: Required<SnapshotStatus>) => GatewaySnapshot,
): () => GatewaySnapshot {
  let { loaded } = inForce();
  let view = standings();
  let running = experiments();
  let snapshot = make(loaded, { ...view, experiments: running });
  return () => {
    // Three comparisons, since each request asks.
    if (inForce().loaded !== loaded || standings() !== view || experiments() !== running) {
      loaded = inForce().loaded;
      view = standings();
      running = experiments();
      snapshot = make(loaded, { ...view, experiments: running });
    }
    return snapshot;
  };
}
