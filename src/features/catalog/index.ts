export type { CatalogModel } from "./catalog-model.ts";
export { catalogModel, catalogModels, catalogPrices } from "./catalog.ts";
export { vendorPrices } from "./vendor-prices.ts";
export { pricesVersion } from "./gemini-prices.ts";
export { lifecycleAt } from "./lifecycle.ts";
export { modelFacts, upstreamModel, type ModelOverrides } from "./model-facts.ts";
export { pricesAtVertex } from "./vertex-prices.ts";
