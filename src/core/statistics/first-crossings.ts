import { normalQuantile } from "./special-functions.ts";
import { crossingProbability, pathsAfter, pathsAtStart } from "./surviving-paths.ts";

/** A look and its upper bound, in standard errors. */
interface Look {
  readonly fraction: number;
  readonly bound: number;
}

/**
 * The probability of crossing the upper bounds for the first time, look by look, where the statistic at a fraction t is normal
 * around drift x sqrt t: paths without drift, and bounds that come nearer.
 */
export function firstCrossings(looks: readonly Look[], drift: number): readonly number[] {
  let paths = pathsAtStart;
  return looks.map(({ fraction: time, bound: standardised }, look) => {
    const bound = standardised * Math.sqrt(time) - drift * time;
    const crossing = crossingProbability(paths, { time, bound });
    const following = looks[look + 1];
    if (following) paths = pathsAfter(paths, { time, bound }, following.fraction);
    return crossing;
  });
}

/**
 * The drift with which the bounds are crossed at any look with a probability in (0, 1); undefined where no bound can be. By
 * secants: the normal quantile of the probability is nearly a straight line in the drift.
 */
export function driftThatCrosses(
  looks: readonly Look[],
  { probability, guess }: { readonly probability: number; readonly guess: number },
): number | undefined {
  const wanted = normalQuantile(probability);
  const distance = (drift: number): number => {
    const found = firstCrossings(looks, drift).reduce((sum, crossing) => sum + crossing, 0);
    return normalQuantile(Math.min(1, found)) - wanted;
  };
  let [before, now] = [guess, guess + 0.05];
  let [missedBefore, missed] = [distance(before), distance(now)];
  for (let step = 0; step < 50; step++) {
    const change = (missed * (now - before)) / (missed - missedBefore);
    if (!Number.isFinite(change)) break;
    [before, missedBefore] = [now, missed];
    now -= change;
    missed = distance(now);
    if (Math.abs(change) <= 1e-10 * (1 + Math.abs(guess))) return now;
  }
  return missed === 0 ? now : undefined;
}
