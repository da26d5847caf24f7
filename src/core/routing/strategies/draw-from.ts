import { draw } from "#core/routing/draw.ts";
import type { Strategy, StrategyInput } from "./strategy.ts";

/**
 * Takes one variant by a strategy: as it draws itself, or else the one that the number falls on.
 * @param unit a number drawn uniformly from [0, 1)
 */
export function drawFrom(strategy: Strategy, input: StrategyInput, unit: number): string | undefined {
  if (strategy.draw) return strategy.draw(input, unit);
  return draw(strategy.probabilities(input), unit)?.variant;
}

/** Whether something else than the number drawn decides in any of the strategies. */
export function drawsItself(strategies: readonly Strategy[]): boolean {
  return strategies.some((strategy) => strategy.draw !== undefined);
}
