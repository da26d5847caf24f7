import { AppError } from "#core/kernel/app-error.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { loadConfiguration } from "../load-configuration.ts";
import type { ConfigurationEvent } from "./configuration-event.ts";
import { ConfigurationFile } from "./configuration-file.ts";
import { ConfigurationService } from "./service.ts";
import { memoryConfigurationStore } from "./store.memory.ts";

/** A configuration with two variants and one route between them; `share` is the second one's. */
export function configurationText(share: string, more = ""): string {
  const rest = `${100 - Number.parseInt(share, 10)}%`;
  return `version: 1
providers:
  google: { dialect: gemini, api_key: "\${KEY}" }
deployments:
  flash: { provider: google, model: gemini-3.8-flash }
  lite: { provider: google, model: gemini-3.5-flash-lite }
variants:
  support-flash: { pool: [flash] }
  support-lite: { pool: [lite] }
routes:
  support: { strategy: { weighted: { support-flash: ${rest}, support-lite: ${share} } } }
${more}`;
}

/** A store that may be away. */
export function breakableStore() {
  const store = memoryConfigurationStore();
  const world = {
    store: {
      ...store,
      append: async (...args: Parameters<typeof store.append>) => available().append(...args),
      newest: async () => available().newest(),
      head: async () => available().head(),
      observe: async (...args: Parameters<typeof store.observe>) => available().observe(...args),
    },
    isAway: false,
  };
  const available = () => {
    if (world.isAway) throw new AppError("store-unavailable", "Cannot reach the store", { retryable: true });
    return store;
  };
  return world;
}

/** One process: a service with its file, over a store that others may share. */
export function replica(shared: {
  readonly store: ReturnType<typeof breakableStore>["store"];
  readonly file?: { text: string };
  readonly variables?: Readonly<Record<string, string>>;
}) {
  const time = new FakeTime();
  const events: ConfigurationEvent[] = [];
  const file = shared.file ?? { text: configurationText("20%") };
  const variables: Readonly<Record<string, string>> = shared.variables ?? { KEY: "sk-secret" };
  const world = { refusal: undefined as string | undefined };
  const parts = {
    store: shared.store,
    load: (text: string) => loadConfiguration(text, (name) => variables[name], { chains: [] }),
    clock: time,
    onEvent: (event: ConfigurationEvent) => void events.push(event),
  };
  const service = new ConfigurationService({
    ...parts,
    async prepare() {
      if (world.refusal !== undefined) throw new AppError("invalid-configuration", world.refusal);
    },
  });
  const read = async () => file.text;
  const keeper = new ConfigurationFile({ ...parts, path: "signalbox.yaml", read, service, timers: time });
  /** The share of the route's second variant, as it is in force. */
  const share = () => service.inForce().loaded.configuration.routes.get("support")?.strategy.settings;
  return Object.assign(world, { service, keeper, file, events, time, share });
}

/** Both shares, as a route in force tells them. */
export function shares(second: string) {
  return { "support-flash": `${100 - Number.parseInt(second, 10)}%`, "support-lite": second };
}
