import { z } from "zod";
import { prefillWays } from "#core/dialects/dialect.ts";
import { isWrittenLine, writtenLine } from "#core/kernel/written-line.ts";
import { limitsSchema } from "./limits.ts";
import { name } from "./name.ts";
import { priceSchema } from "./price.ts";

/** Largest weight: enough for any relation a person would write. */
const weightMax = 1_000;

const tokens = z.int().min(1);

const thinkingSchema = z
  .strictObject({
    mode: z.enum(["level", "budget", "none"]).meta({
      description: "By level (`low`, `high`, ...), by a number of tokens, or not at all.",
      examples: ["level"],
    }),
    levels: z
      .array(z.enum(["none", "minimal", "low", "medium", "high", "xhigh"]))
      .min(1)
      .optional()
      .meta({ description: "The levels that it accepts.", examples: [["low", "medium", "high"]] }),
  })
  .meta({ description: "How the model takes effort." });

const capabilitiesSchema = z
  .strictObject({
    operations: z
      .array(z.enum(["chat", "embeddings"]))
      .min(1)
      .optional()
      .meta({ description: "What the model does.", examples: [["chat"]] }),
    context_tokens: tokens
      .optional()
      .meta({ description: "Tokens that fit into a prompt.", examples: [131_072] }),
    max_output_tokens: tokens
      .optional()
      .meta({ description: "Tokens of the longest answer.", examples: [8_192] }),
    media: z
      .array(z.enum(["image", "audio", "video", "document"]))
      .optional()
      .meta({ description: "Kinds of media that it reads beside text.", examples: [["image"]] }),
    tools: z
      .boolean()
      .optional()
      .meta({ description: "Whether it calls tools.", examples: [true] }),
    structured_output: z
      .boolean()
      .optional()
      .meta({ description: "Whether it answers by a JSON schema.", examples: [true] }),
    thinking: thinkingSchema.optional(),
    prefill: z
      .enum([...prefillWays, "none"])
      .optional()
      .meta({
        description:
          "How it is asked to go on with an answer that has begun, its last message: by that alone (`last-turn`), or with a " +
          "mark as vLLM and SGLang (`continue-final-message`) or Mistral and DeepSeek (`prefix`) have it. `none` where it " +
          "begins a new one. Known of Gemini models; of others taken for `none`.",
        examples: ["continue-final-message"],
      }),
  })
  .meta({
    description:
      "What the model can do, where the catalog does not know it or is wrong for this provider. What is left out is as the catalog says; of an unknown model nothing is ruled out.",
  });

/** `deployments.<name>` */
export const deploymentSchema = z
  .strictObject({
    provider: name.meta({ description: "The provider that serves it.", examples: ["google"] }),
    model: z
      .string()
      .min(1)
      .max(200)
      .refine(isWrittenLine, { error: writtenLine })
      .meta({ description: "The model's id in the provider's words.", examples: ["gemini-3.8-flash"] }),
    weight: z
      .number()
      .gt(0)
      .max(weightMax)
      .default(1)
      .meta({
        description: "Share of the traffic among the deployments of a pool, relative to the others.",
        examples: [2],
      }),
    limits: limitsSchema.optional(),
    enabled: z
      .boolean()
      .default(true)
      .meta({
        description:
          "Whether it takes requests. False takes it out of service: no new requests go there, those under way finish.",
        examples: [false],
      }),
    replace_ended: z
      .boolean()
      .default(false)
      .meta({
        description:
          "Whether, once its model is shut down, it asks the model that the maker names as the replacement, for requests that that one can serve. Decisions then carry the warning `replaced-model`.",
        examples: [true],
      }),
    capabilities: capabilitiesSchema.optional(),
    price: priceSchema.optional(),
  })
  .meta({
    description: "One model at one provider: what is healthy or not, and what load is balanced over.",
  });

/** A deployment as written. */
export type DeploymentSettings = z.output<typeof deploymentSchema>;
