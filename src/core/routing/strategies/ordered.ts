import { z } from "zod";
import { variantName } from "#core/routing/variant-name.ts";
import type { Strategy, StrategyKind } from "./strategy.ts";

/** The first eligible variant of the list. */
export function ordered(variants: readonly string[]): Strategy {
  return {
    keyword: "ordered",
    settings: variants,
    variants,
    probabilities(_facts, eligible) {
      const first = variants.find((variant) => eligible.has(variant));
      return first === undefined ? new Map() : new Map([[first, 1]]);
    },
  };
}

/** `ordered: [support-flash, support-lite]` */
export const orderedKind: StrategyKind = {
  keyword: "ordered",
  schema: z
    .array(variantName, { error: "a list of variants such as [support-flash, support-lite]" })
    .min(1, { error: "at least one variant" })
    .refine((variants) => new Set(variants).size === variants.length, { error: "each variant once" })
    .meta({
      description: "Variants by priority: the first one that can serve the request is taken.",
      examples: [["support-flash", "support-lite"]],
    })
    .transform(ordered),
};
