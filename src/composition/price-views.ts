import { quotedPrice } from "#core/pricing/money.ts";
import { nextPrices, pricesAt, type PriceSchedule, type Rates } from "#core/pricing/price-schedule.ts";
import type { PriceView } from "#http/control-plane/price-view.ts";

/** What a model costs at a moment, in words of the control plane; null where nobody knows. */
export function priceViewOf(schedule: PriceSchedule | undefined, nowMs: number): PriceView | null {
  if (!schedule) return null;
  const { rates, tiers } = pricesAt(schedule, nowMs);
  const long = tiers?.at(-1);
  const next = nextPrices(schedule, nowMs);
  return {
    ...ratesView(rates),
    long_prompts: long ? { above: long.aboveInputTokens, ...ratesView(long.rates) } : null,
    next:
      next?.fromMs === undefined
        ? null
        : { from: new Date(next.fromMs).toISOString(), ...ratesView(next.rates) },
  };
}

function ratesView({ input, cachedInput, output }: Rates) {
  return {
    input: dollars(input),
    cached_input: cachedInput === undefined ? null : dollars(cachedInput),
    output: dollars(output),
  };
}

function dollars(picoPerToken: number): string {
  return quotedPrice(picoPerToken).slice(1);
}
