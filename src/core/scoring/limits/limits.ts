import { z } from "zod";
import { measured, unscored, verdict, type Score } from "#core/scoring/score.ts";
import type { Scorer } from "#core/scoring/scorer.ts";

/** `latency`: how long the answer took, ms. */
export const latencyConfig = z.strictObject({
  kind: z.literal("latency"),
  max_ms: limit("Longest time in which an answer passes, ms.", 2000),
});

/** `cost`: what the answer cost, US dollars. */
export const costConfig = z.strictObject({
  kind: z.literal("cost"),
  max_usd: limit("Largest cost with which an answer passes, US dollars.", 0.01),
});

/** `tokens`: how many tokens the answer took. */
export const tokensConfig = z.strictObject({
  kind: z.literal("tokens"),
  of: z
    .enum(["input", "output", "total"])
    .default("output")
    .meta({
      description: "Which tokens: those sent, those generated (thinking included), or both.",
      examples: ["total"],
    }),
  max: limit("Most tokens with which an answer passes.", 500),
});

/** `finish_reason`: whether the answer ended as it should. */
export const finishReasonConfig = z.strictObject({
  kind: z.literal("finish_reason"),
  allowed: z
    .array(z.string().min(1))
    .min(1)
    .default(["stop", "tool_calls"])
    .meta({
      description: "The reasons with which an answer passes, in OpenAI's words.",
      examples: [["stop"]],
    }),
});

/** The value is the time itself; without a limit no answer passes or fails. */
export function latencyScorer({ max_ms: max }: z.infer<typeof latencyConfig>): Scorer {
  return ({ latencyMs }) => limited(latencyMs, max, "how long the answer took");
}

/** The value is the cost itself. */
export function costScorer({ max_usd: max }: z.infer<typeof costConfig>): Scorer {
  return ({ costUsd }) => limited(costUsd, max, "what the answer cost");
}

/** The value is the number of tokens itself. */
export function tokensScorer({ of, max }: z.infer<typeof tokensConfig>): Scorer {
  return ({ inputTokens: input, outputTokens: output }) => {
    const both = input === undefined || output === undefined ? undefined : input + output;
    return limited({ input, output, total: both }[of], max, `how many tokens there are (${of})`);
  };
}

export function finishReasonScorer({ allowed }: z.infer<typeof finishReasonConfig>): Scorer {
  return ({ finishReason }) =>
    finishReason === undefined
      ? untold("why the answer ended")
      : verdict(allowed.includes(finishReason), `It ended by ${finishReason}`);
}

function limited(value: number | undefined, max: number | undefined, what: string): Score {
  if (value === undefined) return untold(what);
  const score = measured(value);
  return score.kind === "scored" && max !== undefined ? { ...score, passed: value <= max } : score;
}

function untold(what: string): Score {
  return unscored("measurement-missing", `The target is wanted to say ${what}, it did not`);
}

function limit(description: string, example: number) {
  return z
    .number()
    .min(0)
    .optional()
    .meta({ description, examples: [example] });
}
