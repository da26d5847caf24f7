export type {
  Configuration,
  ConfiguredPrompt,
  LoadedConfiguration,
  LogConfiguration,
  NotificationTarget,
  Provider,
} from "./configuration.ts";
export { withDeployment } from "./edit/with-deployment.ts";
export { withExperiment } from "./edit/with-experiment.ts";
export { withPromptLabel, withPromptVersion } from "./edit/with-prompt.ts";
export { emulationProblem } from "./emulation.ts";
export { keptDesign, type ExperimentDesign } from "./experiment-design.ts";
export type { JudgePlan } from "./experiment-judges.ts";
export type { JudgeTerms, ShadowTerms } from "./shadow-terms.ts";
export { scoreName, type OnlineEvaluation, type OnlineScorer } from "./online-evaluation.ts";
export { overlap } from "./experiment-overlap.ts";
export type { BodyPath, OutcomeWebhook } from "./outcome-webhook.ts";
export { configurationJsonSchema } from "./json-schema.ts";
export { loadConfiguration } from "./load-configuration.ts";
export { writtenChanges } from "./plan/plan-configuration.ts";
export { problemText, type ConfigurationProblem } from "./problem.ts";
export {
  promptFolder,
  readConfigurationFile,
  readYamlFile,
  readYamlFileAs,
} from "./read-configuration-file.ts";
export { versionNumber } from "./resolve-prompts.ts";
export { resolveTarget, targetNames, targetSuggestions } from "./resolve-target.ts";
export { vertexBaseUrl } from "./resolve-vertex.ts";
export { applyEdit } from "./versions/apply-edit.ts";
export type { ConfigurationEvent } from "./versions/configuration-event.ts";
export { ConfigurationFile, type FileState } from "./versions/configuration-file.ts";
export { followVersions } from "./versions/follow-versions.ts";
export { madeOf, type InForce } from "./versions/in-force.ts";
export { InvalidConfigurationError } from "./versions/invalid-configuration-error.ts";
export {
  appliedReply,
  appliedView,
  applyBody,
  configurationReply,
  configurationView,
  planBody,
  planReply,
  planView,
  rollbackBody,
  versionParams,
  versionReply,
  versionsQuery,
  versionsReply,
  versionsView,
  versionWithTextView,
} from "./versions/schema.ts";
export { ConfigurationService } from "./versions/service.ts";
export type { ConfigurationStore } from "./versions/store.ts";
export { postgresConfigurationStore } from "./versions/store.postgres.ts";
