import { readFileSync } from "node:fs";
import { Engine, type Job } from "./engine.ts";
import type { Arrival } from "./simulate.ts";

/** A pool and what comes to it. */
export interface Scenario {
  readonly name: string;
  /** One for each deployment: what its time is multiplied by. */
  readonly slownesses: readonly number[];
  readonly arrivals: (count: number, chance: () => number) => readonly Arrival[];
}

/** The part of what the pool can do at most that is asked of it. */
const utilisation = 0.7;

/** Sizes of real requests: Azure's conversation trace, see src/cli/demo/data/SOURCES.md. */
const conversations: readonly Job[] = readFileSync(
  new URL("../../src/cli/demo/data/azure-conversation-2400.csv", import.meta.url),
  "utf8",
)
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split(",").map(Number))
  .map(([, promptTokens = 1, outputTokens = 1]) => ({ promptTokens, outputTokens }));

function conversation(chance: () => number): Job {
  return conversations[Math.floor(chance() * conversations.length)] ?? { promptTokens: 1, outputTokens: 1 };
}

/** Answers whose length has no typical size: Pareto with exponent 1.3 from 60 tokens, at most 8,192 (mean 229). */
function heavyTailed(chance: () => number): Job {
  const outputTokens = Math.min(8_192, Math.ceil(60 / (1 - chance()) ** (1 / 1.3)));
  return { promptTokens: conversation(chance).promptTokens, outputTokens };
}

/** Rates between which bursts change, relative to the mean, and how long each lasts on average. */
const burst = { quiet: 0.8, loud: 1.3, quietMs: 15_000, loudMs: 10_000 } as const;

export const scenarios: readonly Scenario[] = [
  { name: "equal", slownesses: [1, 1, 1], arrivals: steady([1, 1, 1], conversation) },
  { name: "1:2:4 speeds", slownesses: [1, 2, 4], arrivals: steady([1, 2, 4], conversation) },
  { name: "one slow key", slownesses: [1, 1, 1, 5], arrivals: steady([1, 1, 1, 5], conversation) },
  { name: "bursty", slownesses: [1, 1, 1], arrivals: bursty([1, 1, 1], conversation) },
  { name: "heavy-tailed outputs", slownesses: [1, 1, 1], arrivals: steady([1, 1, 1], heavyTailed) },
];

/** Independent arrivals (Poisson) at the wanted utilisation. */
function steady(slownesses: readonly number[], job: (chance: () => number) => Job): Scenario["arrivals"] {
  return (count, chance) => {
    const meanMs = 1 / (utilisation * capacity(slownesses, job, chance));
    let atMs = 0;
    return Array.from({ length: count }, () => {
      atMs += exponential(meanMs, chance);
      return { atMs, ...job(chance) };
    });
  };
}

/** Poisson arrivals whose rate changes between quiet and loud; the same on average. */
function bursty(slownesses: readonly number[], job: (chance: () => number) => Job): Scenario["arrivals"] {
  return (count, chance) => {
    const rate = utilisation * capacity(slownesses, job, chance);
    let atMs = 0;
    let isLoud = false;
    let changeMs = 0;
    return Array.from({ length: count }, () => {
      for (;;) {
        const nextMs = atMs + exponential(1 / (rate * (isLoud ? burst.loud : burst.quiet)), chance);
        if (nextMs < changeMs) {
          atMs = nextMs;
          return { atMs, ...job(chance) };
        }
        // An exponential has no memory: what is left of it begins anew at the change.
        atMs = changeMs;
        isLoud = !isLoud;
        changeMs = atMs + exponential(isLoud ? burst.loudMs : burst.quietMs, chance);
      }
    });
  };
}

/** Requests a ms that a pool finishes when each of its engines always has more to do: measured. */
function capacity(
  slownesses: readonly number[],
  job: (chance: () => number) => Job,
  chance: () => number,
): number {
  const rateOfFastest = saturatedRate(job, chance);
  return slownesses.reduce((sum, slowness) => sum + rateOfFastest / slowness, 0);
}

const saturation = { backlog: 200, warmUp: 500, jobs: 4_000 } as const;

function saturatedRate(job: (chance: () => number) => Job, chance: () => number): number {
  const engine = new Engine(1);
  for (let id = 0; id < saturation.backlog; id++) engine.add(id, job(chance), 0);
  let ended = 0;
  let warmMs = 0;
  while (ended < saturation.warmUp + saturation.jobs) {
    const nowMs = engine.stepEndMs;
    if (ended < saturation.warmUp) warmMs = nowMs;
    for (const id of engine.step().ended) {
      ended += 1;
      engine.add(id, job(chance), nowMs);
    }
  }
  return saturation.jobs / (engine.stepEndMs - warmMs);
}

function exponential(mean: number, chance: () => number): number {
  return -mean * Math.log(1 - chance());
}
