import type { Probabilities } from "./strategies/strategy.ts";

/** A variant that was drawn. */
export interface Drawn {
  readonly variant: string;
  /** The probability with which it was drawn, in (0, 1]. */
  readonly propensity: number;
}

/**
 * Draws one variant: the one in whose piece of [0, 1) the number falls, pieces laid end to end in the map's order.
 * @param unit a number drawn uniformly from [0, 1)
 * @returns undefined when there is nothing to draw from
 */
export function draw(probabilities: Probabilities, unit: number): Drawn | undefined {
  let drawn: Drawn | undefined;
  let end = 0;
  for (const [variant, propensity] of probabilities) {
    if (propensity <= 0) continue;
    // The last piece also takes what rounding leaves between the sum and 1.
    drawn = { variant, propensity };
    end += propensity;
    if (unit < end) break;
  }
  return drawn;
}
