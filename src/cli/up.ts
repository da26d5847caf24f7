import { compactMemory } from "#composition/compact-memory.ts";
import { banner } from "#cli/banner.ts";
import { configurationPath } from "#cli/configuration-path.ts";
import type { Output } from "#cli/output.ts";
import { untilStopped } from "#cli/until-stopped.ts";
import { databaseOptions } from "#composition/database.ts";
import { loadSettings } from "#composition/load-settings.ts";
import { startSignalbox, type Signalbox } from "#composition/start-signalbox.ts";
import type { Environment } from "#environment/environment.ts";
import { readConfigurationFile } from "#features/configuration/index.ts";

/** The seed of the emulator that answers in place of providers without a key. */
const emulatorSeed = "signalbox";

/** Runs Signalbox until it is told to stop; says where it is and what to try. */
export async function runUp(environment: Environment, output: Output): Promise<void> {
  await using signalbox = await startFromEnvironment(environment);
  compactMemory();
  output.result(banner(signalbox, environment));
  const signal = await untilStopped();
  output.note(`${signal}: finishing the answers under way (a second ${signal} ends at once)`);
}

/**
 * Starts Signalbox as the environment says.
 * @throws AppError when the configuration is wrong (every problem with its line), or something cannot be opened
 */
export async function startFromEnvironment(environment: Environment): Promise<Signalbox> {
  const path = configurationPath(environment);
  return startSignalbox({
    host: environment.host,
    port: environment.port,
    configuration: {
      path,
      read: () => readConfigurationFile(path),
      load: (text) => loadSettings(text, environment.variable),
      watch: true,
    },
    database: databaseOptions(environment),
    dataDirectory: environment.dataDirectory,
    adminKey: environment.adminKey?.reveal(),
    logLevel: environment.logLevel,
    variable: environment.variable,
    emulation: { kind: "own", latency: "realistic", seed: emulatorSeed },
  });
}
