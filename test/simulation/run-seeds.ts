import { violationsOf, type Violation } from "./checkers/all-checkers.ts";
import { simulate } from "./simulate.ts";

/** A seed in which something does not hold. */
export interface BrokenSeed {
  readonly seed: number;
  readonly violations: readonly Violation[];
}

/** How many seeds went. */
export interface SeedsRun {
  readonly seeds: number;
  readonly requests: number;
  readonly calls: number;
  readonly broken: readonly BrokenSeed[];
}

/** Seeds with violations that are kept: more of them say nothing new. */
const brokenMax = 50;

/**
 * Runs seeds one after the other.
 * @param onBroken hears of each in which something does not hold, when it is over
 */
export async function runSeeds(
  { from, seeds }: { readonly from: number; readonly seeds: number },
  onBroken: (broken: BrokenSeed) => void = () => undefined,
): Promise<SeedsRun> {
  const broken: BrokenSeed[] = [];
  let requests = 0;
  let calls = 0;
  let seed = from;
  for (; seed < from + seeds && broken.length < brokenMax; seed++) {
    const history = await simulate(seed);
    requests += history.requests.length;
    calls += history.calls.length;
    const violations = violationsOf(history);
    if (violations.length === 0) continue;
    broken.push({ seed, violations });
    onBroken({ seed, violations });
  }
  return { seeds: seed - from, requests, calls, broken };
}

/** How to see a seed again. */
export function replayCommand(seed: number): string {
  return `npm run simulate -- --seed ${seed}`;
}
