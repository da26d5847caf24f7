import type { Strategy, StrategyInput, StrategyKind } from "./strategy.ts";
import { drawFrom, drawsItself } from "./draw-from.ts";
import { canServe, partsSchema, settingsOf, variantsOf } from "./parts.ts";
import { single } from "./single.ts";
import { noProbabilities } from "./no-probabilities.ts";

/** The first part of the list that can serve. */
function priority(parts: readonly Strategy[]): Strategy {
  const first = (input: StrategyInput): Strategy | undefined => parts.find((part) => canServe(part, input));
  return {
    keyword: "priority",
    settings: parts.map(settingsOf),
    variants: variantsOf(parts),
    parts,
    probabilities: (input) => first(input)?.probabilities(input) ?? noProbabilities,
    ...(drawsItself(parts) && {
      draw(input: StrategyInput, unit: number) {
        const part = first(input);
        return part && drawFrom(part, input, unit);
      },
    }),
  };
}

/** The first variant of the list that can serve. */
export function byPriority(names: readonly string[]): Strategy {
  return priority(names.map(single));
}

/** `priority: [support-flash, support-lite]` */
export const priorityKind: StrategyKind = {
  keyword: "priority",
  schema: (target) =>
    partsSchema(target)
      .meta({
        description: "Variants by priority: the first one that can serve the request is taken.",
        examples: [["support-flash", "support-lite"]],
      })
      .transform(priority),
};
