import { calcPrice } from "@pydantic/genai-prices";
import { describe, expect, test } from "vitest";
import { picoPerDollar } from "#core/pricing/money.ts";
import { costVectors, type CostVector } from "../../support/cost-vectors.ts";

/*
 * The vectors once more by the arithmetic of @pydantic/genai-prices, which shares nothing with ours but the page it was
 * read from. It computes in floating point and knows neither service tiers nor Gemini 4.
 */

const geminiUrl = "https://generativelanguage.googleapis.com/v1beta";
/** Of the price: what floating point may lose over a handful of products. */
const relativeErrorMax = 1e-12;

const known = costVectors().filter(
  ({ model, serviceTier }) => model !== undefined && !model.startsWith("gemini-4-") && serviceTier === "standard",
);

test("another's arithmetic is compared for every Gemini model that it knows", () => {
  expect(new Set(known.map(({ model }) => model)).size).toBe(13);
});

describe("another's arithmetic comes to the same", () => {
  test.each(known)("$name", (vector) => {
    const dollars = calcPrice(usageOf(vector), vector.model ?? "", {
      providerApiUrl: geminiUrl,
      timestamp: new Date(vector.at),
    })?.total_price;
    const error = Math.abs((dollars ?? Number.NaN) * picoPerDollar - vector.expected);
    expect(error).toBeLessThanOrEqual(vector.expected * relativeErrorMax);
  });
});

/** Usage in its words: tools are part of the input, thinking is part of the output. */
function usageOf({ usage }: CostVector): Readonly<Record<string, number>> {
  const { inputByModality = {}, cachedByModality = {} } = usage;
  return {
    input_tokens: usage.inputTokens + usage.toolInputTokens,
    cache_read_tokens: usage.cachedInputTokens,
    output_tokens: usage.outputTokens + usage.thinkingTokens,
    ...named("input_", "_tokens", inputByModality),
    ...named("cache_", "_read_tokens", cachedByModality),
  };
}

function named(
  prefix: string,
  suffix: string,
  counts: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const other = Object.entries(counts).filter(([modality]) => modality !== "text");
  return Object.fromEntries(other.map(([modality, count]) => [`${prefix}${modality}${suffix}`, count]));
}
