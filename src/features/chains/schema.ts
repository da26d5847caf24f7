import { z } from "zod";
import type { Json } from "#core/kernel/json.ts";

const tokens = (description: string, example: number) =>
  z
    .int()
    .min(0)
    .meta({ description: `${description}, tokens.`, examples: [example] });

/** Tokens that a chain used. */
export const chainUsageSchema = z
  .object({
    input_tokens: tokens("What the model read, cached ones included", 412),
    cached_input_tokens: tokens("The part of the input that came out of the provider's prompt cache", 0),
    output_tokens: tokens("What the model wrote, thinking included", 64),
    thinking_tokens: tokens("The part of the output that was thinking", 0),
    total_tokens: tokens("Input and output together", 476),
  })
  .meta({ id: "ChainUsage", description: "What the model read and wrote." });

/** Body of a call of a chain. What `input` must hold is the chain's own matter. */
export const chainCallSchema = z
  .strictObject({
    input: z.record(z.string(), z.unknown()).meta({
      description: "The variables of the chain's prompt, by name.",
      examples: [{ text: "Signalbox stands between applications and many language models." }],
    }),
  })
  .meta({ id: "ChainCall", description: "What a chain is given." });

/** What a chain gives: the answer of `invoke`, and the last event of a stream. */
export const chainAnswerSchema = z
  .object({
    output: z
      .unknown()
      .meta({ description: "What the output parser gives: text or JSON.", examples: ["A short summary."] }),
    request_id: z.string().meta({
      description: "Id of the request in the request log.",
      examples: ["019ab000-0000-7000-8000-000000000001"],
    }),
    route: z.string().meta({ description: "The route that decided.", examples: ["chat"] }),
    variant: z.string().meta({ description: "The variant that was chosen.", examples: ["chat-flash"] }),
    deployment: z.string().meta({ description: "The deployment that answered.", examples: ["flash"] }),
    usage: chainUsageSchema
      .optional()
      .meta({ description: "What the model read and wrote; absent when the provider did not say." }),
  })
  .meta({ id: "ChainAnswer", description: "What a chain gives." });

/** Data of a "chunk" event. */
export const chainChunkSchema = z
  .object({
    text: z.string().meta({ description: "The next piece of the model's text.", examples: ["A short"] }),
  })
  .meta({ id: "ChainChunk", description: 'Data of an event "chunk".' });

/** Data of an "error" event: the last of its stream. */
export const chainErrorSchema = z
  .object({
    error: z
      .object({
        code: z
          .string()
          .meta({ description: "What failed, as a word for programs.", examples: ["upstream-failed"] }),
        message: z
          .string()
          .meta({ description: "What failed, in words.", examples: ["The upstream closed the connection"] }),
        retryable: z
          .boolean()
          .meta({ description: "Whether the same call may succeed later.", examples: [true] }),
      })
      .meta({ description: "What failed." }),
    request_id: z.string().meta({
      description: "Id of the request in the request log.",
      examples: ["019ab000-0000-7000-8000-000000000001"],
    }),
  })
  .meta({ id: "ChainError", description: 'Data of an event "error".' });

/** Data of the events of a stream: "chunk" any number of times, then "end" or "error". */
export const chainEventSchema = z
  .union([chainChunkSchema, chainAnswerSchema, chainErrorSchema])
  .meta({ id: "ChainEvent", description: 'Data of an event: "chunk"s, then one "end" or "error".' });

const variable = z
  .object({
    name: z.string().meta({ description: "Its name.", examples: ["text"] }),
    description: z.string().meta({ description: "What it is for.", examples: ["The text to summarise."] }),
    required: z.boolean().meta({ description: "Whether it must be given.", examples: [true] }),
    default: z
      .string()
      .optional()
      .meta({ description: "What stands in for an absent value.", examples: ["plain prose"] }),
    length_max: z.int().meta({ description: "Most characters of a value.", examples: [400_000] }),
    example: z.string().meta({ description: "A value to try.", examples: ["A long text"] }),
  })
  .meta({ id: "ChainVariable", description: "A variable of a chain's prompt." });

/** The list of chains. */
export const chainListSchema = z
  .object({
    chains: z
      .array(
        z
          .object({
            name: z.string().meta({ description: "What it is called in URLs.", examples: ["summarise"] }),
            description: z.string().meta({ description: "What it does.", examples: ["Summarises a text."] }),
            route: z.string().meta({ description: "The route or model it asks.", examples: ["chat"] }),
            variables: z.array(variable).meta({ description: "The variables of its prompt." }),
            output: z.enum(["text", "json"]).meta({ description: "What it gives.", examples: ["text"] }),
          })
          .meta({ id: "Chain", description: "A deployed chain." }),
      )
      .meta({ description: "All chains, by name." }),
  })
  .meta({ id: "ChainList", description: "The deployed chains." });

/** Tokens that a chain used. */
export type ChainUsage = z.infer<typeof chainUsageSchema>;
/** What a chain gives. */
export type ChainAnswer = Omit<z.infer<typeof chainAnswerSchema>, "output"> & { readonly output: Json };
/** The list of chains. */
export type ChainList = z.infer<typeof chainListSchema>;
