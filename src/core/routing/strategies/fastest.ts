import { expectedAnswerTokens } from "#core/routing/predicted-cost.ts";
import { sizeClassOf } from "#core/routing/size-class.ts";
import { bestOf, judged } from "./best-of.ts";
import { drawsItself } from "./draw-from.ts";
import { drawMixture, mixture, partsSchema, settingsOf, variantsOf, type WeightedPart } from "./parts.ts";
import type { Strategy, StrategyInput, StrategyKind } from "./strategy.ts";

/** The share of requests that goes to all others, so that it is noticed when one of them has become faster. */
const exploredShare = 0.05;

/** The part that is measured to answer soonest, for prompts of such a size; all alike while nothing is measured. */
function fastest(parts: readonly Strategy[]): Strategy {
  const weights = (input: StrategyInput) => weighed(parts, input);
  return {
    keyword: "fastest",
    settings: parts.map(settingsOf),
    variants: variantsOf(parts),
    parts,
    probabilities: (input) => mixture(weights(input), input),
    ...(drawsItself(parts) && {
      draw: (input: StrategyInput, unit: number) => drawMixture(weights(input), input, unit),
    }),
    scores: (input) =>
      times(parts, input).map(({ part, score }) => ({ of: settingsOf(part), ms: score ?? null })),
  };
}

function weighed(parts: readonly Strategy[], input: StrategyInput): readonly WeightedPart[] {
  const candidates = times(parts, input);
  const known = candidates.filter(({ score }) => score !== undefined);
  const best = known.length > 0 && candidates.length > 1 ? bestOf(known) : undefined;
  const others = exploredShare / (candidates.length - 1);
  return candidates.map(({ part }) => ({
    part,
    weight: best === undefined ? 1 : part === best ? 1 - exploredShare : others,
  }));
}

function times(parts: readonly Strategy[], input: StrategyInput) {
  return judged(parts, input, (variant) => timeOf(variant, input));
}

/** Until the whole answer is there, ms: that of the fastest deployment, since balancing prefers it. */
function timeOf(name: string, { eligible, facts, view: { measured } }: StrategyInput): number | undefined {
  const variant = eligible.get(name);
  if (!variant) return undefined;
  const size = sizeClassOf(facts.inputTokens);
  const tokens = expectedAnswerTokens(variant, facts, { measuredTokens: measured.answerTokens(name) });
  let least: number | undefined;
  for (const { name: deployment } of variant.pool) {
    const firstMs = measured.firstContentMs(deployment, size);
    if (firstMs === undefined) continue;
    const perSecond = measured.tokensPerSecond(deployment, size);
    const ms = firstMs + (perSecond === undefined ? 0 : (tokens / perSecond) * 1_000);
    least = Math.min(least ?? Infinity, ms);
  }
  return least;
}

/** `fastest: [support-flash, support-lite]` */
export const fastestKind: StrategyKind = {
  keyword: "fastest",
  schema: (target) =>
    partsSchema(target)
      .meta({
        description:
          "The variant that is measured to answer soonest, for prompts of such a size; 5% of the requests go to the others, to keep their measurements fresh.",
        examples: [["support-flash", "support-lite"]],
      })
      .transform(fastest),
};
