import { z } from "zod";
import { picoPerDollar } from "#core/pricing/money.ts";

/** The most that may be spent in a day, dollars. */
const usdPerDayMax = 100_000;

/** What calls that no client asked for may cost in a day (UTC), read as whole pico-dollars. */
export function dailyBudget(spent: string, description: string) {
  return z
    .strictObject({
      usd_per_day: z
        .number({ error: "dollars such as 5" })
        .gt(0)
        .max(usdPerDayMax)
        .meta({ description: `What ${spent} may cost in a day (UTC), in US dollars.`, examples: [5] })
        .transform((usd) => Math.round(usd * picoPerDollar)),
    })
    .meta({ description, examples: [{ usd_per_day: 5 }] });
}
