import { z } from "zod";
import { degraded } from "./schema-words.ts";

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
        description: "The probability with which this variant was chosen, above 0, at most 1.",
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
    reason: z.string().meta({
      description: "Why, in one sentence.",
      examples: ["0.4217 falls into the share of assistant-flash"],
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
