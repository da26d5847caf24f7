import { z } from "zod";
import { judgeCorrections } from "#core/experiments/plan/judge-correction.ts";
import { eventName, metricName } from "#core/experiments/plan/metric-schema.ts";
import { planShape } from "#core/experiments/plan/plan-schema.ts";
import { share } from "#core/kernel/share.ts";
import { conditionSchema } from "#core/routing/expressions/condition-schema.ts";
import { modeShape } from "./experiment-mode.ts";
import { experimentVariants } from "./experiment-variants.ts";
import { name } from "./name.ts";

/** Longest hypothesis or owner, characters. */
const textLengthMax = 1_000;

const instantWanted = "a day such as 2026-12-01, or a time such as 2026-12-01T09:00:00Z";

const instant = (about: { readonly description: string; readonly examples: string[] }) =>
  z
    .union([z.iso.date({ error: instantWanted }), z.iso.datetime({ offset: true, error: instantWanted })], {
      error: instantWanted,
    })
    .meta(about)
    .transform((text) => Date.parse(text));

const part = (about: { readonly description: string; readonly examples: string[] }) => share.meta(about);

const layerSchema = z
  .strictObject({
    name: name.meta({ description: "The layer's name.", examples: ["support-prompts"] }),
    from: part({ description: "Where its part of the layer's units begins.", examples: ["0%"] }),
    to: part({ description: "Where its part of the layer's units ends.", examples: ["50%"] }),
  })
  .refine(({ from, to }) => from < to, { path: ["to"], error: "more than `from`" })
  .meta({
    description:
      "Experiments of one layer share its units out among themselves: no unit is in two of them. Without one it may have all units.",
    examples: [{ name: "support-prompts", from: "0%", to: "50%" }],
  });

const unitWanted = "one of user, session, conversation, or { tag: <name> }";

const unitSchema = z
  .union(
    [
      z.enum(["user", "session", "conversation"], { error: unitWanted }),
      z.strictObject({
        tag: name.meta({
          description: "The tag of requests whose value is the unit.",
          examples: ["tenant"],
        }),
      }),
    ],
    { error: unitWanted },
  )
  .default("conversation")
  .meta({
    description:
      "What is randomised and stays with its variant: a `user`, a `session`, a `conversation`, or the value of a tag.",
    examples: ["conversation", { tag: "tenant" }],
  });

/** Ways to part units in, at most: each is one more chance to find a difference that is none. */
const segmentsMax = 3;
const segmentWanted = "a tag such as tags.tier";

const tagPath = z
  .string({ error: segmentWanted })
  .regex(/^tags\.[A-Za-z0-9][A-Za-z0-9._-]*$/, { error: segmentWanted })
  .max(100, { error: segmentWanted });

const segmentsSchema = z
  .array(tagPath)
  .min(1)
  .max(segmentsMax)
  .refine((names) => new Set(names).size === names.length, { error: "each tag once" })
  .meta({
    description:
      "Tags by whose values primary metrics are also compared, as the first request of a unit has them: shown, and never deciding. The 20 values with the most units, the rest together.",
    examples: [["tags.tier"]],
  });

const judgeWanted = `one of ${judgeCorrections.join(", ")}, or { human: <name of feedback> }`;

const judgeSchema = z.union(
  [
    z.enum(judgeCorrections, { error: judgeWanted }),
    z.strictObject({
      correction: z
        .enum(judgeCorrections)
        .meta({
          description:
            "`prediction_powered` (where nothing is written; labels drawn at random), `rogan_gladen` (of a judge that passes or fails, by its errors; labels may be drawn by what humans said) or `none`.",
          examples: ["rogan_gladen"],
        })
        .optional(),
      human: eventName
        .meta({
          description:
            "The name of the feedback that humans give, with the source `human`; the judge's own where nothing is written.",
          examples: ["quality_review"],
        })
        .optional(),
    }),
  ],
  { error: judgeWanted },
);

/** `experiments.<name>` */
export const experimentSchema = z
  .strictObject({
    route: name.meta({ description: "The route whose requests it takes.", examples: ["support"] }),
    incumbent: name.optional().meta({
      description:
        "The variant of the route whose requests are shared out: those that the strategy gives to it. Left out, all of the route's.",
      examples: ["support-flash"],
    }),
    hypothesis: z
      .string()
      .min(1)
      .max(textLengthMax)
      .optional()
      .meta({
        description: "What is to be found out, in one sentence.",
        examples: ["Argon resolves more conversations than Flash"],
      }),
    owner: z
      .string()
      .min(1)
      .max(textLengthMax)
      .optional()
      .meta({ description: "Who answers for it.", examples: ["support-team"] }),
    unit: unitSchema,
    audience: conditionSchema.optional().meta({
      description:
        "Which requests take part: a condition, as `when` in `first_match` has it. Left out, all of them.",
      examples: [{ "tags.tier": "free" }],
    }),
    coverage: share
      .meta({ description: "The share of units that takes part, above 0%.", examples: ["20%"] })
      .refine((value) => value > 0, { error: "a share above 0% and up to 100%" })
      .prefault("100%"),
    layer: layerSchema.optional(),
    ...modeShape,
    variants: experimentVariants,
    control: name.optional().meta({
      description: "The variant that the others are compared with; the first one when it is left out.",
      examples: ["support-flash"],
    }),
    segments: segmentsSchema.optional(),
    strata: tagPath
      .meta({
        description:
          "The tag by whose values units are strata, as the first request of a unit has it: metrics are compared inside them, each weighted by its share of the units. Left out, metrics are compared as they stand.",
        examples: ["tags.tier"],
      })
      .optional(),
    judges: z
      .record(metricName, judgeSchema)
      .meta({
        description:
          "Metrics that are what a judge says (feedback with the source `judge`), corrected by what humans said of some of the same requests, conversations or units.",
        examples: [{ quality: { human: "quality_review" } }],
      })
      .optional(),
    start: instant({
      description:
        "When it starts by itself: a day, or a time. Left out, when somebody starts it. It cannot be started before.",
      examples: ["2026-12-01", "2026-12-01T09:00:00Z"],
    }).optional(),
    end: instant({
      description: "When it stops by itself: a day, or a time. Left out, when somebody stops it.",
      examples: ["2026-12-15"],
    }).optional(),
    on_version_change: z
      .enum(["flag", "new_phase"])
      .optional()
      .meta({
        description:
          "What follows when a provider lets another version of a variant's model answer, for good: `flag` tells it with the results, which then give no verdict (where nothing is written); `new_phase` begins a phase with other units in each variant as well, once an hour at most and ten times in all.",
        examples: ["new_phase"],
      }),
    ...planShape,
  })
  .meta({
    description:
      "An experiment: requests of a route are shared out among variants by their unit, to find out which is better. It takes requests once it is started.",
  });

/** An experiment as written. */
export type ExperimentSettings = z.output<typeof experimentSchema>;

/** `holdout`: the share of units that no experiment takes. */
export const holdoutSchema = share
  .meta({
    description:
      "The share of units that is kept out of every experiment, the same units for all: what Signalbox does without any. 0% where nothing is written.",
    examples: ["2%"],
  })
  .refine((value) => value < 1, { error: "a share from 0% to below 100%" });
