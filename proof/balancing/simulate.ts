import { Engine, type Job } from "./engine.ts";
import type { MakePolicy } from "./policies.ts";

/** A job with the time at which it comes, ms. */
export interface Arrival extends Job {
  readonly atMs: number;
}

/**
 * Plays arrivals against engines under a policy.
 * @returns the time to first token of each arrival, ms, in their order
 */
export function simulate(
  slownesses: readonly number[],
  arrivals: readonly Arrival[],
  makePolicy: MakePolicy,
  chance: () => number,
): Float64Array {
  const engines = slownesses.map((slowness) => new Engine(slowness));
  const policy = makePolicy(engines, chance);
  const tookMs = new Float64Array(arrivals.length);
  let next = 0;
  let open = 0;
  while (next < arrivals.length || open > 0) {
    const index = earliest(engines);
    const engine = engines[index];
    const arrival = arrivals[next];
    if (arrival !== undefined && arrival.atMs < (engine?.stepEndMs ?? Number.POSITIVE_INFINITY)) {
      const chosen = policy.choose(next, arrival, arrival.atMs);
      engines[chosen]?.add(next, arrival, arrival.atMs);
      next += 1;
      open += 1;
      continue;
    }
    if (engine === undefined) break;
    const nowMs = engine.stepEndMs;
    const { first, ended } = engine.step();
    for (const id of first) {
      const took = nowMs - (arrivals[id]?.atMs ?? nowMs);
      tookMs[id] = took;
      policy.first?.(id, index, took, nowMs);
    }
    for (const _ of ended) policy.ended?.(index);
    open -= ended.length;
  }
  return tookMs;
}

function earliest(engines: readonly Engine[]): number {
  let index = 0;
  for (let other = 1; other < engines.length; other++)
    if ((engines[other]?.stepEndMs ?? 0) < (engines[index]?.stepEndMs ?? 0)) index = other;
  return index;
}
