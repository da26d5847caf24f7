import { variantName } from "#core/routing/variant-name.ts";
import type { Strategy, StrategyKind } from "./strategy.ts";

/** Always the one variant. */
export function single(variant: string): Strategy {
  return {
    keyword: "use",
    settings: variant,
    variants: [variant],
    probabilities: (_facts, eligible) => (eligible.has(variant) ? new Map([[variant, 1]]) : new Map()),
  };
}

/** `use: support-flash` */
export const singleKind: StrategyKind = {
  keyword: "use",
  schema: variantName
    .meta({ description: "The one variant that serves every request.", examples: ["support-flash"] })
    .transform(single),
};
