import { dirname, join } from "node:path";
import type { Logger } from "pino";
import type { Database } from "#adapters/postgres/database-port.ts";
import type { ModuleUpstream } from "#adapters/langchain/module-upstream.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import { watchFile } from "#adapters/system/watch-file.ts";
import type { ConfigurationFacts } from "#adapters/telemetry/configuration-metrics.ts";
import type { Emulation } from "#composition/emulation.ts";
import { moduleProviders } from "#composition/module-providers.ts";
import type { ProviderCredentials } from "#composition/provider-credentials.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { Result } from "#core/kernel/result.ts";
import type { ChainModules } from "#features/chains/index.ts";
import {
  ConfigurationFile,
  ConfigurationService,
  emulationProblem,
  followVersions,
  promptFolder,
  postgresConfigurationStore,
  type Configuration,
  type ConfigurationEvent,
  type ConfigurationProblem,
  type InForce,
  type LoadedConfiguration,
} from "#features/configuration/index.ts";

/** Where the configuration comes from. */
export interface ConfigurationSource {
  /** The file, as it is told; its folder is what paths in it are relative to. */
  readonly path: string;
  /** Reads the file. @throws AppError invalid-configuration */
  readonly read: () => Promise<string>;
  /** Reads a text as the configuration of this process, with its variables. */
  readonly load: (text: string) => Result<LoadedConfiguration, readonly ConfigurationProblem[]>;
  /** Whether a change of the file is applied while Signalbox runs. */
  readonly watch: boolean;
}

/** What the configuration is started over. */
interface ConfigurationOptions {
  readonly source: ConfigurationSource;
  readonly database: Database;
  readonly emulation: Emulation;
  readonly credentials: ProviderCredentials;
  readonly chainModules: Pick<ChainModules, "prepare">;
  readonly modules: ModuleUpstream;
  /** The address that Signalbox listens on: beyond this machine nothing is emulated. */
  readonly host: string;
  readonly logger: Logger;
}

/** The configuration in force, the ways to another one, and the file. */
export interface RunningConfiguration extends AsyncDisposable {
  readonly service: ConfigurationService;
  readonly file: ConfigurationFile;
  /** What is in force now: to be asked each time, and held by what is under way. */
  readonly inForce: () => InForce;
  /** The settings of it. */
  readonly settings: () => Configuration;
  /** What metrics tell of it. */
  readonly facts: () => ConfigurationFacts;
}

/**
 * Brings into force what the file says or what was applied last, and follows changes of the file and of other processes.
 * @throws AppError invalid-configuration, with every problem; store-unavailable
 */
export async function startConfiguration(options: ConfigurationOptions): Promise<RunningConfiguration> {
  const { source, database, emulation, credentials, chainModules, modules, host, logger } = options;
  const shared = {
    store: postgresConfigurationStore(database.kysely),
    load: source.load,
    clock: systemClock,
    onEvent: (event: ConfigurationEvent) => tell(logger, event),
  };
  const service = new ConfigurationService({
    ...shared,
    async prepare(loaded) {
      const { configuration } = loaded;
      const problem = emulationProblem(configuration, host);
      if (problem !== undefined) throw new AppError("invalid-configuration", problem);
      await Promise.all([
        chainModules.prepare(configuration.ownChains),
        emulation.prepare(configuration),
        credentials.prepare(configuration),
        modules.prepare(moduleProviders(loaded), dirname(source.path)),
      ]);
    },
  });
  const file = new ConfigurationFile({ ...shared, ...source, service, timers: systemTimers });
  await file.start();
  const unwatch = source.watch ? watch(source.path, { file, logger }) : undefined;
  // One process alone has the embedded database.
  const unfollow = database.kind === "postgres" ? followVersions(service, systemTimers) : undefined;
  return {
    service,
    file,
    inForce: service.inForce,
    settings: () => service.inForce().loaded.configuration,
    facts: () => ({
      number: service.inForce().version.number,
      isFileInvalid: file.state.state === "invalid",
      isRefused: service.refused !== undefined,
    }),
    async [Symbol.asyncDispose]() {
      unwatch?.();
      await unfollow?.();
      await file.close();
      await service.close();
    },
  };
}

function watch(
  path: string,
  { file, logger }: { readonly file: ConfigurationFile; readonly logger: Logger },
): () => void {
  return watchFile(path, {
    timers: systemTimers,
    folder: join(dirname(path), promptFolder),
    // The file may have changed since the start's reading of it.
    onReady: () => void file.changed(),
    onChange: () => void file.changed(),
    onError: (err) => logger.warn({ err, file: path }, "configuration-file-not-watched"),
  });
}

function tell(logger: Logger, { kind, ...facts }: ConfigurationEvent): void {
  if ("error" in facts) logger.warn({ what: facts.what, err: facts.error }, kind);
  else if ("problem" in facts) logger.error(facts, kind);
  else logger.info(facts, kind);
}
