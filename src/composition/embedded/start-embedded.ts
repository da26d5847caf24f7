import { ModuleUpstream } from "#adapters/langchain/module-upstream.ts";
import { hearModules } from "#adapters/system/module-code.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemRandom } from "#adapters/system/system-random.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import { createLogger, type LogLevel } from "#adapters/telemetry/logger.ts";
import { UndiciUpstream } from "#adapters/upstream/undici-upstream.ts";
import { providerDialects, vertex } from "#composition/dialects.ts";
import { Emulation, type EmulationOptions } from "#composition/emulation.ts";
import { gatewaySnapshot } from "#composition/gateway-snapshot.ts";
import { tellModuleError } from "#composition/module-error.ts";
import { moduleProviders } from "#composition/module-providers.ts";
import { loadSettings } from "#composition/load-settings.ts";
import { ProviderCredentials } from "#composition/provider-credentials.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { pseudonym } from "#core/kernel/pseudonym.ts";
import { steadyNowMs } from "#core/kernel/steady-clock.ts";
import { noStandings } from "#core/routing/standing.ts";
import { processVariable } from "#environment/process-variable.ts";
import { problemText, type LoadedConfiguration } from "#features/configuration/index.ts";
import { Gateway, Healths } from "#features/gateway/index.ts";
import type { RequestRecord } from "#features/traffic/index.ts";
import type { SignalboxTransport } from "#frameworks/transport/chat-transport.ts";
import { embeddedTransport } from "./embedded-transport.ts";

/** What an embedded Signalbox is started with. */
export interface EmbeddedOptions {
  /** The text of a signalbox.yaml: its providers, deployments, variants and routes. */
  readonly config: string;
  /** What `${NAME}` in it stands for; the variable of the process environment when absent. */
  readonly variable?: (name: string) => string | undefined;
  /** Hears of each request that is over: its decision, attempts, usage and cost. There is no other log. */
  readonly onRecord?: (record: RequestRecord) => void;
  /** How much is logged to standard error: `warn` when absent. */
  readonly logLevel?: LogLevel;
  /** What answers for providers that the configuration has emulated; one of its own, as slow as real models, when absent. */
  readonly emulation?: EmulationOptions;
}

/** A gateway in this process: no listener, no database, no file. */
export interface EmbeddedSignalbox extends AsyncDisposable {
  /** What `RoutedChatModel` and `RoutedEmbeddings` take as `transport`. */
  readonly transport: SignalboxTransport;
  /** Aborts what is under way and closes all connections. */
  close(): Promise<void>;
}

/**
 * Starts a gateway within an application.
 * @throws AppError invalid-configuration, with every problem of the text
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedSignalbox> {
  const loaded = loadedConfiguration(options);
  const { configuration } = loaded;
  await using stack = new AsyncDisposableStack();
  const logger = createLogger({ level: options.logLevel ?? "warn" });
  const emulation = stack.use(
    new Emulation(options.emulation ?? { kind: "own", latency: "realistic", seed: "signalbox" }),
  );
  const credentials = stack.use(new ProviderCredentials(logger));
  stack.use(hearModules((module, error) => tellModuleError(logger, module, error)));
  const modules = new ModuleUpstream(stack.use(new UndiciUpstream()), {
    clock: systemClock,
    timers: systemTimers,
  });
  await Promise.all([
    emulation.prepare(configuration),
    credentials.prepare(configuration),
    // It has no file: names are resolved from where the application runs.
    modules.prepare(moduleProviders(loaded), "."),
  ]);
  const healths = new Healths(steadyNowMs(systemClock));
  const snapshot = gatewaySnapshot(
    loaded,
    { statusEpoch: 0, standings: noStandings },
    {
      dialects: providerDialects,
      vertex,
      healths,
      emulatorUrl: emulation.url,
      tokenOf: (provider) => credentials.tokenOf(provider),
    },
  );
  // Names of units and conversations leave the gateway under pseudonyms, which nobody outside this process can make.
  const secret = Buffer.from(systemRandom.bytes(32)).toString("hex");
  const gateway = new Gateway({
    upstream: modules,
    timers: systemTimers,
    clock: systemClock,
    random: systemRandom,
    snapshot: () => snapshot,
    settle: () => undefined,
    keep: () => undefined,
    pseudonym: (kind, name) => pseudonym(secret, kind, name),
    record: (make) => options.onRecord?.(make()),
  });
  const closing = new AbortController();
  const transport = embeddedTransport({
    gateway,
    clock: systemClock,
    random: systemRandom,
    identity: `embedded:${configuration.version}`,
    closing: closing.signal,
  });
  const opened = stack.move();
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing.abort(new AppError("shutting-down", "Cannot answer: the embedded Signalbox is closed"));
    return (closed ??= opened.disposeAsync());
  };
  return { transport, close, [Symbol.asyncDispose]: close };
}

function loadedConfiguration({ config, variable }: EmbeddedOptions): LoadedConfiguration {
  const loaded = loadSettings(config, variable ?? processVariable);
  if (loaded.ok) return loaded.value;
  const problems = loaded.error.map((problem) => problemText(problem, "config"));
  throw new AppError("invalid-configuration", problems.join("\n"));
}
