import { z } from "zod";
import { ratioOfPercent } from "#core/pricing/factor.ts";
import { dollars } from "#core/pricing/money.ts";
import { affinityDefaults } from "#core/routing/affinity.ts";

const marginText = "a percentage above 0 such as 20%";

const marginSchema = z
  .string({ error: marginText })
  .default("20%")
  .meta({
    description: "What moving must gain beyond the loss of the cache, in percent of that loss.",
    examples: ["20%"],
  })
  .transform((text, context) => {
    const ratio = ratioOfPercent(text);
    if (ratio) return ratio.numerator / ratio.denominator;
    context.issues.push({ code: "custom", input: text, message: marginText });
    return z.NEVER;
  });

/** `routes.<name>.affinity` */
export const affinitySchema = z
  .union(
    [
      z.boolean(),
      z.strictObject({
        second: dollars({
          description: "What a second of waiting is worth.",
          examples: ["$0.001"],
          most: "$100",
        }).default(affinityDefaults.secondWorth),
        margin: marginSchema,
      }),
    ],
    { error: 'true, false, or { second: "$0.001", margin: 20% }' },
  )
  .meta({
    description:
      "Whether a conversation stays on its deployment while the provider probably has its prompt in a cache: until moving " +
      "saves more time, at what a second is worth, than reading the prompt anew costs.",
    examples: [true, { second: "$0.001", margin: "20%" }],
  });
