import { canServe } from "./parts.ts";
import type { Strategy, StrategyInput } from "./strategy.ts";

/** A part that can serve, with how it is judged: less is better; undefined where too little is known. */
export interface Judged {
  readonly part: Strategy;
  readonly score: number | undefined;
}

/** Judges every part that can serve by the mean of its variants' scores, by their probabilities. */
export function judged(
  parts: readonly Strategy[],
  input: StrategyInput,
  scoreOf: (variant: string) => number | undefined,
): readonly Judged[] {
  return parts
    .filter((part) => canServe(part, input))
    .map((part) => ({ part, score: expected(part, input, scoreOf) }));
}

function expected(
  part: Strategy,
  input: StrategyInput,
  scoreOf: (variant: string) => number | undefined,
): number | undefined {
  let sum = 0;
  for (const [variant, probability] of part.probabilities(input)) {
    const score = scoreOf(variant);
    if (score === undefined) return undefined;
    sum += probability * score;
  }
  return sum;
}

/** The one with the least score; of equal ones the first, and one that is unknown only where all are. */
export function bestOf(candidates: readonly Judged[]): Strategy | undefined {
  let best: Judged | undefined;
  for (const candidate of candidates) {
    if (!best || (candidate.score ?? Infinity) < (best.score ?? Infinity)) best = candidate;
  }
  return best?.part;
}
