import { z } from "zod";
import { amount } from "#core/kernel/amount.ts";
import { duration } from "#core/kernel/duration.ts";
import { stepsSchema } from "./chain-step.ts";
import { name } from "./name.ts";

const variable = z
  .strictObject({
    description: z
      .string()
      .max(1_000)
      .default("")
      .meta({ description: "What it is for.", examples: ["The text to translate."] }),
    type: z
      .enum(["text", "list", "object"])
      .default("text")
      .meta({ description: "A text, a list of texts, or a JSON object.", examples: ["text"] }),
    length_max: amount({
      description: "Most characters of a value; of its JSON where it is no text.",
      examples: [20_000],
      smallest: 1,
      largest: 1_000_000,
    }).default(100_000),
    example: z
      .json()
      .optional()
      .meta({ description: "A value to try.", examples: ["Good morning"] }),
    default: z
      .json()
      .optional()
      .meta({ description: "What stands in for an absent value.", examples: ["French"] }),
  })
  .meta({ description: "An input of the chain." });

const limits = z
  .strictObject({
    calls: z
      .int()
      .min(1)
      .max(500)
      .default(40)
      .meta({
        description: "Most requests to models and calls of tools in a run.",
        examples: [40],
      }),
    deadline: duration({ description: "Longest run.", examples: ["2m"] }).optional(),
    output_length: amount({
      description: "Longest output, characters of its JSON.",
      examples: [100_000],
      smallest: 1,
      largest: 1_000_000,
    }).default(1_000_000),
  })
  .meta({ description: "How much a run may take." });

/** A path whose parts begin with a letter or digit, so that none leads up and none is hidden. */
const modulePattern = /^\.\/(?:\w[\w.-]*\/)*\w[\w.-]*\.(?:ts|mts|js|mjs)(?:#[A-Za-z_$][\w$]*)?$/;
const moduleWanted =
  "a file below the configuration's folder, such as ./chains/reply.ts#reply (.ts, .mts, .js, .mjs)";

const composition = {
  description: z
    .string()
    .max(1_000)
    .optional()
    .meta({ description: "What it does.", examples: ["Translates a text."] }),
  variables: z
    .record(
      z.string().regex(/^[A-Za-z_]\w{0,99}$/, {
        error: "a name of letters, digits and '_' that begins with a letter",
      }),
      variable,
    )
    .optional()
    .meta({ description: "What it takes, by name." }),
  steps: stepsSchema.optional(),
  module: z
    .string()
    .max(300)
    .regex(modulePattern, { error: moduleWanted })
    .optional()
    .meta({
      description:
        "Code in place of steps: a file below the configuration's folder, and the function that it exports (`default` where none is named).",
      examples: ["./chains/reply.ts#reply"],
    }),
  output: z
    .enum(["text", "json"])
    .optional()
    .meta({ description: "What the module gives; text when absent.", examples: ["json"] }),
  limits: limits.optional(),
};

const version = z.strictObject(composition).meta({ description: "One version of the chain." });

/** `chains.<name>`. Either what a chain that comes with Signalbox asks, or a chain of one's own. */
export const chainSchema = z
  .strictObject({
    route: name.optional().meta({
      description: "The route, deployment or model that the chain asks.",
      examples: ["chat"],
    }),
    ...composition,
    versions: z
      .record(z.string().regex(/^[1-9]\d{0,5}$/, { error: "a whole number from 1" }), version)
      .optional()
      .meta({ description: "Versions by number, in place of steps. `name@2` asks for version 2." }),
    serve: z
      .int()
      .min(1)
      .optional()
      .meta({
        description: "The version that the name alone means; the largest when absent.",
        examples: [2],
      }),
  })
  .meta({ description: "A chain: what a ready one asks, or steps of one's own." });

/** A chain's settings as written. */
export type ChainSettings = z.output<typeof chainSchema>;
/** One version of a chain of one's own, as written. */
export type CompositionSettings = z.output<typeof version>;
