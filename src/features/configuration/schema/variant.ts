import { z } from "zod";
import { name } from "./name.ts";

/** Texts that end an answer, at most: Gemini takes 5. https://ai.google.dev/api/generate-content, read 2026-11-24 */
const stopMax = 5;

const parametersSchema = z
  .strictObject({
    temperature: z
      .number()
      .min(0)
      .max(2)
      .optional()
      .meta({
        description: "Randomness of the choice of words, 0 to 2. Ignored from Gemini 3.6 on.",
        examples: [0.2],
      }),
    top_p: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .meta({
        description: "Only the likeliest words of this total probability are drawn from.",
        examples: [0.95],
      }),
    top_k: z
      .int()
      .min(1)
      .optional()
      .meta({ description: "Only so many of the likeliest words are drawn from.", examples: [40] }),
    max_output_tokens: z
      .int()
      .min(1)
      .optional()
      .meta({ description: "Upper bound of the answer in tokens, thinking included.", examples: [800] }),
    thinking: z
      .enum(["none", "minimal", "low", "medium", "high", "xhigh"])
      .optional()
      .meta({ description: "How hard the model thinks before it answers.", examples: ["low"] }),
    stop: z
      .array(z.string().min(1))
      .min(1)
      .max(stopMax)
      .optional()
      .meta({ description: "Texts that end the answer; at most 5.", examples: [["END"]] }),
    seed: z
      .int()
      .optional()
      .meta({ description: "Makes the choice of words repeatable where the provider can.", examples: [7] }),
  })
  .meta({ description: "What it sets on every request; wins over what the client asks for." });

/** `variants.<name>` */
export const variantSchema = z
  .strictObject({
    pool: z
      .array(name, { error: "a list of deployments such as [flash]" })
      .min(1, { error: "at least one deployment" })
      .refine((pool) => new Set(pool).size === pool.length, { error: "each deployment once" })
      .meta({
        description: "The deployments that serve it; all of one model.",
        examples: [["flash", "flash-eu"]],
      }),
    parameters: parametersSchema.default({}),
    prompt: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9._-]*$/, {
        error: "a prompt with a version or a label, such as support@3 or support@production",
      })
      .optional()
      .meta({
        description:
          "What it says around the client's messages: a prompt with its version, or with a label that becomes the version it points at when the configuration is applied.",
        examples: ["support@production"],
      }),
  })
  .meta({ description: "An immutable bundle of a model and its parameters: what routes choose from." });

/** A variant as written. */
export type VariantSettings = z.output<typeof variantSchema>;
