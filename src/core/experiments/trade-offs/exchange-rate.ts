import { z } from "zod";
import { marginOf, type Margin } from "#core/experiments/plan/margin.ts";

/** What a change of one metric is worth in the unit of another. */
export interface ExchangeRate {
  /** Above 0. */
  readonly amount: number;
  /** The change for the better that is worth so much; never relative. */
  readonly change: Margin;
}

/**
 * The rate of a text: `$0.002 per +1pp` says that a point more is worth $0.002, `$0.0001 per -100ms` that a tenth of a second less is
 * worth $0.0001. Amounts and changes are written as margins are, without a share of something. Undefined for anything else.
 */
export function exchangeRateOf(text: string): ExchangeRate | undefined {
  const [, written = "", per = ""] = /^(\S+) per (\S+)$/.exec(text) ?? [];
  const amount = marginOf(`+${written}`);
  const change = marginOf(per);
  if (amount?.scale !== "absolute" || change?.scale !== "absolute") return undefined;
  return { amount: amount.value, change };
}

const wanted = "an amount for a change, such as $0.002 per +1pp or $0.0001 per -100ms";

/** A rate as a person writes it. */
export const exchangeRate = z
  .string({ error: wanted })
  .meta({
    description: "What a change for the better is worth, in the unit of `in`.",
    examples: ["$0.002 per +1pp", "$0.0001 per -100ms"],
  })
  .transform((text, context) => {
    const read = exchangeRateOf(text);
    if (read) return read;
    context.issues.push({ code: "custom", input: text, message: wanted });
    return z.NEVER;
  });
