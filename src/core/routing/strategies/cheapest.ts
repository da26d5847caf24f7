import { expectedAnswerTokens, predictedCost } from "#core/routing/predicted-cost.ts";
import { bestOf, judged, type Judged } from "./best-of.ts";
import { drawFrom, drawsItself } from "./draw-from.ts";
import { noProbabilities } from "./no-probabilities.ts";
import { partsSchema, settingsOf, variantsOf } from "./parts.ts";
import type { Strategy, StrategyInput, StrategyKind } from "./strategy.ts";

/** The part whose request is predicted to cost least, of those that can serve it. */
function cheapest(parts: readonly Strategy[]): Strategy {
  const costs = (input: StrategyInput) => judged(parts, input, (variant) => costOf(variant, input));
  const best = (input: StrategyInput) => bestOf(costs(input));
  return {
    keyword: "cheapest",
    settings: parts.map(settingsOf),
    variants: variantsOf(parts),
    parts,
    probabilities: (input) => best(input)?.probabilities(input) ?? noProbabilities,
    ...(drawsItself(parts) && {
      draw(input: StrategyInput, unit: number) {
        const part = best(input);
        return part && drawFrom(part, input, unit);
      },
    }),
    scores: (input) => costs(input).map(costLine),
  };
}

function costLine({ part, score }: Judged) {
  return { of: settingsOf(part), pico_dollars: score === undefined ? null : Math.round(score) };
}

function costOf(name: string, { eligible, facts, nowMs, view }: StrategyInput): number | undefined {
  const variant = eligible.get(name);
  if (!variant) return undefined;
  const expected = { measuredTokens: view.measured.answerTokens(name) };
  return predictedCost(variant, facts, {
    answerTokens: expectedAnswerTokens(variant, facts, expected),
    nowMs,
  });
}

/** `cheapest: [support-flash, support-lite]` */
export const cheapestKind: StrategyKind = {
  keyword: "cheapest",
  schema: (target) =>
    partsSchema(target)
      .meta({
        description:
          "The variant whose request is predicted to cost least, by prices and the expected length of the answer, of those that can serve it.",
        examples: [["support-flash", "support-lite"]],
      })
      .transform(cheapest),
};
