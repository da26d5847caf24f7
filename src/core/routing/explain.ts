import type { Json } from "#core/kernel/json.ts";
import { decide, strategyInput, type Decision, type DecisionInput } from "./decide.ts";
import { settingsOf } from "./strategies/parts.ts";
import type { Probabilities, Strategy, StrategyInput } from "./strategies/strategy.ts";

/** A decision with all that led to it, for people. */
export interface Explanation {
  readonly decision: Decision;
  /** The route's strategy, and inside it those that it chooses from. */
  readonly strategy: ExplainedStrategy;
}

/** What one strategy made of a request. */
export interface ExplainedStrategy {
  readonly keyword: string;
  /** As it is written. */
  readonly settings: Json;
  /** What it gives each variant, by itself: what the strategies around it make of that is theirs to say. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** What it weighed, where it weighs: costs, times, conditions, the parts of a score. */
  readonly scores?: Json;
  readonly parts: readonly ExplainedStrategy[];
}

/** Decides, and says why. Dearer than `decide`: for questions of people, and not for every request. */
export function explain(input: DecisionInput): Explanation {
  return { decision: decide(input), strategy: explained(input.route.strategy, strategyInput(input)) };
}

function explained(strategy: Strategy, asked: StrategyInput): ExplainedStrategy {
  const scores = strategy.scores?.(asked);
  return {
    keyword: strategy.keyword,
    settings: strategy.settings,
    probabilities: rounded(strategy.probabilities(asked)),
    ...(scores !== undefined && { scores }),
    parts: strategy.parts.filter(isStrategy).map((part) => explained(part, asked)),
  };
}

/** A part that is a variant's name is told by its probability already. */
function isStrategy(part: Strategy): boolean {
  return typeof settingsOf(part) !== "string";
}

function rounded(probabilities: Probabilities): Readonly<Record<string, number>> {
  return Object.fromEntries([...probabilities].map(([name, value]) => [name, Number(value.toFixed(6))]));
}
