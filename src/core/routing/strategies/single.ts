import { variantName } from "#core/routing/variant-name.ts";
import type { Probabilities, Strategy, StrategyKind } from "./strategy.ts";

/** Always the one variant. */
export function single(variant: string): Strategy {
  const certain: Probabilities = new Map([[variant, 1]]);
  return {
    keyword: "use",
    settings: variant,
    variants: [variant],
    probabilities: (_facts, eligible) => (eligible.has(variant) ? certain : new Map()),
  };
}

/** `use: support-flash` */
export const singleKind: StrategyKind = {
  keyword: "use",
  schema: variantName
    .meta({ description: "The one variant that serves every request.", examples: ["support-flash"] })
    .transform(single),
};
