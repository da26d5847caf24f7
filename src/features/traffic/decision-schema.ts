import { z } from "zod";
import { formatChecks } from "#core/parsing/format-check.ts";
import { degraded } from "./schema-words.ts";

/** What an experiment made of a request, as the log keeps it. */
const experimentSchema = z
  .object({
    name: z.string().meta({ description: "The experiment.", examples: ["flash-or-pro"] }),
    phase: z
      .int()
      .min(1)
      .meta({ description: "Its phase.", examples: [1] }),
    variant: z
      .string()
      .nullable()
      .meta({
        description:
          "The variant that the unit is assigned, whoever answered; null where the request is outside.",
        examples: ["support-pro"],
      }),
    propensity: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .meta({
        description: "The variant's share among the units that take part; null outside.",
        examples: [0.5],
      }),
    unit: z
      .string()
      .nullable()
      .meta({
        description: "The unit's pseudonym; null outside, and where the route captures nothing.",
        examples: ["s8FJvqk2ZkqC0mSd6XxW3A"],
      }),
    stable: z
      .boolean()
      .nullable()
      .meta({
        description: "Whether later requests can be of the same unit; null outside.",
        examples: [true],
      }),
    segments: z
      .record(z.string(), z.string())
      .nullable()
      .meta({
        description:
          "The tags by which the experiment parts units, with their values; null where there are none.",
        examples: [{ tier: "free" }],
      }),
    answered: z
      .object({
        model: z.string().meta({
          description: "The model's id that the provider was asked for.",
          examples: ["gemini-flash-latest"],
        }),
        version: z.string().meta({
          description: "What the provider says answered.",
          examples: ["gemini-3.5-flash-001"],
        }),
      })
      .nullable()
      .meta({
        description:
          "What answered; null outside, where the assigned variant did not answer, and where its provider does not say.",
      }),
    outside: z
      .string()
      .nullable()
      .meta({
        description: "Why the request takes no part; null where it does.",
        examples: ["its unit is kept out of all experiments"],
      }),
  })
  .meta({ id: "DecisionExperiment", description: "What an experiment made of a request." });

/** What a request was made for that no client asked. */
const shadowSchema = z
  .object({
    kind: z.enum(["shadow", "judge", "evaluation"]).meta({
      description:
        "`shadow`: another variant's answer to what a client had asked. `judge`: an opinion of two answers. `evaluation`: a judge's opinion of the answer that the client was given.",
      examples: ["shadow"],
    }),
    request_id: z.string().meta({
      description: "Id of the client's request.",
      examples: ["019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b"],
    }),
    experiment: z
      .string()
      .nullable()
      .meta({
        description: "The experiment that it was made for; null of an evaluation's.",
        examples: ["argon-shadow"],
      }),
    phase: z
      .int()
      .min(1)
      .nullable()
      .meta({ description: "The experiment's phase; null of an evaluation's.", examples: [1] }),
    evaluation: z
      .string()
      .nullable()
      .meta({
        description: "The evaluation that it was made for; null of an experiment's.",
        examples: ["quality"],
      }),
  })
  .meta({
    id: "DecisionShadow",
    description: "What Signalbox asked by itself, off-line, for an experiment or an evaluation.",
  });

/** A decision, as the log keeps it. */
export const decisionSchema = z
  .object({
    route: z.string().meta({ description: "The route.", examples: ["assistant"] }),
    variant: z.string().meta({ description: "The variant that was chosen.", examples: ["assistant-flash"] }),
    prompt: z
      .string()
      .nullable()
      .meta({
        description: "The version of the prompt that the variant has; null where it has none.",
        examples: ["support@3"],
      }),
    strategy: z.string().meta({ description: "How it was chosen.", examples: ["weighted"] }),
    candidates: z
      .array(
        z.object({
          variant: z
            .string()
            .meta({ description: "A variant that was looked at.", examples: ["assistant-flash"] }),
          probability: z
            .number()
            .min(0)
            .max(1)
            .meta({ description: "Its chance, 0 to 1.", examples: [0.8] }),
          excluded: z
            .string()
            .nullable()
            .meta({
              description: "Why it could not be chosen; null when it could.",
              examples: ["reads no images"],
            }),
        }),
      )
      .meta({ description: "Every variant that was looked at; the probabilities sum to 1." }),
    propensity: z
      .number()
      .min(0)
      .max(1)
      .meta({
        description:
          "The probability with which this variant was chosen, above 0, at most 1: by the strategy, and by an experiment " +
          "for units that take part like this one.",
        examples: [0.8],
      }),
    draw: z
      .number()
      .min(0)
      .lt(1)
      .meta({ description: "The number drawn, 0 to below 1.", examples: [0.4217] }),
    ladder: z.array(z.string()).meta({
      description: "Deployments in the order in which they were to be tried.",
      examples: [["flash", "flash-backup"]],
    }),
    degraded,
    resumed: z.boolean().meta({
      description: "Whether a stream broke and another attempt went on with it.",
      examples: [false],
    }),
    format: z
      .enum(formatChecks)
      .nullable()
      .meta({
        description:
          "Whether the answer has the format (JSON, a JSON schema) that was asked for, `unchecked` where it is too long or the schema says something unknown. Null where none was asked for, nobody answered, or no experiment compares the answer.",
        examples: ["met"],
      }),
    reason: z.string().meta({
      description: "Why, in one sentence.",
      examples: ["0.4217 falls into the share of assistant-flash"],
    }),
    experiment: experimentSchema
      .nullable()
      .meta({ description: "What an experiment made of it; null where none took it." }),
    shadow_of: shadowSchema.nullable().meta({
      description: "What it was made for, where no client asked it; null where one did.",
    }),
    warnings: z
      .array(
        z.object({
          code: z.string().meta({ description: "What kind of thing.", examples: ["dropped"] }),
          field: z.string().meta({ description: "The field of the request.", examples: ["logit_bias"] }),
          message: z.string().meta({ description: "In words.", examples: ["Gemini has no logit_bias"] }),
        }),
      )
      .meta({ description: "What could not be carried from one dialect to the other." }),
    snapshot: z
      .object({
        configuration: z
          .string()
          .meta({ description: "The version of the configuration.", examples: ["c1"] }),
        status_epoch: z
          .int()
          .min(0)
          .meta({ description: "The epoch of the observed status.", examples: [7] }),
        prices: z
          .string()
          .meta({ description: "The version of the catalog's prices.", examples: ["2026-11-25"] }),
      })
      .meta({ description: "What it was decided on." }),
  })
  .meta({ id: "Decision", description: "One choice, as it was taken." });
