import { z } from "zod";
import {
  complexityOf,
  complexityParts,
  complexityScore,
  complexityWeightsDefault,
  type ComplexityWeights,
} from "#core/routing/complexity.ts";
import { drawFrom, drawsItself } from "./draw-from.ts";
import { noProbabilities } from "./no-probabilities.ts";
import { canServe, settingsOf, variantsOf } from "./parts.ts";
import type { Strategy, StrategyInput, StrategyKind, StrategySchema } from "./strategy.ts";

/** Most tiers. */
const tiersMax = 10;

/** What serves requests of a score below a bound; the last one serves all others. */
interface Tier {
  readonly below?: number | undefined;
  readonly use: Strategy;
}

interface Settings {
  readonly tiers: readonly Tier[];
  readonly weights?: Partial<ComplexityWeights> | undefined;
}

/** The tier that suits how hard a request looks; where it cannot serve, the next higher one, then the next lower one. */
function complexityTiers({ tiers, weights }: Settings): Strategy {
  const parts = tiers.map(({ use }) => use);
  const all: ComplexityWeights = { ...complexityWeightsDefault, ...weights };
  const partsOf = ({ facts, view }: StrategyInput) => complexityOf(facts, view.characteristics(), all);
  const chosen = (input: StrategyInput): Strategy | undefined => {
    const score = complexityScore(partsOf(input));
    const at = tiers.findIndex(({ below = Infinity }) => score < below);
    return [...parts.slice(at), ...parts.slice(0, at).toReversed()].find((part) => canServe(part, input));
  };
  return {
    keyword: "complexity",
    settings: {
      tiers: tiers.map(({ below, use }) => ({ ...(below !== undefined && { below }), use: settingsOf(use) })),
      ...(weights && { weights: { ...weights } }),
    },
    variants: variantsOf(parts),
    parts,
    probabilities: (input) => chosen(input)?.probabilities(input) ?? noProbabilities,
    ...(drawsItself(parts) && {
      draw(input: StrategyInput, unit: number) {
        const part = chosen(input);
        return part && drawFrom(part, input, unit);
      },
    }),
    scores: (input) => ({ score: complexityScore(partsOf(input)), parts: partsOf(input) }),
  };
}

const bound = z
  .number()
  .gt(0)
  .max(1)
  .optional()
  .meta({ description: "The tier serves scores below it; left out of the last one.", examples: [0.3] });

const weightsSchema = z
  .strictObject(
    Object.fromEntries(
      complexityParts.map((part) => [
        part,
        z
          .number()
          .min(0)
          .max(1)
          .default(complexityWeightsDefault[part])
          .meta({ description: `What ${part} adds to the score at most.`, examples: [0.2] }),
      ]),
    ),
  )
  .optional()
  .meta({ description: "What makes a request hard, 0 to 1 each; see docs/routing.md for the usual ones." });

function tiersSchema(target: StrategySchema) {
  return z
    .array(z.strictObject({ below: bound, use: target }))
    .min(2, { error: "at least two tiers" })
    .max(tiersMax)
    .superRefine((tiers, context) => {
      for (const [index, { below = Infinity }] of tiers.entries()) {
        const isLast = index === tiers.length - 1;
        const lower = tiers[index - 1]?.below ?? 0;
        if (isLast ? below === Infinity : below < Infinity && below > lower) continue;
        const message = isLast
          ? "no `below` in the last tier: it serves all others"
          : "`below`, higher from tier to tier";
        context.addIssue({ code: "custom", message, path: [index] });
      }
    })
    .meta({
      description: "Tiers from the plainest to the hardest requests.",
      examples: [[{ below: 0.3, use: "support-lite" }, { use: "support-flash" }]],
    });
}

/** `complexity: { tiers: [{ below: 0.3, use: support-lite }, { use: support-flash }] }` */
export const complexityKind: StrategyKind = {
  keyword: "complexity",
  schema: (target) =>
    z
      .strictObject({ tiers: tiersSchema(target), weights: weightsSchema })
      .meta({
        description:
          "Variants by how hard a request looks: a score of its length, code, maths, kind of question and more.",
        examples: [{ tiers: [{ below: 0.3, use: "support-lite" }, { use: "support-flash" }] }],
      })
      .transform(complexityTiers),
};
