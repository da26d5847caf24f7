import { z } from "zod";
import { bounds, number, reading, text } from "./reading-schema.ts";

const judgement = z.enum(["better", "worse", "open", "unknown"]).meta({
  description:
    "`better`, `worse`: no chance, without correction. `open`: not told yet. `unknown`: cannot be told.",
  examples: ["better"],
});

const utility = z
  .object({
    in: text("The metric in whose unit it is told.", "cost_per_request"),
    weights: z.record(z.string(), z.number()).meta({
      description: "What one more of each metric is worth.",
      examples: [{ resolved: 0.2, cost_per_request: -1 }],
    }),
    covariances: z.enum(["known", "bounded"]).meta({
      description:
        "`known`: it is known how the metrics go together. `bounded`: not of all; their errors are added up, and the intervals are too wide rather than too narrow.",
      examples: ["known"],
    }),
    comparisons: z
      .array(
        z.object({
          variant: text("The treatment.", "support-argon"),
          judgement,
          deciding: reading.meta({ description: "As the design allows it to be read now." }),
          fixed_horizon: reading.meta({ description: "As one look at the end would tell it." }),
          parts: z
            .array(
              z.object({
                metric: text("A metric.", "resolved"),
                worth: number("What its change is worth.", 0.008),
              }),
            )
            .meta({ description: "What the change of each metric is worth; they sum to the whole." }),
        }),
      )
      .meta({ description: "Each variant against the control." }),
  })
  .meta({
    id: "ExperimentUtility",
    description: "What changes of several metrics are worth together. Shown, and never what decides.",
  });

const pareto = z
  .object({
    metrics: z
      .array(
        z.object({
          name: text("A metric.", "resolved"),
          better: z
            .enum(["higher", "lower"])
            .meta({ description: "Which way is the better one.", examples: ["higher"] }),
        }),
      )
      .meta({ description: "By what variants are compared all at once." }),
    variants: z
      .array(
        z.object({
          variant: text("The variant.", "support-argon"),
          standing: z.enum(["front", "perhaps_dominated", "dominated", "unknown"]).meta({
            description:
              "`front`: by the values none is as good in all and better in one. `perhaps_dominated`: one is, which may be chance. `dominated`: one surely is. `unknown`: a value is missing.",
            examples: ["front"],
          }),
          values: z
            .array(
              z.object({
                metric: text("A metric.", "resolved"),
                value: z
                  .number()
                  .nullable()
                  .meta({ description: "Null where there is none.", examples: [0.64] }),
                interval: bounds.optional(),
              }),
            )
            .meta({
              description: "Of each metric, with the interval that the design allows to be read now.",
            }),
        }),
      )
      .meta({ description: "Where each variant is." }),
    dominances: z
      .array(
        z.object({
          better: text("A variant.", "support-argon"),
          worse: text("One that is no better in any metric, and worse in one.", "support-flash"),
          is_sure: z.boolean().meta({
            description:
              "Whether each of the differences is no chance, at the plan's level for all pairs together.",
            examples: [false],
          }),
        }),
      )
      .meta({ description: "Which variant is behind which." }),
  })
  .meta({
    id: "ExperimentPareto",
    description: "Variants by several metrics at once. Shown, and never what decides.",
  });

/** What is weighed against what, as `utilityView` and `paretoView` tell it; absent where the plan weighs nothing. */
export const tradeOffsShape = { utility: utility.optional(), pareto: pareto.optional() };
