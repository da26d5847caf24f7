import type { Result } from "#core/kernel/result.ts";
import { chainDefinitions } from "#features/chains/index.ts";
import {
  loadConfiguration,
  type ConfigurationProblem,
  type LoadedConfiguration,
} from "#features/configuration/index.ts";

/**
 * Reads signalbox.yaml for a Signalbox with all its features.
 * @param text the file's content
 * @param variable what `${NAME}` stands for
 */
export function loadSettings(
  text: string,
  variable: (name: string) => string | undefined,
): Result<LoadedConfiguration, readonly ConfigurationProblem[]> {
  return loadConfiguration(text, variable, { chains: chainDefinitions.map(({ name }) => name) });
}
