import { quantile } from "../../bench/measure/quantile.ts";
import { leastBusy, oracle, random, roundRobin, signalbox, type MakePolicy } from "../balancing/policies.ts";
import { scenarios, type Scenario } from "../balancing/scenarios.ts";
import { simulate } from "../balancing/simulate.ts";
import type { Claim } from "../claim.ts";
import { seeded } from "../dashboard-log.ts";

const ratioMax = 1.3;
/** The first requests fill the pool; they say nothing about it. */
const warmUpCount = 500;

const others: Readonly<Record<string, MakePolicy>> = {
  "round-robin": roundRobin,
  random,
  "least-busy": leastBusy,
};

/** Simulated language-model servers with continuous batching under real request sizes; see proof/balancing/engine.ts. */
export const claim: Claim = {
  id: "balancing",
  title:
    "Two choices by load come near to an oracle that knows every server's state and every answer's length, at 70 % utilisation",
  wanted: `p99 of time to first content at most ${ratioMax} times the oracle's, in each of ${scenarios.length} scenarios and for every seed`,
  run({ short }) {
    const seeds = short ? [1] : [1, 2, 3, 4, 5];
    const count = short ? 8_000 : 20_000;
    const results = scenarios.map((scenario) => compare(scenario, { seeds, count }));
    return Promise.resolve({
      ok: results.every(({ ratio }) => ratio <= ratioMax),
      figure: results.map(({ name, ratio }) => `${name} ${ratio.toFixed(2)}x`).join(", "),
      details: [
        ...results.map(({ line }) => line),
        `${count} requests for each of ${seeds.length} seeds, the first ${warmUpCount} left out; the worst seed counts. Overloaded means a ratio above 100: more is asked of a slow deployment than it can do, and its queue grows for as long as the run lasts.`,
      ],
    });
  },
};

interface Comparison {
  readonly name: string;
  /** Signalbox's p99 to the oracle's, of the worst seed. */
  readonly ratio: number;
  readonly line: string;
}

function compare(scenario: Scenario, runs: { seeds: readonly number[]; count: number }): Comparison {
  const oracles = runs.seeds.map((seed) => p99(scenario, oracle, { seed, count: runs.count }));
  const worst = (policy: MakePolicy): Found =>
    runs.seeds
      .map((seed, place) => ({ ms: p99(scenario, policy, { seed, count: runs.count }), place }))
      .map(({ ms, place }) => ({ ms, ratio: ms / (oracles[place] ?? Number.NaN) }))
      .reduce((a, b) => (b.ratio > a.ratio ? b : a));
  const ours = worst(signalbox);
  const beside = Object.entries(others).map(([name, policy]) => `${name} ${told(worst(policy))}`);
  return {
    name: scenario.name,
    ratio: ours.ratio,
    line: `${scenario.name}: oracle ${Math.min(...oracles).toFixed(0)} to ${Math.max(...oracles).toFixed(0)} ms, Signalbox ${told(ours)}, ${beside.join(", ")}`,
  };
}

/** A p99, and how many times the oracle's it is. */
interface Found {
  readonly ms: number;
  readonly ratio: number;
}

function told({ ms, ratio }: Found): string {
  return ratio > 100 ? "overloaded" : `${ms.toFixed(0)} ms (${ratio.toFixed(2)}x)`;
}

/** The arrivals are those of the seed, the same for every policy. */
function p99(scenario: Scenario, policy: MakePolicy, run: { seed: number; count: number }): number {
  const arrivals = scenario.arrivals(run.count, seeded(run.seed));
  const tookMs = simulate(scenario.slownesses, arrivals, policy, seeded(run.seed + 1_000));
  return quantile(tookMs.subarray(warmUpCount), 0.99);
}
