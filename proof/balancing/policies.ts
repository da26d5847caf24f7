import { DeploymentLoad, requestWork, type Waiting } from "#core/balancing/deployment-load.ts";
import { pick } from "#core/balancing/pick.ts";
import { assert } from "#core/kernel/assert.ts";
import type { Engine, Job } from "./engine.ts";

/** What chooses a deployment for each request, and hears what came of it. */
export interface Policy {
  /** @returns the index of the engine that is to serve the job, which is told of by its id later */
  choose(id: number, job: Job, nowMs: number): number;
  /** Its first content came. */
  first?(id: number, index: number, tookMs: number, nowMs: number): void;
  /** Its last token came. */
  ended?(index: number): void;
}

/** Makes a policy over some engines. */
export type MakePolicy = (engines: readonly Engine[], chance: () => number) => Policy;

/** Signalbox: the code of src/core/balancing, told what the gateway knows. */
export const signalbox: MakePolicy = (engines, chance) => {
  const loads = engines.map(() => new DeploymentLoad());
  const waiting = new Map<number, Waiting>();
  return {
    choose(id, job, nowMs) {
      const work = requestWork(job.promptTokens * (1 - estimateError + 2 * estimateError * chance()));
      const candidates = loads.map((load) => ({
        ...ready,
        costMs: load.costMs(nowMs),
        measuredCostMs: load.measuredCostMs,
        inFlight: load.inFlight,
      }));
      const picked = pick(candidates, { nowMs, work, draws: [chance(), chance()], waitMsMax: 0 });
      assert(picked.kind === "go", "somebody is asked where all are available");
      const load = loads[picked.index];
      if (load) waiting.set(id, load.began(work));
      return picked.index;
    },
    first(id, index, tookMs, nowMs) {
      const wait = waiting.get(id);
      if (wait) loads[index]?.answered(wait, tookMs, nowMs);
      waiting.delete(id);
    },
  };
};

/** The gateway counts a prompt by its bytes: within 25 % of the provider's count, see src/core/routing/estimated-tokens.ts. */
const estimateError = 0.25;
const ready = { weight: 1, share: 1, state: "ready", availableAtMs: 0 } as const;

/** Knows everything: the state of every server and the length of every answer. Asks where the first token comes first. */
export const oracle: MakePolicy = (engines) => ({
  choose(_id, job, nowMs) {
    return lowest(engines.map((engine) => engine.firstTokenMs(job, nowMs)));
  },
});

/** One after the other. */
export const roundRobin: MakePolicy = (engines) => {
  let next = -1;
  return {
    choose() {
      next = (next + 1) % engines.length;
      return next;
    },
  };
};

/** Any. */
export const random: MakePolicy = (engines, chance) => ({
  choose: () => Math.floor(chance() * engines.length),
});

/** The one with the fewest requests in flight, of several any. */
export const leastBusy: MakePolicy = (engines, chance) => {
  const inFlight = engines.map(() => 0);
  return {
    choose() {
      const index = lowest(inFlight.map((count) => count + chance() / 2));
      inFlight[index] = (inFlight[index] ?? 0) + 1;
      return index;
    },
    ended(index) {
      inFlight[index] = (inFlight[index] ?? 0) - 1;
    },
  };
};

function lowest(values: readonly number[]): number {
  return values.indexOf(Math.min(...values));
}
