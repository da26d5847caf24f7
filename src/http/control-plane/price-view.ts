import { z } from "zod";
import { described } from "#http/openapi/described.ts";

const usd = z.string().regex(/^\d+(\.\d+)?$/);

const rates = {
  input: described(usd, "A million prompt tokens, US dollars.", "0.75"),
  cached_input: described(
    usd.nullable(),
    "A million prompt tokens from the cache; null: as any other.",
    "0.075",
  ),
  output: described(usd, "A million answer tokens, thinking included.", "3.75"),
};

/** What a model costs, as the control plane tells it. */
export const priceView = z
  .object({
    ...rates,
    long_prompts: described(
      z
        .object({ above: described(z.int(), "Prompt tokens above which they hold.", 200_000), ...rates })
        .nullable(),
      "Prices of requests with a long prompt, all their tokens; null where there are none.",
    ),
    next: described(
      z
        .object({ from: described(z.string(), "Begin, ISO 8601.", "2027-01-01T00:00:00.000Z"), ...rates })
        .nullable(),
      "The next prices that are announced; null where none are.",
    ),
  })
  .meta({ id: "Price", description: "What a model costs now, in US dollars for a million tokens of text." });

/** A price, as the control plane tells it. */
export type PriceView = z.output<typeof priceView>;
