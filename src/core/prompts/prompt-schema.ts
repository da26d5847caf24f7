import { z } from "zod";
import { variableName, templateFormats } from "./template-parts.ts";
import { variableTypes } from "./prompt.ts";

/** Longest template, characters. */
const templateLengthMax = 200_000;
/** Messages of one version, at most. */
const messagesMax = 200;
/** Variables and partials of one version, at most. */
const variablesMax = 100;
/** Examples of one few-shot item, at most. */
const examplesMax = 100;
/** Pieces of one message, at most. */
const piecesMax = 50;

const template = z.string().min(1).max(templateLengthMax);

const pieceSchema = z
  .strictObject({
    text: template
      .optional()
      .meta({ description: "Words, with gaps.", examples: ["What is on it, {name}?"] }),
    image: template.optional().meta({
      description: "The address of a picture, with gaps; `data:` addresses hold the picture itself.",
      examples: ["{photo_url}"],
    }),
    detail: z
      .enum(["auto", "low", "high"])
      .optional()
      .meta({ description: "How closely the picture is looked at.", examples: ["low"] }),
  })
  .refine(({ text, image }) => (text === undefined) !== (image === undefined), {
    error: "either `text` or `image`",
  })
  .refine(({ image, detail }) => detail === undefined || image !== undefined, {
    error: "`detail` beside `image` only",
  })
  .meta({ description: "A piece of a message.", examples: [{ text: "What is on it?" }] });

const contentSchema = z.union([template, z.array(pieceSchema).min(1).max(piecesMax)], {
  error: "a text, or a list of pieces such as {text: ...} and {image: ...}",
});

/** One of these says what a message is. */
const roles = ["system", "user", "assistant"] as const;

const roleKeys = {
  system: contentSchema.optional().meta({
    description: "An instruction.",
    examples: ["You answer questions about {product}."],
  }),
  user: contentSchema.optional().meta({ description: "What the user says.", examples: ["{question}"] }),
  assistant: contentSchema
    .optional()
    .meta({ description: "What the model has answered.", examples: ["Which device is it?"] }),
};

const exampleMessageSchema = z
  .strictObject(roleKeys)
  .refine((message) => keysIn(message, roles) === 1, { error: `one of ${roles.join(", ")}` })
  .meta({ description: "A message of each example.", examples: [{ user: "{question}" }] });

const values = z.record(z.string().regex(variableName), z.json());

const examplesSchema = z
  .strictObject({
    messages: z
      .array(exampleMessageSchema)
      .min(1)
      .max(piecesMax)
      .meta({
        description: "The messages of one example, with gaps.",
        examples: [[{ user: "{question}" }, { assistant: "{answer}" }]],
      }),
    values: z
      .array(values)
      .max(examplesMax)
      .meta({
        description: "What fills them, for one example after another.",
        examples: [[{ question: "Is it waterproof?", answer: "To 30 m." }]],
      }),
  })
  .meta({ description: "Messages that are repeated for each example (few-shot)." });

const kinds = [...roles, "placeholder", "examples", "include"] as const;

const messageSchema = z
  .strictObject({
    ...roleKeys,
    placeholder: z
      .string()
      .regex(variableName, { error: "a name such as messages" })
      .optional()
      .meta({
        description:
          "Where messages go that come with the request: `messages` are the client's own, any other name is a variable with a list of messages.",
        examples: ["messages"],
      }),
    optional: z
      .boolean()
      .optional()
      .meta({
        description: "Whether the placeholder's variable may be missing; no by default.",
        examples: [true],
      }),
    examples: examplesSchema.optional(),
    include: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*@[1-9][0-9]*$/, { error: "a prompt with its number such as tone@2" })
      .optional()
      .meta({
        description:
          "The messages of another prompt, by its number: a label could change what this version says.",
        examples: ["tone@2"],
      }),
  })
  .refine((message) => keysIn(message, kinds) === 1, { error: `one of ${kinds.join(", ")}` })
  .refine(({ optional, placeholder }) => optional === undefined || placeholder !== undefined, {
    error: "`optional` beside `placeholder` only",
  })
  .meta({ description: "A message, or what stands for messages.", examples: [{ user: "{question}" }] });

const variableSchema = z
  .strictObject({
    type: z
      .enum(variableTypes)
      .optional()
      .meta({ description: "The kind of its values; any where it is left out.", examples: ["text"] }),
    description: z
      .string()
      .max(1_000)
      .optional()
      .meta({
        description: "What it is, for people.",
        examples: ["The product's name as customers know it"],
      }),
    required: z
      .boolean()
      .optional()
      .meta({
        description:
          "Whether a request must bring it: yes, unless there is a default. What is not there is rendered as nothing.",
        examples: [false],
      }),
    default: z
      .json()
      .optional()
      .meta({ description: "What it is where a request does not bring it.", examples: ["en"] }),
    enum: z
      .array(z.json())
      .min(1)
      .max(variablesMax)
      .optional()
      .meta({ description: "The only values that it may have.", examples: [["en", "de"]] }),
    max_length: z
      .int()
      .min(1)
      .optional()
      .meta({ description: "Longest text in characters, or longest list in items.", examples: [2_000] }),
    example: z
      .json()
      .optional()
      .meta({ description: "A value that it may have, for people.", examples: ["Halma"] }),
  })
  .meta({ description: "What a variable may be." });

/** `prompts.<name>.versions.<number>` */
export const promptVersionSchema = z
  .strictObject({
    format: z
      .enum(templateFormats)
      .optional()
      .meta({
        description: "How gaps are written: `f-string` ({name}, the default) or `mustache` ({{name}}).",
        examples: ["f-string"],
      }),
    messages: z
      .array(messageSchema)
      .min(1)
      .max(messagesMax)
      .meta({
        description: "What the prompt says, in its order.",
        examples: [[{ system: "You answer questions about {product}." }, { placeholder: "messages" }]],
      }),
    variables: z
      .record(z.string().regex(variableName, { error: "a name such as product" }), variableSchema)
      .refine((all) => Object.keys(all).length <= variablesMax, {
        error: `at most ${variablesMax} variables`,
      })
      .optional()
      .meta({
        description: "What its variables may be. One that is not told of may be anything, and must be there.",
      }),
    partials: values
      .refine((all) => Object.keys(all).length <= variablesMax, { error: `at most ${variablesMax} partials` })
      .optional()
      .meta({
        description: "Values that the prompt sets itself: requests cannot.",
        examples: [{ company: "Example Ltd" }],
      }),
  })
  .meta({ description: "One version of a prompt. It never changes once it has been in force." });

/** A version as written. */
export type PromptVersionSettings = z.output<typeof promptVersionSchema>;

/** A message as written. */
export type PromptMessageSettings = z.output<typeof messageSchema>;

/** The content of a message as written. */
export type PromptContentSettings = z.output<typeof contentSchema>;

/** What a variable may be, as written. */
export type PromptVariableSettings = z.output<typeof variableSchema>;

function keysIn(message: object, keys: readonly string[]): number {
  return keys.filter((key) => key in message).length;
}
