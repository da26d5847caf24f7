import { z } from "zod";
import type { Json } from "#core/kernel/json.ts";
import type { Condition } from "#core/routing/expressions/condition.ts";
import { conditionSchema } from "#core/routing/expressions/condition-schema.ts";
import { drawFrom, drawsItself } from "./draw-from.ts";
import { noProbabilities } from "./no-probabilities.ts";
import { canServe, settingsOf, variantsOf } from "./parts.ts";
import type { Strategy, StrategyInput, StrategyKind, StrategySchema } from "./strategy.ts";

/** Most rules of one list. */
const rulesMax = 50;

/** What serves the requests that fit. */
interface Rule {
  /** Absent: every request fits. */
  readonly condition?: Condition;
  readonly when?: Json;
  readonly use: Strategy;
}

/** The first rule whose condition holds, and that can serve the request. */
function firstMatch(rules: readonly Rule[]): Strategy {
  const parts = rules.map(({ use }) => use);
  const matched = (input: StrategyInput): Strategy | undefined =>
    rules.find(({ condition, use }) => (condition?.(input) ?? true) && canServe(use, input))?.use;
  return {
    keyword: "first_match",
    settings: rules.map(({ when, use }) => ({ ...(when !== undefined && { when }), use: settingsOf(use) })),
    variants: variantsOf(parts),
    parts,
    probabilities: (input) => matched(input)?.probabilities(input) ?? noProbabilities,
    ...(drawsItself(parts) && {
      draw(input: StrategyInput, unit: number) {
        const use = matched(input);
        return use && drawFrom(use, input, unit);
      },
    }),
    scores: (input) => rules.map(({ condition }) => ({ holds: condition?.(input) ?? true })),
  };
}

function ruleSchema(target: StrategySchema) {
  return z
    .strictObject({ when: conditionSchema.optional(), use: target })
    .transform(({ when, use }): Rule => ({ ...when, use }));
}

/** `first_match: [{ when: { tags.tier: free }, use: support-lite }, { use: support-flash }]` */
export const firstMatchKind: StrategyKind = {
  keyword: "first_match",
  schema: (target) =>
    z
      .array(ruleSchema(target), {
        error: "a list of rules such as [{ when: { tags.tier: free }, use: support-lite }]",
      })
      .min(1, { error: "at least one rule" })
      .max(rulesMax)
      .superRefine((rules, context) => {
        for (const [index, { condition }] of rules.entries()) {
          const isLast = index === rules.length - 1;
          if ((condition === undefined) === isLast) continue;
          const message = isLast
            ? "no `when` in the last rule: it serves all other requests"
            : "`when`, since only the last rule may serve all";
          context.addIssue({ code: "custom", message, path: [index, ...(isLast ? ["when"] : [])] });
        }
      })
      .meta({
        description: "Rules in their order: the first one that fits and can serve the request chooses.",
        examples: [[{ when: { "tags.tier": "free" }, use: "support-lite" }, { use: "support-flash" }]],
      })
      .transform(firstMatch),
};
