import type { Dialect } from "#core/dialects/dialect.ts";
import type { DialectName } from "#core/llm/dialect-name.ts";
import { pricesVersion } from "#features/catalog/index.ts";
import {
  resolveTarget,
  targetSuggestions,
  type InForce,
  type Provider,
} from "#features/configuration/index.ts";
import {
  rungsOf,
  type GatewaySnapshot,
  type Healths,
  type ProviderConnection,
} from "#features/gateway/index.ts";

/** The emulator's address by the dialect that is asked of it. */
const emulatorPaths: Readonly<Record<DialectName, string>> = { gemini: "/v1beta", "openai-chat": "/v1" };

/** The key an emulated provider is called with: the emulator takes any. */
const emulatorKey = "emulated";

/** What the gateway decides on, from what is in force. */
export function gatewaySnapshot(
  { loaded: { configuration, secrets }, statusEpoch }: Omit<InForce, "version">,
  world: {
    readonly dialects: Readonly<Record<DialectName, Dialect>>;
    /** What is known of deployments, over all configurations. */
    readonly healths: Healths;
    /** Where the emulator listens; needed only when a provider is emulated. */
    readonly emulatorUrl: string | undefined;
  },
): GatewaySnapshot {
  const connections = new Map(
    [...configuration.providers.values()].map((provider) => {
      const dialect = world.dialects[provider.dialect];
      const key = provider.emulated ? emulatorKey : secrets.get(provider.name)?.reveal();
      return [provider.name, connection(provider, { dialect, key, emulatorUrl: world.emulatorUrl })];
    }),
  );
  return {
    versions: { configuration: configuration.version, statusEpoch, prices: pricesVersion },
    resolve: (name) => resolveTarget(configuration, name),
    rung: rungsOf((name) => connections.get(name), world.healths),
    suggestions: (name) => targetSuggestions(configuration, name),
  };
}

function connection(
  provider: Provider,
  known: {
    readonly dialect: Dialect;
    readonly key: string | undefined;
    readonly emulatorUrl: string | undefined;
  },
): ProviderConnection {
  const { dialect, key } = known;
  const emulated = provider.emulated && known.emulatorUrl !== undefined;
  return {
    name: provider.name,
    dialect,
    baseUrl: emulated ? known.emulatorUrl + emulatorPaths[provider.dialect] : provider.baseUrl,
    headers: {
      "content-type": "application/json",
      ...(key !== undefined && dialect.client.credentialHeaders(key)),
    },
    privateNetwork: emulated || provider.privateNetwork,
    emulated: provider.emulated,
  };
}
