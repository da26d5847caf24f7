import { z } from "zod";
import { spendings } from "#core/experiments/plan/analysis-plan.ts";
import { marginOf, marginWanted, type Margin } from "#core/experiments/plan/margin.ts";
import { looksMax } from "#core/experiments/plan/plan-schema.ts";
import { amount } from "#core/kernel/amount.ts";
import { share, sumProblem } from "#core/kernel/share.ts";

/** Most variants that are planned for at once. */
const variantsMax = 10;
/** Most units that are planned for. */
const unitsMax = 1e12;

const number = (description: string, example: number) =>
  z.number().meta({ description, examples: [example] });

const correlation = (description: string, example: number) =>
  z
    .number()
    .min(-1)
    .max(1)
    .meta({ description, examples: [example] });

/** How far a metric moves. */
export interface PlannedChange extends Margin {
  /** Written in percentage points, which only a rate has. */
  readonly isPoints: boolean;
}

/** A change as a person writes it: `+2pp`, `-10%`, `+200ms`, `-0.3`. */
export function plannedChange(description: string, example: string) {
  return z
    .string({ error: marginWanted })
    .meta({ description, examples: [example] })
    .transform((text, context): PlannedChange => {
      const read = marginOf(text);
      if (read) return { ...read, isPoints: text.endsWith("pp") };
      context.issues.push({ code: "custom", input: text, message: marginWanted });
      return z.NEVER;
    });
}

const metric = z
  .union([
    z.strictObject({
      rate: share.meta({ description: "A rate as it is now.", examples: ["60%"] }),
    }),
    z.strictObject({
      mean: number("A mean as it is now; of a ratio the numerator's.", 812),
      sd: number("The standard deviation of one unit.", 400),
      denominator: z
        .strictObject({
          mean: number("The denominator's mean.", 4),
          sd: number("The denominator's standard deviation.", 2),
          correlation: correlation("Of numerator and denominator.", 0.8),
        })
        .optional()
        .meta({ description: "Of a ratio, such as cost per request." }),
    }),
  ])
  .meta({ description: "The metric as it is now.", examples: [{ rate: "60%" }, { mean: 812, sd: 400 }] });

/** Body of `POST /api/experiments/power`. */
export const powerBody = z
  .strictObject({
    metric,
    effect: plannedChange(
      "The change that is to be found; with a margin the true change beside it, none where it is left out.",
      "+2pp",
    ).optional(),
    margin: plannedChange("Of a guardrail: how much worse it may be.", "+1pp").optional(),
    units: amount({
      description: "Units of all variants: with an effect or a margin the power is told, else the effect.",
      examples: [20_000],
      smallest: 1,
      largest: unitsMax,
    }).optional(),
    shares: z
      .array(share)
      .min(2)
      .max(variantsMax)
      .superRefine((shares, context) => {
        const problem = sumProblem(shares);
        if (problem) context.addIssue(problem);
      })
      .meta({
        description: "Of each variant, the control's first; halves where nothing is written.",
        examples: [["50%", "25%", "25%"]],
      })
      .optional(),
    alpha: share
      .meta({
        description: "Error rate: 5 % two-sided where nothing is written, of a margin 2.5 % on its side.",
        examples: ["5%"],
      })
      .optional(),
    power: share.meta({ description: "Chance of finding it; 80 %.", examples: ["80%"] }).optional(),
    design: z
      .union([
        z.enum(["fixed", "always_valid"]),
        z.strictObject({
          looks: z
            .int()
            .min(1)
            .max(looksMax)
            .meta({ description: "Planned looks, the last one included.", examples: [5] }),
          spending: z
            .enum(spendings)
            .meta({ description: "How looks spend the error rate.", examples: ["obrien-fleming"] })
            .optional(),
        }),
      ])
      .meta({
        description: "When it is looked at: once at the end where nothing is written.",
        examples: ["always_valid", { looks: 5 }],
      })
      .optional(),
    clusters: z
      .strictObject({
        size: number("Units of a cluster, on average.", 8),
        correlation: number("Of two units of one cluster, from 0 to 1.", 0.2),
      })
      .meta({ description: "Units that share a variant, as messages of a conversation." })
      .optional(),
    correlation: number(
      "Of the metric with the same one from before, by what a covariate takes out of the noise.",
      0.6,
    ).optional(),
    per_day: number("Units that take part in a day.", 2500).optional(),
  })
  .meta({ id: "ExperimentPower", description: "What is known before an experiment." });

/** What is asked before an experiment, read. */
export type WrittenPower = z.output<typeof powerBody>;

const change = (description: string) =>
  z
    .object({
      scale: z
        .enum(["absolute", "relative"])
        .meta({ description: "In the metric's unit, or as a share of it.", examples: ["absolute"] }),
      value: number("Signed.", 0.02),
    })
    .nullable()
    .meta({ description });

const days = (description: string, example: number) =>
  z
    .int()
    .nullable()
    .meta({ description, examples: [example] });

/** Answer of `POST /api/experiments/power`. */
export const powerView = z
  .object({
    answer: z
      .enum(["units", "power", "effect"])
      .meta({ description: "What was asked for.", examples: ["units"] }),
    sentences: z.array(z.string()).meta({
      description: "The answer in words, then what makes it so.",
      examples: [["18,666 units find a change of +2 pp with a chance of 80 %"]],
    }),
    units: number("Of all variants.", 18_666),
    variants: z
      .array(z.object({ share: number("Of all units.", 0.5), units: number("Of the variant.", 9_333) }))
      .meta({ description: "Each variant, in the order of the shares." }),
    effect: change("The change that is to be found."),
    margin: change("What the metric is to stay within."),
    power: number("The chance of finding it, or of showing that the margin holds.", 0.8),
    detectable: z
      .object({
        upwards: z
          .number()
          .nullable()
          .meta({ description: "Upwards; null where none is large enough.", examples: [0.02] }),
        downwards: z
          .number()
          .nullable()
          .meta({ description: "Downwards; null where none is large enough.", examples: [-0.0202] }),
      })
      .nullable()
      .meta({ description: "The smallest changes that so many units find; null where they were not asked." }),
    alpha: number("Error rate as it was asked.", 0.05),
    level: number("Error rate of one comparison, two-sided.", 0.05),
    looks: z
      .looseObject({
        kind: z
          .enum(["fixed", "always-valid", "group-sequential"])
          .meta({ description: "Once, at any time, or as planned.", examples: ["fixed"] }),
      })
      .meta({ description: "When it is looked at." }),
    inflation: z
      .object({
        looks: number("Of looking at it more than once.", 1),
        clusters: number("Of clusters.", 1),
        covariate: number("Of what is known from before; at most 1.", 1),
      })
      .meta({ description: "What units cost more than independent ones looked at once; 1 is nothing." }),
    days: days("How long that takes; null where the pace was not told.", 8),
    days_of_whole_weeks: days("The same in whole weeks.", 14),
  })
  .meta({
    id: "ExperimentPowerAnswer",
    description: "How many units an experiment needs, or what it finds.",
  });
