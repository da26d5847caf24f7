import { drawFrom } from "./draw-from.ts";
import { canServe, mixture, partsSchema, settingsOf, variantsOf } from "./parts.ts";
import type { Strategy, StrategyKind } from "./strategy.ts";

/** Each part that can serve as often as the others, in turn. */
function roundRobin(parts: readonly Strategy[]): Strategy {
  const equal = parts.map((part) => ({ part, weight: 1 }));
  const strategy: Strategy = {
    keyword: "round_robin",
    settings: parts.map(settingsOf),
    variants: variantsOf(parts),
    parts,
    probabilities: (input) => mixture(equal, input),
    draw(input, unit) {
      const able = parts.filter((part) => canServe(part, input));
      if (able.length === 0) return undefined;
      const next = able[input.view.turn(strategy) % able.length];
      return next && drawFrom(next, input, unit);
    },
  };
  return strategy;
}

/** `round_robin: [support-flash, support-lite]` */
export const roundRobinKind: StrategyKind = {
  keyword: "round_robin",
  schema: (target) =>
    partsSchema(target)
      .meta({
        description: "Variants in turn: each serves as many requests as the others.",
        examples: [["support-flash", "support-lite"]],
      })
      .transform(roundRobin),
};
