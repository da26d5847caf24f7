import { z } from "zod";
import { about, bounds, judgement, number, readings, text, value } from "./reading-schema.ts";
import { perProtocol } from "./per-protocol-schema.ts";
import { segment, segmentDifference, series } from "./segments-schema.ts";
import { tradeOffsShape } from "./trade-offs-schema.ts";

const decisions = ["ship", "do-not-ship", "keep-running", "invalid"] as const;

const texts = (description: string, example: string) =>
  z.array(z.string()).meta({ description, examples: [[example]] });

const decision = z.enum(decisions).meta({
  description:
    "`ship`: a primary metric is better and every guardrail holds. `do-not-ship`: worse, a guardrail broken, too small to matter, or the planned end reached without more. `keep-running`: the data do not tell yet. `invalid`: they cannot be relied on.",
  examples: ["ship"],
});

const reasons = {
  reasons: texts("What it rests on.", "resolved is better by +4 pp (+1.3 pp to +6.7 pp)"),
  would_change: texts("What would make it another.", "A guardrail that breaks"),
};

const verdict = z
  .object({
    decision,
    variant: z
      .string()
      .nullable()
      .meta({
        description: "The variant to ship; null unless the decision is that.",
        examples: ["support-argon"],
      }),
    sentence: text(
      "The decision as a sentence.",
      "Ship support-argon: resolved is better by +4 pp (+1.3 pp to +6.7 pp)",
    ),
    ...reasons,
    by_variant: z
      .array(
        z.object({ variant: text("A variant beside the control.", "support-argon"), decision, ...reasons }),
      )
      .meta({ description: "What is to be done with each variant." }),
  })
  .meta({ id: "ExperimentVerdict", description: "What to do, and why." });

const comparison = z
  .object({
    variant: text("The treatment.", "support-argon"),
    judgement,
    deciding: readings(
      "As the design allows it to be judged now: in the metric's unit, and as a share of the control.",
    ),
    adjusted_p_value: number(
      "Of a primary metric: corrected for the number of primary comparisons.",
      0.002,
    ).optional(),
    covariate_takes_off: number(
      "The share of the variance that what was known before takes off.",
      0.4,
    ).optional(),
    adjusted_by: z
      .enum(["strata", "judge"])
      .optional()
      .meta({
        description:
          "`strata`: compared inside groups of units that were alike before. `judge`: corrected by what humans said. Absent where it is compared as it stands.",
        examples: ["strata"],
      }),
    unadjusted: readings("The deciding reading as it would stand without that.").optional(),
    fixed_horizon: readings("As one look at the end would tell it, without correction."),
    bayesian: z
      .object({
        lift: number("What is believed of the relative change.", 0.05),
        interval: bounds,
        chance_to_win: number("The probability that the treatment is the better one.", 0.99),
        expected_loss: number("What is given away on average by choosing the treatment, as a share.", 0.0001),
        expected_loss_of_control: number(
          "What is given away on average by choosing the control, as a share.",
          0.05,
        ),
      })
      .nullable()
      .meta({
        description:
          "A reading with the prior that most changes are below 10 %; never what decides. Null where there is no relative change.",
      }),
  })
  .meta({ id: "ExperimentComparison", description: "How a variant differs from the control." });

const change = (description: string) =>
  z
    .object({
      text: text("As it may be written.", "+0.02"),
      scale: z.enum(["absolute", "relative"]).meta({
        description: "In the metric's unit, or as a share of the control.",
        examples: ["absolute"],
      }),
      value: number("Signed.", 0.02),
    })
    .meta({ description });

const margin = (description: string) => change(description).optional();

const metric = z
  .object({
    name: text("Its name.", "resolved"),
    role: z
      .enum(["primary", "secondary", "guardrail"])
      .meta({ description: "What it is for.", examples: ["primary"] }),
    better: z
      .enum(["higher", "lower"])
      .meta({ description: "Which way is the better one.", examples: ["higher"] }),
    aggregation: z
      .enum(["mean", "ratio", "quantile"])
      .meta({ description: "How units become one number.", examples: ["ratio"] }),
    of: text("What it is made of.", "latency"),
    quantile: number("Which quantile.", 0.95).optional(),
    definition: text(
      "What a metric of events is made of, where somebody defined it.",
      "the share of units with purchase; within 7d of a unit's first request, of units for which that time is over",
    ).optional(),
    margin: margin("A guardrail's: how much worse it may be."),
    minimum_effect: margin("A primary's: the smallest change that matters."),
    variants: z
      .array(
        z.object({
          variant: text("The variant.", "support-argon"),
          units: number("Independent units with a value.", 5012),
          value,
          standard_error: z
            .number()
            .nullable()
            .meta({ description: "Its standard error.", examples: [0.007] }),
          refused: text("Why there is no value that can be compared, as a code.", "not-finite").optional(),
          reason: text("The same as a sentence.", "A value is not a finite number").optional(),
          events: number("Units with the event, where each unit has it or not.", 3208).optional(),
          missing: number("Units without a value.", 0),
        }),
      )
      .meta({ description: "What each variant has." }),
    comparisons: z.array(comparison).meta({ description: "Each variant against the control." }),
  })
  .meta({
    id: "ExperimentMetric",
    description: "A metric: what each variant has, and how each differs from the control.",
  });

const finding = z
  .object({
    code: text("Which finding.", "sample-ratio"),
    severity: z.enum(["invalid", "wait", "warning", "note"]).meta({
      description:
        "`invalid`: no result can be relied on. `wait`: not yet. `warning`: results may be off. `note`: how something was treated.",
      examples: ["invalid"],
    }),
    text: text(
      "What was found, and what it means.",
      "Units do not come in their shares (a 5200, b 4800; p = 6e-5)",
    ),
    about: text("The metric, variant or segment that it is about.", "support-argon").optional(),
  })
  .meta({
    id: "ExperimentFinding",
    description: "Something about the data that whoever reads results has to know.",
  });

const outlook = z
  .object({
    ...about,
    units: number("Of the control and the variant.", 10_024),
    detectable: number(
      "The smallest true change, either way, that so many units tell from none with the plan's power, in the metric's unit.",
      0.028,
    ),
    wanted: z
      .object({
        change: change("The smallest change that matters."),
        more_units: number("More units of both that it takes; 0 where there are enough.", 8642),
        more_days: number(
          "How many days they take at the pace so far; absent where no more come.",
          6,
        ).optional(),
      })
      .nullable()
      .meta({ description: "What the smallest change that matters takes; null where the plan has none." }),
    sentence: text(
      "The same as a sentence.",
      "resolved, support-argon: 10,024 units of both variants tell a change of 2.8 pp from none with a chance of 80 %; +2 pp takes about 8,642 more, 6 days at the pace so far",
    ),
  })
  .meta({ id: "ExperimentOutlook", description: "What a primary metric can tell by now." });

/** An analysis as `analysisView` tells it. */
export const analysisShape = {
  verdict,
  plan: z
    .object({
      control: text("What the others are compared with.", "support-flash"),
      design: z
        .looseObject({ kind: text("`always_valid`, `fixed` or `group_sequential`.", "always_valid") })
        .meta({ description: "When results may be looked at, and until when." }),
      alpha: number("Error rate of all primary comparisons together.", 0.05),
      guardrail_alpha: number("One-sided error rate of each guardrail.", 0.025),
      power: number("Chance of finding an effect that matters.", 0.8),
      minimum: z
        .object({ units: number("Units of each variant.", 100), days: number("Days.", 3) })
        .meta({ description: "Below these there is no verdict." }),
      assumed: texts("What nobody wrote and was assumed.", "secondary metric latency: lower is better"),
    })
    .meta({ description: "By which rules it is judged." }),
  variants: z
    .array(
      z.object({
        name: text("The variant.", "support-flash"),
        is_control: z.boolean().meta({ description: "Whether it is the control.", examples: [true] }),
        share: number("The share of units that it was to get.", 0.5),
        units: number("Units that met it.", 5012),
      }),
    )
    .meta({ description: "What is compared." }),
  days: number("Since it began, until now or its end.", 6.5).optional(),
  findings: z.array(finding).meta({ description: "What has to be known of the data." }),
  metrics: z
    .array(metric)
    .meta({ description: "Primary metrics first, then secondary ones and guardrails." }),
  outlook: z
    .array(outlook)
    .meta({ description: "What primary metrics can tell by now, and what more takes." }),
  ...tradeOffsShape,
  segments: z
    .array(segment)
    .meta({ description: "Primary metrics by segment; absent where units have none." })
    .optional(),
  segment_differences: z
    .array(segmentDifference)
    .meta({ description: "Whether segments differ; absent where units have none." })
    .optional(),
  per_protocol: perProtocol.optional(),
  series: z
    .array(series)
    .meta({ description: "Running differences of primary metrics; absent where times are not known." })
    .optional(),
};
