export type { CatalogModel } from "./catalog-model.ts";
export { catalogModel, catalogModels } from "./catalog.ts";
export { pricesVersion } from "./prices-version.ts";
export { lifecycleAt } from "./lifecycle.ts";
export { modelFacts, upstreamModel, type ModelOverrides } from "./model-facts.ts";
