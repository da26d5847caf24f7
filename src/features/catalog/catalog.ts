import type { CatalogModel } from "./catalog-model.ts";
import type { PriceSchedule } from "#core/pricing/price-schedule.ts";
import { geminiModels } from "./gemini-models.ts";
import { geminiPrices } from "./gemini-prices.ts";

const modelsById: ReadonlyMap<string, CatalogModel> = new Map(geminiModels.map((model) => [model.id, model]));

/** Every model that the catalog knows, newest first, also those that are shut down. */
export function catalogModels(): readonly CatalogModel[] {
  return geminiModels;
}

/** The model of that id; undefined when the catalog does not know it. */
export function catalogModel(id: string): CatalogModel | undefined {
  return modelsById.get(id);
}

/** What the model of that id costs; undefined when the catalog does not know it. */
export function catalogPrices(id: string): PriceSchedule | undefined {
  return geminiPrices.get(id);
}
