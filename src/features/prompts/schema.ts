import { z } from "zod";
import { promptVersionSchema } from "#core/prompts/prompt-schema.ts";
import { variableTypes } from "#core/prompts/prompt.ts";

/** Longest reason, characters. */
const commentLengthMax = 1_000;
/** Messages that a prompt is rendered with, at most. */
const messagesMax = 500;

const json = z.record(z.string(), z.json());

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "must be the name of a prompt")
  .meta({ description: "The prompt's name.", examples: ["support"] });

const versionOrLabel = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "must be the number of a version or a label")
  .meta({
    description: "The number of a version, or a label that points at one.",
    examples: ["3", "production"],
  });

const comment = z
  .string()
  .trim()
  .min(1)
  .max(commentLengthMax)
  .optional()
  .meta({ description: "Why; stands in the history of the configuration.", examples: ["shorter answers"] });

const label = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9._-]{0,99}$/, "must be a label that begins with a letter")
  .meta({ description: "A label.", examples: ["production"] });

/** Path parameters of `/api/prompts/{name}`. */
export const promptParams = z.object({ name });

/** Path parameters of `/api/prompts/{name}/versions/{version}`. */
export const promptVersionParams = z.object({ name, version: versionOrLabel });

/** Query of `GET /api/prompts/{name}/diff`. */
export const promptDiffQuery = z.object({ from: versionOrLabel, to: versionOrLabel });

/** Body of `POST /api/prompts/{name}/versions`. */
export const publishBody = z
  .strictObject({
    version: promptVersionSchema.meta({
      description: "What it says, as it would be written in signalbox.yaml.",
    }),
    label: label.optional(),
    comment,
  })
  .meta({ id: "PromptPublication", description: "A new version of a prompt." });

/** Body of `POST /api/prompts/{name}/labels`. */
export const labelBody = z
  .strictObject({ label, version: versionOrLabel, comment })
  .meta({ id: "PromptLabelling", description: "Where a label is to point." });

/** Body of `POST /api/prompts/{name}/versions/{version}/render`. */
export const renderBody = z
  .strictObject({
    variables: json.default({}).meta({
      description: "Values of its variables, as a request would bring them.",
      examples: [{ product: "Halma" }],
    }),
    messages: z
      .array(
        z.strictObject({
          role: z
            .enum(["system", "user", "assistant"])
            .meta({ description: "Who says it.", examples: ["user"] }),
          content: z.string().meta({ description: "What is said.", examples: ["Is it waterproof?"] }),
        }),
      )
      .max(messagesMax)
      .default([])
      .meta({
        description: "The client's messages.",
        examples: [[{ role: "user", content: "Is it waterproof?" }]],
      }),
  })
  .meta({ id: "PromptRendering", description: "What a prompt is rendered with." });

/** Body of `POST /api/prompts/langchain`. */
export const langChainBody = z
  .strictObject({
    prompt: json.meta({
      description:
        "A prompt in LangChain's serialised form: `JSON.stringify` of a ChatPromptTemplate or a PromptTemplate.",
      examples: [
        {
          lc: 1,
          type: "constructor",
          id: ["langchain_core", "prompts", "chat", "ChatPromptTemplate"],
          kwargs: {},
        },
      ],
    }),
  })
  .meta({ id: "LangChainPrompt", description: "A prompt of LangChain's." });

/** A prompt, without what its versions say. */
export const promptView = z
  .object({
    name,
    description: z
      .string()
      .nullable()
      .meta({
        description: "What it is for; null where nothing is said.",
        examples: ["Answers of the support desk"],
      }),
    versions: z
      .array(z.int().min(1))
      .meta({ description: "Its versions, from the first to the last.", examples: [[1, 2, 3]] }),
    labels: z.record(z.string(), z.int().min(1)).meta({
      description: "The versions that labels point at.",
      examples: [{ production: 2, candidate: 3 }],
    }),
    variants: z
      .array(
        z.object({
          variant: z.string().meta({ description: "A variant that has it.", examples: ["support-flash"] }),
          version: z
            .int()
            .min(1)
            .meta({ description: "The version that it has.", examples: [2] }),
        }),
      )
      .meta({ description: "Variants that have it." }),
  })
  .meta({ id: "Prompt", description: "A prompt." });

/** Answer of `GET /api/prompts`. */
export const promptsView = z
  .object({ prompts: z.array(promptView).meta({ description: "The prompts." }) })
  .meta({ id: "PromptList", description: "The prompts." });

/** A version of a prompt. */
export const promptVersionView = z
  .object({
    prompt: name,
    version: z
      .int()
      .min(1)
      .meta({ description: "Its number.", examples: [3] }),
    labels: z
      .array(z.string())
      .meta({ description: "The labels that point at it.", examples: [["candidate"]] }),
    settings: json.meta({
      description: "What it says, as it is written.",
      examples: [{ messages: [{ system: "You answer questions about {product}." }] }],
    }),
    variables: z
      .array(
        z.object({
          name: z.string().meta({ description: "A variable.", examples: ["product"] }),
          type: z
            .enum(variableTypes)
            .nullable()
            .meta({ description: "The kind of its values; null where any will do.", examples: ["text"] }),
          required: z.boolean().meta({ description: "Whether a request must bring it.", examples: [true] }),
          description: z
            .string()
            .nullable()
            .meta({
              description: "What it is; null where nothing is said.",
              examples: ["The product's name"],
            }),
        }),
      )
      .meta({ description: "What requests must or may bring, with what it includes." }),
    tokens: z
      .int()
      .min(0)
      .meta({ description: "About how many tokens its own words come to.", examples: [42] }),
  })
  .meta({ id: "PromptVersion", description: "A version of a prompt." });

/** Answer of `GET /api/prompts/{name}/diff`. */
export const promptDiffView = z
  .object({
    from: z
      .int()
      .min(1)
      .meta({ description: "The earlier version.", examples: [2] }),
    to: z
      .int()
      .min(1)
      .meta({ description: "The later version.", examples: [3] }),
    changes: z
      .array(
        z.object({
          kind: z
            .enum(["add", "change", "remove"])
            .meta({ description: "What happened to it.", examples: ["change"] }),
          path: z.string().meta({ description: "Where.", examples: ["messages.0"] }),
          text: z.string().meta({
            description: "The change in a line.",
            examples: ['system "Be kind." -> system "Be brief."'],
          }),
        }),
      )
      .meta({ description: "What differs; empty where they say the same." }),
  })
  .meta({ id: "PromptDifference", description: "What two versions of a prompt differ in." });

/** Answer of `POST /api/prompts/{name}/versions/{version}/render`. */
export const renderedView = z
  .object({
    messages: z
      .array(
        z.object({
          role: z
            .enum(["system", "user", "assistant", "tool"])
            .meta({ description: "Who says it.", examples: ["system"] }),
          parts: z.array(json).meta({
            description: "Its parts: words, or a picture.",
            examples: [[{ type: "text", text: "You answer questions about Halma." }]],
          }),
        }),
      )
      .meta({ description: "The messages, as every provider is sent them in its own words." }),
    tokens: z
      .int()
      .min(0)
      .meta({ description: "About how many tokens they come to.", examples: [57] }),
  })
  .meta({ id: "RenderedPrompt", description: "A prompt with its gaps filled." });

/** Answer of a change of prompts. */
export const promptChangedView = z
  .object({
    prompt: name,
    version: z
      .int()
      .min(1)
      .meta({ description: "The version that it is about.", examples: [4] }),
    configuration: z
      .int()
      .min(1)
      .meta({
        description: "Number of the configuration's version that it is in force with.",
        examples: [12],
      }),
    changes: z
      .array(z.string())
      .meta({ description: "What changed, in words.", examples: [["prompt support: version 4 added"]] }),
  })
  .meta({ id: "PromptChanged", description: "A change of a prompt that is in force." });

/** Answer of `POST /api/prompts/langchain`. */
export const importedView = z
  .object({
    version: json.meta({
      description: "The same as a version of a prompt, to be published.",
      examples: [{ messages: [{ system: "You answer questions about {product}." }] }],
    }),
  })
  .meta({ id: "ImportedPrompt", description: "A prompt of LangChain's as a version." });

/** Answer of `GET /api/prompts/{name}/versions/{version}/langchain`. */
export const exportedView = z
  .object({
    prompt: json.meta({
      description: "What `load` of LangChain.js reads.",
      examples: [
        {
          lc: 1,
          type: "constructor",
          id: ["langchain_core", "prompts", "chat", "ChatPromptTemplate"],
          kwargs: {},
        },
      ],
    }),
  })
  .meta({ id: "ExportedPrompt", description: "A version in LangChain's serialised form." });
