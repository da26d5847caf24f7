import { z } from "zod";
import { share } from "#core/kernel/share.ts";
import { dailyBudget } from "./daily-budget.ts";
import { name } from "./name.ts";

/** Longest criteria of a judge, characters. */
const criteriaLengthMax = 10_000;

const budgetSchema = dailyBudget(
  "second answers and judges",
  "What is answered off-line costs money: what it may cost. Beyond it requests are not answered once more, and counted.",
);

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
