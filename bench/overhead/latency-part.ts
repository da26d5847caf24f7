import type { Figure } from "./figure.ts";
import { signalboxes, type Part } from "./part.ts";
import { interleavedRounds, type Rounds } from "./rounds.ts";
import { added, addedRatioToBare, latency, mainUs, ratioToBare, typical } from "./summary.ts";
import { wanted } from "./wanted.ts";
import { passes, workloads, type Workload } from "./workload.ts";

/** One request after another: what a hop adds to each. */
export const latencyPart: Part = async ({ world, targets, options }) => {
  const figures: Figure[] = [];
  for (const workload of workloads) {
    const rounds = await interleavedRounds({
      loader: world.loader,
      targets,
      request: { workload, size: "2KB", stream: false },
      load: { connections: 1, durationMs: 600 },
      rounds: options.rounds,
      warmUp: { connections: 16, durationMs: 500 },
    });
    figures.push(...figuresOf(rounds, "bare", workload));
    for (const { name } of signalboxes(targets)) figures.push(...figuresOf(rounds, name, workload));
  }
  return figures;
};

function figuresOf(rounds: Rounds, target: string, workload: Workload): readonly Figure[] {
  const shares = [
    { name: "p50", share: 0.5, ratioMax: wanted.addedP50RatioMax },
    { name: "p99", share: 0.99, ratioMax: wanted.addedP99RatioMax },
  ];
  const latencies = shares.flatMap(({ name, share, ratioMax }): readonly Figure[] => {
    const of = { part: "latency", target, name: `${workload} 2KB, one at a time: ${name} added` };
    const addedMs: Figure = { ...of, value: added(rounds, target, latency(share)), unit: "ms" };
    if (target === "bare") return [addedMs];
    const ratio = addedRatioToBare(rounds, target, latency(share));
    return [addedMs, { ...of, value: ratio, unit: "x", ...(passes(workload) && { wantedMax: ratioMax }) }];
  });
  const of = { part: "latency", target, name: `${workload} 2KB, one at a time: CPU of the main thread` };
  const cost: Figure = { ...of, value: typical(rounds, target, mainUs), unit: "us" };
  if (target === "bare") return [...latencies, cost];
  return [...latencies, cost, { ...of, value: ratioToBare(rounds, target, mainUs), unit: "x" }];
}
