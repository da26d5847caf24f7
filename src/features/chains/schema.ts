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

/** What LangServe's clients send along. It is taken and not used, and says that they want LangServe's words back. */
export const langServeFields = {
  config: z
    .unknown()
    .optional()
    .meta({
      description: "What LangServe's clients send along; not used.",
      examples: [{ tags: [] }],
    }),
  kwargs: z
    .unknown()
    .optional()
    .meta({
      description: "What LangServe's clients send along; not used.",
      examples: [{}],
    }),
};

/** Body of a call of a chain. What `input` must hold is the chain's own matter. */
export const chainCallSchema = z
  .strictObject({
    input: z.record(z.string(), z.unknown()).meta({
      description: "The variables of the chain's prompt, by name.",
      examples: [{ text: "Signalbox stands between applications and many language models." }],
    }),
    ...langServeFields,
  })
  .meta({ id: "ChainCall", description: "What a chain is given." });

/** Most inputs of one batch. */
export const batchInputsMax = 100;

/** Body of a call for several inputs. */
export const chainBatchCallSchema = z
  .strictObject({
    inputs: z
      .array(z.record(z.string(), z.unknown()))
      .min(1)
      .max(batchInputsMax)
      .meta({
        description: `The inputs, each as \`invoke\` takes one; at most ${batchInputsMax}.`,
        examples: [[{ text: "A text." }, { text: "Another." }]],
      }),
    ...langServeFields,
  })
  .meta({ id: "ChainBatchCall", description: "What a chain is given, several times." });

const requestIdField = z.string().meta({
  description: "Id of the request in the request log.",
  examples: ["019ab000-0000-7000-8000-000000000001"],
});
const routeField = z.string().meta({ description: "The route that decided.", examples: ["chat"] });
const variantField = z
  .string()
  .meta({ description: "The variant that was chosen.", examples: ["chat-flash"] });
const deploymentField = z
  .string()
  .meta({ description: "The deployment that answered.", examples: ["flash"] });
const costField = z
  .string()
  .optional()
  .meta({ description: "What it cost, USD; absent where a price is not known.", examples: ["0.000114"] });

/** One request of a run. */
export const chainRequestSchema = z
  .object({
    step: z.string().meta({ description: "The step that made it.", examples: ["summary"] }),
    request_id: requestIdField,
    route: routeField,
    variant: variantField,
    deployment: deploymentField,
    usage: chainUsageSchema.optional().meta({ description: "What the model read and wrote." }),
    cost_usd: costField,
  })
  .meta({ id: "ChainRequest", description: "A request that a chain made." });

/** What a chain gives: the answer of `invoke`, and the last event of a stream. */
export const chainAnswerSchema = z
  .object({
    output: z
      .unknown()
      .meta({ description: "What the output parser gives: text or JSON.", examples: ["A short summary."] }),
    version: z.int().meta({ description: "The version of the chain that ran.", examples: [1] }),
    request_id: requestIdField,
    route: routeField,
    variant: variantField,
    deployment: deploymentField,
    usage: chainUsageSchema.optional().meta({
      description: "What the models read and wrote, all requests together; absent when no provider said.",
    }),
    cost_usd: costField,
    repairs: z
      .int()
      .min(0)
      .meta({
        description: "How often a model was asked again because its answer had not the wanted form.",
        examples: [0],
      }),
    requests: z.array(chainRequestSchema).meta({ description: "The requests that were made, in order." }),
  })
  .meta({ id: "ChainAnswer", description: "What a chain gives." });

/** Data of a "chunk" event. */
export const chainChunkSchema = z
  .object({
    text: z.string().meta({ description: "The next piece of the model's text.", examples: ["A short"] }),
  })
  .meta({ id: "ChainChunk", description: 'Data of an event "chunk".' });

/** Data of a "partial" event. */
const chainPartialSchema = z
  .object({
    output: z
      .unknown()
      .meta({ description: "What can be read of the output so far.", examples: [{ name: "Ada" }] }),
  })
  .meta({
    id: "ChainPartial",
    description: 'Data of an event "partial": of outputs that are JSON or a list.',
  });

const errorField = z
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
  .meta({ description: "What failed." });

/** Data of an "error" event: the last of its stream. */
export const chainErrorSchema = z
  .object({
    error: errorField,
    request_id: requestIdField,
  })
  .meta({ id: "ChainError", description: 'Data of an event "error".' });

const stepFields = {
  step: z
    .string()
    .meta({ description: "The step's name, behind those that it stands in.", examples: ["notes.2.note"] }),
  kind: z.string().meta({ description: "What it does.", examples: ["ask"] }),
};

const length = (of: string) =>
  z
    .int()
    .min(0)
    .meta({ description: `${of}: characters of texts, and of the JSON of anything else.`, examples: [412] });

/** Data of a "step-start" event. */
export const chainStepStartSchema = z
  .object({ ...stepFields, input_length: length("How long the values are that it can read") })
  .meta({ id: "ChainStepStart", description: 'Data of an event "step-start".' });

/** Data of a "step-end" event. */
export const chainStepEndSchema = z
  .object({
    ...stepFields,
    ms: z
      .number()
      .min(0)
      .meta({ description: "How long it took, ms.", examples: [840] }),
    outcome: z.enum(["completed", "failed"]).meta({ description: "How it ended.", examples: ["completed"] }),
    output_length: length("How long its output is; absent where it failed").optional(),
    usage: chainUsageSchema.optional().meta({
      description: "What its models read and wrote, all requests together; absent when no provider said.",
    }),
    cost_usd: costField,
    requests: z
      .array(chainRequestSchema)
      .meta({ description: "The requests that it made, with usage and cost." }),
  })
  .meta({ id: "ChainStepEnd", description: 'Data of an event "step-end".' });

/** Data of the events of a stream: "chunk" any number of times, then "end" or "error". */
export const chainEventSchema = z
  .union([chainChunkSchema, chainPartialSchema, chainAnswerSchema, chainErrorSchema])
  .meta({
    id: "ChainEvent",
    description: 'Data of an event: "chunk"s and "partial"s, then one "end" or "error".',
  });

/** Data of the events of a run that tells its steps. */
export const chainRunEventSchema = z
  .union([chainStepStartSchema, chainStepEndSchema, chainChunkSchema, chainAnswerSchema, chainErrorSchema])
  .meta({
    id: "ChainRunEvent",
    description: 'Data of an event: "step-start"s, "step-end"s and "chunk"s, then one "end" or "error".',
  });

/** What a batch gives. */
export const chainBatchAnswerSchema = z
  .object({
    output: z.array(z.unknown()).meta({
      description: "The outputs in the order of the inputs; null for one that failed.",
      examples: [["A summary.", null]],
    }),
    items: z
      .array(z.union([chainAnswerSchema, z.object({ error: errorField })]))
      .meta({ description: "The answers in the order of the inputs, or what failed." }),
  })
  .meta({ id: "ChainBatchAnswer", description: "What a chain gives for several inputs." });

const variable = z
  .object({
    name: z.string().meta({ description: "Its name.", examples: ["text"] }),
    description: z.string().meta({ description: "What it is for.", examples: ["The text to summarise."] }),
    type: z.enum(["text", "list", "object"]).meta({
      description: "What a value is: a text, a list of texts, a JSON object.",
      examples: ["text"],
    }),
    required: z.boolean().meta({ description: "Whether it must be given.", examples: [true] }),
    default: z
      .unknown()
      .optional()
      .meta({ description: "What stands in for an absent value.", examples: ["plain prose"] }),
    length_max: z.int().meta({
      description: "Most characters of a value; of its JSON where it is no text.",
      examples: [400_000],
    }),
    example: z.unknown().meta({ description: "A value to try.", examples: ["A long text"] }),
  })
  .meta({ id: "ChainVariable", description: "A variable of a chain's prompt." });

const step = z
  .object({
    kind: z.string().meta({ description: "What it does.", examples: ["ask"] }),
    depth: z.int().meta({ description: "How many steps it stands in.", examples: [0] }),
    as: z
      .string()
      .optional()
      .meta({ description: "The name of its output.", examples: ["summary"] }),
    route: z
      .string()
      .optional()
      .meta({ description: "What it asks, where it says so.", examples: ["chat"] }),
    chains: z
      .array(z.string())
      .optional()
      .meta({ description: "The chains that it calls or may call.", examples: [["classify"]] }),
    module: z
      .string()
      .optional()
      .meta({ description: "The file and the export that it runs.", examples: ["./chains/reply.ts#reply"] }),
  })
  .meta({ id: "ChainStep", description: "A step of a chain." });

/** The list of chains. */
export const chainListSchema = z
  .object({
    chains: z
      .array(
        z
          .object({
            name: z.string().meta({ description: "What it is called in URLs.", examples: ["summarise"] }),
            version: z.int().meta({ description: "The version that its name alone means.", examples: [2] }),
            versions: z.array(z.int()).meta({ description: "All versions.", examples: [[1, 2]] }),
            description: z.string().meta({ description: "What it does.", examples: ["Summarises a text."] }),
            route: z.string().meta({ description: "The route or model it asks.", examples: ["chat"] }),
            variables: z.array(variable).meta({ description: "The variables of its prompt." }),
            output: z.enum(["text", "json"]).meta({ description: "What it gives.", examples: ["text"] }),
            steps: z.array(step).meta({ description: "Its steps, in order." }),
            limits: z
              .object({
                calls_max: z.int().meta({ description: "Most calls of models and tools.", examples: [40] }),
                deadline_ms: z.int().meta({ description: "Longest run, ms.", examples: [300_000] }),
              })
              .meta({ description: "How much a run may take." }),
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
/** One request of a run. */
export type ChainRequest = z.infer<typeof chainRequestSchema>;
/** What is told when a step begins. */
export type ChainStepStart = z.infer<typeof chainStepStartSchema>;
/** What is told when it has ended. */
export type ChainStepEnd = z.infer<typeof chainStepEndSchema>;
/** What failed. */
export type ChainFailure = z.infer<typeof errorField>;
/** What a batch gives. */
export interface ChainBatchAnswer {
  readonly output: readonly Json[];
  readonly items: readonly (ChainAnswer | { readonly error: ChainFailure })[];
}
/** The list of chains. */
export type ChainList = z.infer<typeof chainListSchema>;
