import { z } from "zod";
import { usdText } from "#core/pricing/money.ts";
import type { AttemptCost, RequestCost } from "./request-record.ts";

/** Money, twice: to be read, and to be added up. */
export const moneyShape = {
  usd: z
    .string()
    .regex(/^\d+(\.\d{1,12})?$/)
    .meta({ description: "US dollars, exact: a decimal number as text.", examples: ["0.000123"] }),
  pico_dollars: z
    .string()
    .regex(/^\d+$/)
    .meta({
      description:
        "The same in 10^-12 US dollars, a whole number as text: sums of it can be larger than numbers of JSON are exact.",
      examples: ["123000000"],
    }),
};

/** Cost of one attempt, as the API tells it. */
export const attemptCostView = z
  .object({
    ...moneyShape,
    estimated: z.boolean().meta({
      description: "Whether its tokens are estimated, because the provider reported none, or absurd ones.",
      examples: [false],
    }),
  })
  .meta({ id: "AttemptCost", description: "What one upstream call cost." });

/** Cost of a request, as the API tells it. */
export const requestCostView = z
  .object({
    ...moneyShape,
    estimated: z
      .boolean()
      .meta({ description: "Whether the cost of at least one attempt is estimated.", examples: [false] }),
    unpriced_attempts: z
      .int()
      .min(0)
      .meta({ description: "Attempts that have no known price and are not in the sum.", examples: [0] }),
  })
  .meta({ id: "RequestCost", description: "What all upstream calls of a request cost together." });

/** Money, as the API tells it. */
export function moneyView(picoDollars: bigint | number): { usd: string; pico_dollars: string } {
  const pico = BigInt(picoDollars);
  return { usd: usdText(pico), pico_dollars: pico.toString() };
}

/** What an attempt cost, as the API tells it; null where no price is known. */
export function attemptCost(cost: AttemptCost | undefined): z.output<typeof attemptCostView> | null {
  return cost === undefined ? null : { ...moneyView(cost.picoDollars), estimated: cost.estimated };
}

/** What a request cost, as the API tells it; null where no upstream was called. */
export function requestCost(cost: RequestCost | undefined): z.output<typeof requestCostView> | null {
  return cost === undefined
    ? null
    : {
        ...moneyView(cost.picoDollars),
        estimated: cost.estimated,
        unpriced_attempts: cost.unpricedAttempts,
      };
}
