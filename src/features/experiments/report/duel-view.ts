import { z } from "zod";
import type { DuelReading, Measured } from "#core/experiments/comparisons/duels.ts";
import type { Result } from "#core/kernel/result.ts";
import { usdText } from "#core/pricing/money.ts";
import type { Refusal } from "#core/statistics/refusal.ts";

const count = (description: string, example: number) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [example] });

const measured = (description: string, example: number) =>
  z
    .object({
      value: z.number().meta({ description: "The estimate.", examples: [example] }),
      interval: z.tuple([z.number(), z.number()]).meta({
        description: "Two-sided, as one look tells it, by unit.",
        examples: [[example / 2, example]],
      }),
    })
    .nullable()
    .meta({ description: `${description}; null where too little is known.` });

/** The duels of one treatment with the control, as the API tells them. */
const duelsView = z
  .object({
    variant: z.string().meta({ description: "The treatment.", examples: ["support-argon"] }),
    won: count("Duels that it won in both orders.", 57),
    lost: count("Duels that it lost in both orders.", 38),
    tied: count("Duels that were a tie in both orders.", 2),
    inconsistent: count("Duels of which the judge said otherwise in the other order: they count as ties.", 3),
    judge_failed: count(
      "Duels that the judge could not be asked about, or said nothing that can be read.",
      1,
    ),
    unanswered: count("Requests without a duel, since one of both had no answer.", 2),
    win_rate: measured("Share of the judged duels that it won, ties half", 0.59),
    position_bias: measured("How much the judge prefers what stands first, -0.5 to 0.5", 0.04),
    elo: measured("Its Elo less the control's (Bradley-Terry), where there are several treatments", 45),
    judge_cost_usd: z
      .string()
      .meta({ description: "What the judge cost, US dollars, exactly.", examples: ["0.1234"] }),
  })
  .meta({ id: "ExperimentDuels", description: "The duels of one treatment with the control." });

/** What the results of an experiment tell of duels. */
export const duelsShape = {
  duels: z
    .array(duelsView)
    .meta({ description: "Of each treatment; empty where no judge compares answers." }),
};

/** Duels as the API tells them. */
export function duelView({ duels, winRate, positionBias, elo }: DuelReading): z.output<typeof duelsView> {
  return {
    variant: duels.variant,
    won: duels.won,
    lost: duels.lost,
    tied: duels.tied,
    inconsistent: duels.inconsistent,
    judge_failed: duels.judgeFailed,
    unanswered: duels.unanswered,
    win_rate: measuredView(winRate),
    position_bias: measuredView(positionBias),
    elo: elo ? measuredView(elo) : null,
    judge_cost_usd: usdText(duels.picoDollars),
  };
}

function measuredView(found: Result<Pick<Measured, "value" | "interval">, Refusal>) {
  if (!found.ok) return null;
  const [lower, upper] = found.value.interval;
  return { value: found.value.value, interval: [lower, upper] satisfies [number, number] };
}
