export type { Configuration, LoadedConfiguration, LogConfiguration, Provider } from "./configuration.ts";
export { emulationProblem } from "./emulation.ts";
export { configurationJsonSchema } from "./json-schema.ts";
export { loadConfiguration } from "./load-configuration.ts";
export { problemText, type ConfigurationProblem } from "./problem.ts";
export { readConfigurationFile } from "./read-configuration-file.ts";
export { resolveTarget, targetNames, targetSuggestions } from "./resolve-target.ts";
export type { ConfigurationStore } from "./versions/store.ts";
export { postgresConfigurationStore } from "./versions/store.postgres.ts";
