import { expectedAnswerTokens } from "#core/routing/predicted-cost.ts";
import { drawsItself } from "./draw-from.ts";
import { judged } from "./best-of.ts";
import { drawMixture, mixture, partsSchema, settingsOf, variantsOf, type WeightedPart } from "./parts.ts";
import type { Strategy, StrategyInput, StrategyKind } from "./strategy.ts";

/** Requests that fit where no limit is set: more than any limit leaves, and still a number to weigh by. */
const unlimited = 1_000_000;

/** Each part as often as requests like this one still fit into its minute's limits. */
function headroom(parts: readonly Strategy[]): Strategy {
  const weights = (input: StrategyInput) => weighed(parts, input);
  return {
    keyword: "headroom",
    settings: parts.map(settingsOf),
    variants: variantsOf(parts),
    parts,
    probabilities: (input) => mixture(weights(input), input),
    ...(drawsItself(parts) && {
      draw: (input: StrategyInput, unit: number) => drawMixture(weights(input), input, unit),
    }),
    scores: (input) => weights(input).map(({ part, weight }) => ({ of: settingsOf(part), fit: weight })),
  };
}

/** Where nothing fits anywhere, all alike: a provider may be more generous than its limits say. */
function weighed(parts: readonly Strategy[], input: StrategyInput): readonly WeightedPart[] {
  const fits = judged(parts, input, (variant) => fitting(variant, input));
  const isFull = fits.every(({ score = 0 }) => score === 0);
  return fits.map(({ part, score = 0 }) => ({ part, weight: isFull ? 1 : score }));
}

function fitting(name: string, { eligible, facts, view: { measured } }: StrategyInput): number {
  const variant = eligible.get(name);
  if (!variant) return 0;
  const answer = expectedAnswerTokens(variant, facts, { measuredTokens: measured.answerTokens(name) });
  const each = Math.max(1, facts.inputTokens + answer);
  const sum = variant.pool.reduce((total, deployment) => {
    const { requests = unlimited, tokens } = measured.headroom(deployment.name) ?? {};
    return total + Math.min(requests, tokens === undefined ? unlimited : Math.floor(tokens / each));
  }, 0);
  return Math.min(sum, unlimited);
}

/** `headroom: [support-flash, support-lite]` */
export const headroomKind: StrategyKind = {
  keyword: "headroom",
  schema: (target) =>
    partsSchema(target)
      .meta({
        description:
          "Variants by what is left of the requests and tokens a minute of their deployments: who has more room is taken more often.",
        examples: [["support-flash", "support-lite"]],
      })
      .transform(headroom),
};
