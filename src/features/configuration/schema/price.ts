import { z } from "zod";
import { factor } from "#core/pricing/factor.ts";
import { price } from "#core/pricing/money.ts";

/** Longest prompt that a tier can begin at, tokens. */
const tierTokensMax = 100_000_000;

const modalities = (what: string) =>
  z
    .record(
      z.enum(["audio", "image", "video", "document"]),
      price({ description: `${what} of that modality.`, examples: ["$1.00"] }).optional(),
    )
    .optional()
    .meta({
      description: `${what} by modality, where it is not that of text.`,
      examples: [{ audio: "$1.00" }],
    });

const rates = {
  input: price({ description: "A million prompt tokens.", examples: ["$0.10"] }),
  cached_input: price({
    description: "A million prompt tokens read from the provider's cache; left out: as any other.",
    examples: ["$0.01"],
  }).optional(),
  output: price({ description: "A million answer tokens, thinking included.", examples: ["$0.30"] }),
  input_by_modality: modalities("A million prompt tokens"),
  cached_by_modality: modalities("A million cached prompt tokens"),
  output_by_modality: modalities("A million answer tokens"),
};

const tierFactor = (requests: string, example: string) =>
  factor({
    description: `What all prices are multiplied by for ${requests}.`,
    examples: [example],
  }).optional();

/** `deployments.<name>.price` */
export const priceSchema = z
  .strictObject({
    ...rates,
    long_prompts: z
      .strictObject({
        above: z
          .int()
          .min(1)
          .max(tierTokensMax)
          .meta({ description: "Prompt tokens above which these prices hold.", examples: [200_000] }),
        ...rates,
      })
      .optional()
      .meta({ description: "What requests with a long prompt cost, all their tokens." }),
    service_tiers: z
      .strictObject({
        batch: tierFactor("requests in a batch", "50%"),
        flex: tierFactor("requests that may wait", "50%"),
        priority: tierFactor("requests that go first", "180%"),
      })
      .optional()
      .meta({
        description: "What other qualities of service cost; one that is left out costs the same.",
        examples: [{ flex: "50%" }],
      }),
  })
  .meta({
    description:
      "What the model costs at this provider, in dollars for a million tokens, where it is not what the catalog says or the catalog does not know it.",
    examples: [{ input: "$0.10", output: "$0.30" }],
  });

/** A price as written. */
export type PriceSettings = z.output<typeof priceSchema>;
