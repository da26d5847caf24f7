import { z } from "zod";
import { exchangeRate } from "#core/experiments/trade-offs/exchange-rate.ts";
import { metricName } from "./metric-schema.ts";

/** Metrics that are weighed against each other, at most: more are a table, and no trade-off that anybody sees. */
const tradedMax = 8;

const utilityShape = z.strictObject({
  in: metricName.meta({
    description: "The metric in whose unit utility is told: what others are worth is paid in it.",
    examples: ["cost_per_request"],
  }),
  worth: z
    .record(metricName, exchangeRate)
    .refine(
      (rates) => {
        const { length } = Object.keys(rates);
        return length >= 1 && length < tradedMax;
      },
      { error: `1 to ${tradedMax - 1} metrics` },
    )
    .meta({
      description: "What changes of other metrics are worth.",
      examples: [{ resolved: "$0.002 per +1pp", latency: "$0.0001 per -100ms" }],
    }),
});

/** What a plan says about metrics that are weighed against each other. */
export const tradeOffShape = {
  utility: utilityShape
    .meta({
      description:
        "What the changes of several metrics are worth together: shown beside the verdict, and never what decides.",
      examples: [{ in: "cost_per_request", worth: { resolved: "$0.002 per +1pp" } }],
    })
    .optional(),
  pareto: z
    .array(metricName)
    .min(2, { error: `2 to ${tradedMax} metrics` })
    .max(tradedMax, { error: `2 to ${tradedMax} metrics` })
    .meta({
      description:
        "The metrics by which variants are compared all at once: which one is at least as good as another in each. Those of the utility where nothing is written.",
      examples: [["resolved", "cost_per_request"]],
    })
    .optional(),
} as const;
