import type { ModuleProvider } from "#adapters/langchain/module-model.ts";
import { isJsonObject } from "#core/kernel/json.ts";
import type { LoadedConfiguration } from "#features/configuration/index.ts";

/** The providers of a configuration that are classes of modules, each with the models that deployments ask it for. */
export function moduleProviders({ configuration, modules }: LoadedConfiguration): readonly ModuleProvider[] {
  return [...modules].map(([provider, { module, exportName, address, options, secrets }]) => {
    const read: unknown = JSON.parse(options.reveal());
    const own = [...configuration.deployments.values()].filter(
      (deployment) => deployment.provider === provider,
    );
    return {
      provider,
      module,
      exportName,
      address,
      options: isJsonObject(read) ? read : {},
      secrets: secrets.map((secret) => secret.reveal()),
      models: own.map(({ model }) => model.id),
    };
  });
}
