import { z } from "zod";

const share = z.number().min(0).max(1);

const judgedBy = z
  .enum(["interval", "value"])
  .default("interval")
  .meta({
    description:
      "`interval`: a bound is broken where the value is surely beyond it, at `alpha` for all bounds together. `value`: where the value itself is.",
    examples: ["value"],
  });

const margin = (description: string, example: number) =>
  z
    .number()
    .min(0)
    .optional()
    .meta({ description, examples: [example] });

const scorerSchema = z.strictObject({
  better: z
    .enum(["higher", "lower"])
    .optional()
    .meta({
      description:
        "Which way is the better one; higher of verdicts and of scores from 0 to 1, where nothing is written.",
      examples: ["higher"],
    }),
  min: z
    .number()
    .optional()
    .meta({
      description: "Least share that passes, or least mean score of a scorer without verdicts.",
      examples: [0.85],
    }),
  max: z
    .number()
    .optional()
    .meta({ description: "The most of it.", examples: [40] }),
  judged_by: judgedBy,
  margin: margin(
    "How much worse than the baseline does not matter yet, in the scorer's own unit: 0.01 is a point of a share.",
    0.01,
  ),
});

const measureSchema = z.strictObject({
  max: z
    .number()
    .positive()
    .optional()
    .meta({
      description:
        "The most of it: the mean of an item, the quantile of an answer, US dollars for one that passes.",
      examples: [0.002],
    }),
  judged_by: judgedBy,
  margin: margin("How much more than the baseline does not matter yet, as a share of it.", 0.1),
});

const boundSchema = measureSchema.omit({ margin: true });

/** What a gate lets through, as written. */
export const gateSchema = z.strictObject({
  alpha: z
    .number()
    .gt(0)
    .lt(0.5)
    .default(0.05)
    .meta({
      description:
        "How often a gate fails, at most, though nothing is worse: over all that it compares together.",
      examples: [0.05],
    }),
  errors: z
    .enum(["left_out", "as_wrong"])
    .default("left_out")
    .meta({
      description: "Items that failed, which nobody answered: left out of scores, or counted as wrong.",
      examples: ["as_wrong"],
    }),
  failed_max: share.default(0.05).meta({
    description:
      "The share of items without an answer, at most: above it a run tells nothing, and the exit code is 3.",
    examples: [0.02],
  }),
  unscored_max: share.default(0.05).meta({
    description:
      "The share of answers without a score, at most: above it a run tells nothing, and the exit code is 3.",
    examples: [0.02],
  }),
  targets: z
    .array(z.string())
    .min(1)
    .optional()
    .meta({ description: "Which targets; all where nothing is written.", examples: [["flash"]] }),
  against: z
    .string()
    .optional()
    .meta({
      description: "A target of the same run that others are compared with, where no baseline run is given.",
      examples: ["current"],
    }),
  require: z
    .enum(["no_regression", "non_inferior"])
    .default("no_regression")
    .meta({
      description:
        "`no_regression`: fails where it is surely worse, by the margin or more. `non_inferior`: fails unless it is surely not worse by the margin.",
      examples: ["non_inferior"],
    }),
  scorers: z
    .record(z.string(), scorerSchema)
    .optional()
    .meta({
      description: "What scorers have to say; all with a margin of 0.01 where nothing is written.",
      examples: [{ right: { min: 0.8, margin: 0.01 } }],
    }),
  measures: z
    .strictObject({
      cost_usd: measureSchema
        .optional()
        .meta({ description: "US dollars an item.", examples: [{ max: 0.002 }] }),
      latency_ms: measureSchema
        .optional()
        .meta({ description: "Mean latency, ms.", examples: [{ margin: 0.2 }] }),
      output_tokens: measureSchema
        .optional()
        .meta({ description: "Tokens generated.", examples: [{ margin: 0.2 }] }),
      latency_ms_p95: boundSchema
        .optional()
        .meta({ description: "The 95 % quantile, ms.", examples: [{ max: 5000 }] }),
    })
    .default({})
    .meta({ description: "What answers may take.", examples: [{ cost_usd: { max: 0.002 } }] }),
});

/** What a gate lets through, as read. */
export type GateSettings = z.output<typeof gateSchema>;
/** What is wanted of a scorer. */
export type GatedScorer = z.output<typeof scorerSchema>;

/** A gate of which nobody wrote anything. */
export const usualGate: GateSettings = gateSchema.parse({});

/** How much worse does not matter yet, where nothing is written: a point of a share. */
export const usualScorerMargin = 0.01;
/** The same of a measure, as a share of the baseline. */
export const usualMeasureMargin = 0.1;
