import { z } from "zod";
import { amount } from "#core/kernel/amount.ts";
import { period } from "#core/kernel/period.ts";
import { share } from "#core/kernel/share.ts";
import { spendings } from "./analysis-plan.ts";
import { margin, type Margin } from "./margin.ts";
import { metricName, metricSchema } from "./metric-schema.ts";
import { tradeOffShape } from "./trade-off-schema.ts";

/** Most metrics of one comparison: each one more makes a chance finding likelier. */
const metricsMax = 50;
/** Most looks of a planned design. */
export const looksMax = 50;
/** Most units that a design may plan for. */
const unitsMax = 1e12;

/** The settings of a goal. */
export interface WrittenGoal {
  readonly minimum_effect?: Margin | undefined;
}

/** A goal's settings are a map that may be empty: `resolved: {}`; `resolved:` alone is null in YAML. */
const goalSchema = z
  .strictObject({
    minimum_effect: margin({
      description:
        "The smallest change that matters, with its sign: what is surely smaller is not shipped, and the needed units are told for it.",
      examples: ["+2pp", "-100ms"],
    }).optional(),
  })
  .nullable()
  .transform((goal): WrittenGoal => goal ?? {});

const goalsSchema: z.ZodType<Readonly<Record<string, WrittenGoal>>> = z
  .union(
    [
      metricName.transform((name): Readonly<Record<string, WrittenGoal>> => ({ [name]: {} })),
      z
        .array(metricName)
        .transform((names) => Object.fromEntries(names.map((name): [string, WrittenGoal] => [name, {}]))),
      z.record(metricName, goalSchema),
    ],
    {
      error: "the name of a metric, a list of them, or a map such as { resolved: { minimum_effect: +2pp } }",
    },
  )
  .refine((goals) => Object.keys(goals).length <= metricsMax, { error: `at most ${metricsMax} metrics` });

const horizonShape = {
  units: amount({
    description: "Ends when all variants have so many units together.",
    examples: [20_000],
    smallest: 2,
    largest: unitsMax,
  }).optional(),
  planned: period({ description: "Ends after this time.", examples: ["14d"] }).optional(),
};

const plannedSchema = z
  .strictObject({
    ...horizonShape,
    looks: z
      .int()
      .min(1)
      .max(looksMax)
      .meta({
        description: "How often results are looked at, the last look included; 1 where nothing is written.",
        examples: [5],
      })
      .optional(),
    spending: z
      .enum(spendings)
      .meta({
        description:
          "How the error rate is spent over the looks: little at first (`obrien-fleming`, where nothing is written), evenly (`pocock`), or by the square of time (`power-2`).",
        examples: ["obrien-fleming"],
      })
      .optional(),
  })
  .refine(({ units, planned }) => units !== undefined || planned !== undefined, {
    error: "when it ends: units, planned, or both",
  });

const designWanted = "always_valid, fixed, or { units: 20000, looks: 5, spending: obrien-fleming }";

/** What a plan says about metrics, error rates and looks: the same words in signalbox.yaml and in a plan for a file. */
export const planShape = {
  primary: goalsSchema
    .meta({
      description: "What decides: a variant ships when one of these is better and none is worse.",
      examples: [{ resolved: { minimum_effect: "+2pp" } }],
    })
    .optional(),
  secondary: z
    .array(metricName)
    .max(metricsMax)
    .meta({ description: "What is shown beside, without deciding.", examples: [["output_tokens"]] })
    .optional(),
  guardrails: z
    .record(
      metricName,
      margin({ description: "How much worse it may be, with its sign.", examples: ["+1pp", "+20%"] }),
    )
    .refine((guardrails) => Object.keys(guardrails).length <= metricsMax, {
      error: `at most ${metricsMax} metrics`,
    })
    .meta({
      description:
        "What must not get worse by more than a margin; a variant ships only when all are shown to hold.",
      examples: [{ error_rate: "+1pp", latency_p95: "+20%" }],
    })
    .optional(),
  metrics: z
    .record(metricName, metricSchema)
    .meta({
      description: "How metrics are made, where their name does not say it.",
      examples: [
        { latency_p95: { of: "latency", quantile: "95%" } },
        { converted_7d: { event: "purchase", aggregation: "conversion", within: "7d" } },
      ],
    })
    .optional(),
  ...tradeOffShape,
  design: z
    .union([z.enum(["always_valid", "fixed"], { error: designWanted }), plannedSchema], {
      error: designWanted,
    })
    .meta({
      description:
        "When results may be looked at: `always_valid` (at any time, where nothing is written), `fixed` (once, the data are all there will be), or a plan of looks.",
      examples: ["always_valid", { planned: "14d", looks: 5, spending: "obrien-fleming" }],
    })
    .optional(),
  alpha: share
    .refine((value) => value > 0 && value <= 0.5, { error: "a share above 0% and at most 50%" })
    .meta({
      description: "Error rate of all primary comparisons together, two-sided; 5% where nothing is written.",
      examples: ["5%"],
    })
    .optional(),
  power: share
    .refine((value) => value >= 0.5 && value < 1, { error: "a share from 50% to below 100%" })
    .meta({
      description: "Chance of finding an effect of the size that matters; 80% where nothing is written.",
      examples: ["80%"],
    })
    .optional(),
  minimum: z
    .strictObject({
      units: amount({
        description: "Units of each variant; 100 where nothing is written.",
        examples: [100],
        smallest: 2,
        largest: unitsMax,
      }).optional(),
      days: z
        .number()
        .min(0)
        .max(36_500)
        .meta({
          description: "Days from the first unit to the last, where times are known; 3 for experiments.",
          examples: [3],
        })
        .optional(),
    })
    .meta({ description: "Below these there is no verdict.", examples: [{ units: 100, days: 3 }] })
    .optional(),
} as const;

const planSchema = z.strictObject(planShape);

/** A plan as it is written, read. */
export type WrittenPlan = z.infer<typeof planSchema>;
