import { z } from "zod";
import { duration } from "#core/kernel/duration.ts";

/** Most requests a second that are asked of one process. */
const rateMax = 20_000;

const rate = z
  .number()
  .positive()
  .max(rateMax)
  .meta({ description: "Requests per second to each target.", examples: [20] });
const length = duration({ description: "How long requests are started.", examples: ["60s"] });

/** How load comes. */
export const profileSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("closed").meta({
      description: "Users of whom each asks again when its answer is there: the load depends on the server.",
      examples: ["closed"],
    }),
    users: z
      .int()
      .min(1)
      .max(20_000)
      .meta({ description: "Users, so requests under way at once.", examples: [8] }),
    duration: length,
  }),
  z.strictObject({
    kind: z.literal("constant").meta({
      description: "Requests at equal distances, whatever the server does.",
      examples: ["constant"],
    }),
    rate,
    duration: length,
  }),
  z.strictObject({
    kind: z.literal("poisson").meta({
      description: "Requests that come independently of one another, as those of many users do.",
      examples: ["poisson"],
    }),
    rate,
    duration: length,
    rescaled: z
      .literal("vllm")
      .meta({
        description:
          "Stretch the schedule so that its last request is at exactly number / rate, as `vllm bench serve` does; the number is `requests`, else rate x duration.",
        examples: ["vllm"],
      })
      .optional(),
  }),
  z.strictObject({
    kind: z
      .literal("ramp")
      .meta({ description: "A rate that goes evenly from one value to another.", examples: ["ramp"] }),
    from: z
      .number()
      .min(0)
      .max(rateMax)
      .meta({ description: "Requests per second at the beginning.", examples: [1] }),
    to: z
      .number()
      .min(0)
      .max(rateMax)
      .meta({ description: "Requests per second at the end.", examples: [50] }),
    duration: length,
    arrivals: arrivals(),
  }),
  z.strictObject({
    kind: z.literal("step").meta({
      description: "Rates one after another, each for an equal part of the duration.",
      examples: ["step"],
    }),
    rates: z
      .array(z.number().min(0).max(rateMax))
      .min(1)
      .max(100)
      .meta({ description: "Requests per second, in order.", examples: [[5, 10, 20]] }),
    duration: length,
    arrivals: arrivals(),
  }),
  z.strictObject({
    kind: z
      .literal("spike")
      .meta({ description: "A base rate with a peak in the middle.", examples: ["spike"] }),
    rate,
    peak: z
      .number()
      .positive()
      .max(rateMax)
      .meta({ description: "Requests per second of the peak.", examples: [100] }),
    spike: duration({ description: "How long the peak lasts.", examples: ["5s"] }),
    duration: length,
    arrivals: arrivals(),
  }),
  z.strictObject({
    kind: z.literal("trace").meta({
      description: "Requests when, and as large as, somebody's were.",
      examples: ["trace"],
    }),
    file: z
      .string()
      .meta({ description: "The file with the trace; may be gzipped.", examples: ["trace.csv"] }),
    format: z
      .enum(["azure", "mooncake", "log", "csv"])
      .meta({
        description:
          "`azure`: columns TIMESTAMP, ContextTokens, GeneratedTokens; `mooncake`: JSON Lines with timestamp, input_length, output_length, hash_ids; `log`: an export of Signalbox's request log as CSV; `csv`: columns time (seconds), input_tokens, output_tokens. By the file's first line where nothing is written.",
        examples: ["azure"],
      })
      .optional(),
    speed: z
      .number()
      .positive()
      .max(10_000)
      .default(1)
      .meta({ description: "How many times faster than it was.", examples: [2] }),
    duration: duration({ description: "Stop after that much of the replay.", examples: ["60s"] }).optional(),
  }),
  z.strictObject({
    kind: z.literal("sweep").meta({
      description: "Runs at rising rates until the server bears no more, or no longer keeps the objectives.",
      examples: ["sweep"],
    }),
    from: z
      .number()
      .positive()
      .max(rateMax)
      .meta({ description: "The first rate, requests per second.", examples: [1] }),
    to: z
      .number()
      .positive()
      .max(rateMax)
      .meta({ description: "The highest rate that is tried.", examples: [200] }),
    factor: z
      .number()
      .min(1.05)
      .max(10)
      .default(1.5)
      .meta({ description: "By how much each rate is above the one before.", examples: [1.5] }),
    duration: length,
    arrivals: arrivals(),
  }),
]);

function arrivals() {
  return z
    .enum(["poisson", "constant"])
    .default("poisson")
    .meta({
      description: "Whether requests come independently of one another, or at equal distances.",
      examples: ["poisson"],
    });
}

/** How load comes, with its defaults. */
export type LoadProfile = z.output<typeof profileSchema>;
