import { z } from "zod";
import { promptVersionSchema } from "#core/prompts/prompt-schema.ts";
import { dataSchema } from "#features/evaluations/data-sets/data-set-options.ts";
import { scorerConfig } from "#features/evaluations/scorers/make-run-scorers.ts";

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, { error: "a name of letters, digits, '.', '_' and '-'" })
  .max(100);

/** Calls under way at most, where nothing is written. */
const usualConcurrency = 8;
/** The most of them that can be asked for. */
export const concurrencyMax = 1_000;

const priceSchema = z.strictObject({
  input: z
    .number()
    .min(0)
    .meta({ description: "US dollars per million tokens sent.", examples: [0.3] }),
  output: z
    .number()
    .min(0)
    .meta({ description: "US dollars per million generated tokens.", examples: [2.5] }),
});

const parameters = z.record(z.string(), z.json()).meta({
  description: "What goes along with each request, as OpenAI's chat completions name it.",
  examples: [{ temperature: 0, max_completion_tokens: 512 }],
});

const variables = z
  .array(z.string().min(1).max(200))
  .min(1)
  .max(100)
  .meta({
    description:
      "Fields of the item that go along as `prompt_variables`: for routes and variants whose prompt is kept in Signalbox. Nothing else is said where there is no `prompt`.",
    examples: [["question"]],
  });

/** `targets.<name>` */
const targetSchema = z
  .strictObject({
    model: z
      .string()
      .min(1)
      .max(200)
      .meta({
        description:
          "What is asked for: a route, `<route>/<variant>`, a deployment or a model; of another server its model.",
        examples: ["assistant", "assistant/flash"],
      }),
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .meta({
        description:
          "Another OpenAI-compatible server, up to `/v1`; Signalbox itself where nothing is written.",
        examples: ["https://api.example.com/v1"],
      }),
    key_env: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
      .optional()
      .meta({
        description: "The environment variable with the key of that server.",
        examples: ["EXAMPLE_API_KEY"],
      }),
    price: priceSchema.optional().meta({
      description: "What that server's tokens cost: Signalbox tells its own costs.",
      examples: [{ input: 0.3, output: 2.5 }],
    }),
    parameters: parameters.optional(),
    prompt: z.lazy(() => promptSchema).optional(),
    variables: variables.optional(),
  })
  .refine(({ url, key_env: key }) => url !== undefined || key === undefined, {
    error: "`key_env` beside `url` only: SIGNALBOX_KEY is the key of Signalbox",
    path: ["key_env"],
  });

const promptSchema = z
  .union([z.string().min(1).max(200_000), promptVersionSchema], {
    error: "a text with gaps such as {{question}}, or a prompt with `messages`",
  })
  .meta({
    description:
      "What is asked, with gaps that the fields of an item fill: a text (mustache), or messages as prompts of signalbox.yaml have them.",
    examples: ["{{question}}"],
  });

/** An evaluation as written. */
export const evaluationSchema = z.strictObject({
  name: name.meta({ description: "What it is called.", examples: ["gsm8k"] }),
  description: z.string().max(2_000).optional(),
  data: dataSchema.meta({
    description: "Which items are asked.",
    examples: [{ file: "questions.jsonl" }, { set: "gsm8k", limit: 200 }],
  }),
  prompt: promptSchema.optional(),
  variables: variables.optional(),
  scorers: z
    .record(name, scorerConfig)
    .default({})
    .meta({
      description: "What is said of each answer, by name; see docs/scorers.md.",
      examples: [{ right: { kind: "numeric", reference: "answer" } }],
    }),
  targets: z
    .record(name, targetSchema)
    .refine((targets) => Object.keys(targets).length > 0, { error: "at least one target" })
    .meta({ description: "What is evaluated, by name; the first is what others are compared with." }),
  parameters: parameters.optional(),
  repeats: z
    .int()
    .min(1)
    .max(1_000)
    .default(1)
    .meta({ description: "How often each item is asked.", examples: [5] }),
  concurrency: z
    .int()
    .min(1)
    .max(concurrencyMax)
    .default(usualConcurrency)
    .meta({
      description: "Calls under way at most; fewer while a target says that it is too much.",
      examples: [32],
    }),
  attempts: z
    .int()
    .min(1)
    .max(20)
    .default(5)
    .meta({
      description: "Calls for one item at most: overload and broken connections are tried again.",
      examples: [3],
    }),
  timeout: z
    .number()
    .positive()
    .max(3_600)
    .default(300)
    .meta({
      description: "Longest time of one call, seconds.",
      examples: [60],
    }),
  budget_usd: z
    .number()
    .positive()
    .optional()
    .meta({ description: "US dollars at which nothing more is begun.", examples: [5] }),
  abort_after: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(20)
    .meta({
      description: "Failures in a row that end the run: something is wrong with all of it.",
      examples: [50],
    }),
});

/** An evaluation as read. */
export type EvaluationSettings = z.output<typeof evaluationSchema>;
/** A target as read. */
export type TargetSettings = z.output<typeof targetSchema>;
