import { z } from "zod";
import { duration } from "#core/kernel/duration.ts";
import { share } from "#core/kernel/share.ts";
import { price } from "#core/pricing/money.ts";
import { profileSchema } from "./profile-schema.ts";

/** Targets that are compared in one run, at most. */
const targetsMax = 8;

const range = (about: { readonly description: string; readonly examples: (number | string)[] }) =>
  z
    .union([
      z.int().min(1),
      z.string().regex(/^\d+(?:-\d+)?$/, { error: "a number such as 200, or two such as 100-300" }),
    ])
    .transform((written) => {
      const [min = 1, max = min] = String(written).split("-").map(Number);
      return { min: Math.min(min, max), max: Math.max(min, max) };
    })
    .refine(({ min, max }) => min >= 1 && max <= 2_000_000, { error: "from 1 to 2000000" })
    .meta(about);

const targetSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).meta({
    description: "Where requests go: an origin, or an address below which the dialect's own paths lie.",
    examples: ["http://127.0.0.1:8080", "https://llm.example.com/v1"],
  }),
  model: z
    .string()
    .min(1)
    .meta({ description: "The model, or a route of Signalbox.", examples: ["assistant"] }),
  dialect: z
    .enum(["openai-chat", "gemini"])
    .default("openai-chat")
    .meta({ description: "The wire protocol.", examples: ["gemini"] }),
  stream: z
    .boolean()
    .default(true)
    .meta({ description: "Whether answers are streamed.", examples: [false] }),
  key_env: z
    .string()
    .meta({
      description: "The environment variable with the API key; none is sent where nothing is written.",
      examples: ["OPENAI_API_KEY"],
    })
    .optional(),
  headers: z
    .record(z.string(), z.string())
    .default({})
    .meta({ description: "Headers of each request.", examples: [{ "x-signalbox-cache": "off" }] }),
  fields: z
    .record(z.string(), z.json())
    .default({})
    .meta({ description: "Fields that are put into each body.", examples: [{ ignore_eos: true }] }),
  prices: z
    .strictObject({
      input: price({ description: "A million input tokens, US dollars.", examples: ["$0.10"] }),
      output: price({ description: "A million output tokens, US dollars.", examples: ["$0.40"] }),
    })
    .meta({
      description: "What tokens cost; needed for costs, except where each answer of Signalbox tells its own.",
      examples: [{ input: "$0.10", output: "$0.40" }],
    })
    .optional(),
  prometheus: z
    .url({ protocol: /^https?$/ })
    .meta({
      description: "Metrics of the deployment, read each second while the run lasts.",
      examples: ["http://10.0.0.5:8000/metrics"],
    })
    .optional(),
});

/** What one target is, with its defaults. */
export type BenchmarkTarget = z.output<typeof targetSchema>;

/** A benchmark as a person writes it. */
export const benchmarkSchema = z.strictObject({
  name: z
    .string()
    .default("benchmark")
    .meta({ description: "What the report is called.", examples: ["assistant under load"] }),
  targets: z
    .record(z.string().min(1), targetSchema)
    .refine((targets) => Object.keys(targets).length >= 1 && Object.keys(targets).length <= targetsMax, {
      error: `1 to ${targetsMax} targets`,
    })
    .meta({
      description:
        "Whom requests go to, by a name. Several get the same load at the same time, and are compared with the first one.",
      examples: [{ assistant: { url: "http://127.0.0.1:8080", model: "assistant" } }],
    }),
  profile: profileSchema.meta({
    description: "How load comes.",
    examples: [{ kind: "poisson", rate: 20, duration: "60s" }],
  }),
  requests: z
    .int()
    .min(1)
    .max(100_000_000)
    .meta({ description: "Requests to each target, at most.", examples: [1000] })
    .optional(),
  warmup: duration({
    description: "Requests of the beginning that are sent and not measured.",
    examples: ["5s"],
  }).optional(),
  repeats: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .meta({ description: "Runs one after another, for intervals.", examples: [5] }),
  seed: z
    .int()
    .default(1)
    .meta({ description: "Everything random follows from it.", examples: [1] }),
  prompts: z
    .union([
      z.strictObject({
        file: z
          .string()
          .meta({ description: "JSON Lines or CSV with a prompt in each row.", examples: ["prompts.jsonl"] }),
        field: z
          .string()
          .default("prompt")
          .meta({ description: "The field or column with the prompt.", examples: ["question"] }),
        output_tokens: z
          .int()
          .min(1)
          .meta({ description: "What answers are bounded by.", examples: [200] })
          .optional(),
      }),
      z.strictObject({
        input_tokens: range({
          description:
            "Length of made-up prompts, about: words are drawn, and only the server counts tokens.",
          examples: [200, "100-300"],
        }).default({ min: 100, max: 100 }),
        output_tokens: range({
          description: "What answers are bounded by.",
          examples: [100, "50-150"],
        }).optional(),
        prefix_tokens: z
          .int()
          .min(1)
          .meta({ description: "Length of the beginning that prompts of a group share.", examples: [1000] })
          .optional(),
        prefix_groups: z
          .int()
          .min(1)
          .default(1)
          .meta({ description: "How many such groups there are.", examples: [4] }),
      }),
    ])
    .default({ input_tokens: { min: 100, max: 100 }, prefix_groups: 1 })
    .meta({ description: "What requests say.", examples: [{ input_tokens: 200, output_tokens: 100 }] }),
  turns: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .meta({ description: "Requests of a session, each with what was said before.", examples: [3] }),
  think_time: duration({
    description: "Mean of what a user waits before the next request, drawn from an exponential distribution.",
    examples: ["2s"],
  }).optional(),
  cancel: z
    .strictObject({
      share: share.meta({ description: "Of requests that are broken off on purpose.", examples: ["10%"] }),
      after: duration({ description: "When, after the start.", examples: ["500ms"] }),
    })
    .meta({ description: "Clients that go away.", examples: [{ share: "10%", after: "500ms" }] })
    .optional(),
  slo: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .default({})
    .meta({
      description: "Bounds that a good request keeps: durations at most, tokens per second at least.",
      examples: [{ ttft: "300ms", tpot: "50ms" }],
    }),
  slo_share: share.default(0.95).meta({
    description: "Of requests that are to be good; below it, the objectives are failed.",
    examples: ["95%"],
  }),
  timeout: duration({
    description: "Requests that take longer are broken off as failures.",
    examples: ["120s"],
  }).default(120_000),
  outstanding: z
    .int()
    .min(1)
    .max(100_000)
    .default(2_000)
    .meta({
      description: "Requests under way at once to each target, at most; more wait, and their waiting counts.",
      examples: [500],
    }),
});

/** A benchmark with its defaults. */
export type BenchmarkPlan = z.output<typeof benchmarkSchema>;
