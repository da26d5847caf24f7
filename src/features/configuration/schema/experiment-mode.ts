import { z } from "zod";
import { picoPerDollar } from "#core/pricing/money.ts";
import { share } from "#core/kernel/share.ts";
import { name } from "./name.ts";

/** The most that an experiment may be allowed to spend in a day, dollars. */
const usdPerDayMax = 100_000;
/** Longest criteria of a judge, characters. */
const criteriaLengthMax = 10_000;

const budgetSchema = z
  .strictObject({
    usd_per_day: z
      .number({ error: "dollars such as 5" })
      .gt(0)
      .max(usdPerDayMax)
      .meta({
        description: "What second answers and judges may cost in a day (UTC), in US dollars.",
        examples: [5],
      })
      .transform((usd) => Math.round(usd * picoPerDollar)),
  })
  .meta({
    description:
      "What is answered off-line costs money: what it may cost. Beyond it requests are not answered once more, and counted.",
    examples: [{ usd_per_day: 5 }],
  });

const judgeSchema = z
  .strictObject({
    route: name.meta({
      description: "The route that is asked which of two answers is better.",
      examples: ["judge"],
    }),
    criteria: z
      .string()
      .min(1)
      .max(criteriaLengthMax)
      .meta({
        description: "What makes an answer the better one, in words for the judge.",
        examples: ["The better answer solves the customer's problem, and says nothing that is wrong."],
      }),
  })
  .meta({
    description: "Who compares both answers of a duel, in both orders, not knowing whose they are.",
    examples: [{ route: "judge", criteria: "The better answer is right and short." }],
  });

/** What an experiment says of how it compares. */
export const modeShape = {
  mode: z
    .enum(["split", "shadow", "duel", "aa"])
    .meta({
      description:
        "`split`: units are shared out among the variants (where nothing is written). `shadow`: clients are served by the control; of a sample the other variants answer once more, off-line. `duel`: a shadow whose answers a judge compares. `aa`: units are shared out to one variant under two names, which must not differ.",
      examples: ["shadow"],
    })
    .optional(),
  sample: share
    .refine((value) => value > 0, { error: "a share above 0% and up to 100%" })
    .meta({
      description:
        "Of `shadow` and `duel`: the share of units whose requests are answered once more; 5% where nothing is written.",
      examples: ["5%"],
    })
    .optional(),
  budget: budgetSchema.optional(),
  judge: judgeSchema.optional(),
} as const;
