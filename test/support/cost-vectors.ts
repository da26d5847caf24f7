import { readFileSync } from "node:fs";
import { z } from "zod";
import { costOf } from "#core/pricing/cost-of.ts";
import type { PriceSchedule } from "#core/pricing/price-schedule.ts";
import { serviceTiers } from "#core/llm/usage.ts";
import { catalogPrices } from "#features/catalog/index.ts";
import { resolvePrice } from "#features/configuration/resolve-price.ts";
import { priceSchema } from "#features/configuration/schema/price.ts";
import { evaluated } from "./arithmetic.ts";

const inHouse = { baseUrl: "http://localhost/v1", privateNetwork: true };

const counts = z.record(z.string(), z.int()).optional();

const vectorShape = z.strictObject({
  name: z.string(),
  /** A model of the catalog, or a price as signalbox.yaml writes it. */
  model: z.string().optional(),
  price: z.unknown().optional(),
  at: z.iso.datetime(),
  serviceTier: z.enum(serviceTiers).default("standard"),
  usage: z.strictObject({
    inputTokens: z.int(),
    cachedInputTokens: z.int(),
    toolInputTokens: z.int(),
    outputTokens: z.int(),
    thinkingTokens: z.int(),
    inputByModality: counts,
    cachedByModality: counts,
    outputByModality: counts,
  }),
  arithmetic: z.string(),
  expected: z.int(),
});

/** One call with what it cost, computed by hand. */
export type CostVector = z.output<typeof vectorShape>;

/** All of test/vectors/cost. */
export function costVectors(): readonly CostVector[] {
  const file = new URL("../vectors/cost/cost.json", import.meta.url);
  const shape = z.strictObject({ about: z.string(), vectors: z.array(vectorShape) });
  return shape.parse(JSON.parse(readFileSync(file, "utf8"))).vectors;
}

/** What Signalbox says that the call cost, and what the written arithmetic gives. */
export function costsOf(vector: CostVector): { readonly ours: number | undefined; readonly byHand: bigint } {
  const { inputByModality, cachedByModality, outputByModality, ...tokens } = vector.usage;
  const usage = {
    ...tokens,
    ...(inputByModality && { inputByModality }),
    ...(cachedByModality && { cachedByModality }),
    ...(outputByModality && { outputByModality }),
  };
  const terms = { atMs: Date.parse(vector.at), serviceTier: vector.serviceTier };
  return { ours: costOf(scheduleOf(vector), usage, terms), byHand: evaluated(vector.arithmetic) };
}

function scheduleOf({ model, price, name }: CostVector): PriceSchedule {
  const schedule =
    model === undefined
      ? resolvePrice(priceSchema.parse(price), { id: "own", provider: inHouse })
      : catalogPrices(model);
  if (!schedule) throw new Error(`Cost vector "${name}" names no price`);
  return schedule;
}
