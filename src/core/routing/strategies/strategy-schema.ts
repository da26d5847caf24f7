import { z } from "zod";
import { variantName } from "#core/routing/variant-name.ts";
import { strategyKinds } from "./registry.ts";
import { single } from "./single.ts";
import type { Strategy, StrategySchema } from "./strategy.ts";

/** Most strategies inside each other. */
const nestingMax = 8;

const keywords = strategyKinds.map(({ keyword }) => keyword);
const oneStrategy = `one strategy: ${keywords.slice(0, -1).join(", ")} or ${keywords.at(-1) ?? ""}`;

/** What a strategy chooses from: `support-flash`, or a strategy again. */
const targetSchema: StrategySchema = z
  .union([variantName.transform(single), z.lazy((): StrategySchema => innerSchema)], {
    error: "the name of a variant, or a strategy",
  })
  .meta({
    id: "target",
    description: "The name of a variant, or a strategy that chooses one.",
    examples: ["support-flash"],
  });

/** A map with exactly one key, the strategy's word. */
const innerSchema: StrategySchema = z
  .strictObject(
    Object.fromEntries(
      strategyKinds.map(({ keyword, schema }) => [keyword, schema(targetSchema).optional()]),
    ),
    {
      error: (issue) =>
        issue.code === "invalid_type" ? `${oneStrategy}, as in { use: support-flash }` : undefined,
    },
  )
  .meta({
    id: "strategy",
    description: "How a variant is chosen: one strategy.",
    minProperties: 1,
    maxProperties: 1,
    examples: [{ use: "support-flash" }],
  })
  .transform((written, context): Strategy => {
    const strategies = Object.values(written).filter((strategy) => strategy !== undefined);
    const [strategy] = strategies;
    if (strategy && strategies.length === 1) return strategy;
    const actual = strategies.length === 0 ? "none" : Object.keys(written).join(" and ");
    context.addIssue({ code: "custom", message: oneStrategy, params: { actual } });
    return z.NEVER;
  });

/** Reads a strategy as written. Nested ones are looked at from the inside out, so that each names what is wrong in it. */
export const strategySchema: StrategySchema = innerSchema.superRefine((strategy, context) => {
  if (depthOf(strategy) <= nestingMax) return;
  context.addIssue({
    code: "custom",
    message: `at most ${nestingMax} strategies inside each other`,
    params: { actual: "more" },
  });
});

function depthOf({ parts }: Strategy): number {
  return 1 + parts.reduce((deepest, part) => Math.max(deepest, depthOf(part)), 0);
}
