import { noProbabilities } from "./no-probabilities.ts";
import type { Probabilities, Strategy, StrategyKind } from "./strategy.ts";

/** Always the one variant. */
export function single(variant: string): Strategy {
  const certain: Probabilities = new Map([[variant, 1]]);
  return {
    keyword: "use",
    settings: variant,
    variants: [variant],
    parts: [],
    probabilities: ({ eligible }) => (eligible.has(variant) ? certain : noProbabilities),
  };
}

/** `use: support-flash` */
export const singleKind: StrategyKind = { keyword: "use", schema: (target) => target };
