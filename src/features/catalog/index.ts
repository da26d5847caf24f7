export type { CatalogModel, ModelLifecycle, ModelThinking } from "./catalog-model.ts";
export { catalogModel, catalogModels } from "./catalog.ts";
export { lifecycleAt, type LifecycleStatus } from "./lifecycle.ts";
export { modelFacts, upstreamModel, type ModelOverrides } from "./model-facts.ts";
