import type { Figure } from "./figure.ts";
import { signalboxes, type Part } from "./part.ts";
import { interleavedRounds, type Rounds } from "./rounds.ts";
import { errors, latency, mainUs, processUs, ratioToBare, typical } from "./summary.ts";
import { mainRatioMax } from "./wanted.ts";
import { workloads, type Workload } from "./workload.ts";

/** Large bodies, and how many are sent at once. */
const sizes = [
  { size: "400KB", connections: 4 },
  { size: "8MB", connections: 2 },
] as const;

/** A conversation of 100,000 tokens, and a photograph: what a large request costs. */
export const bodiesPart: Part = async ({ world, targets, options }) => {
  const figures: Figure[] = [];
  for (const { size, connections } of sizes) {
    for (const workload of workloads) {
      const rounds = await interleavedRounds({
        loader: world.loader,
        targets,
        request: { workload, size, stream: false },
        load: { connections, durationMs: 1_000 },
        rounds: options.rounds,
        warmUp: { connections, durationMs: 1_000 },
      });
      for (const name of ["bare", ...signalboxes(targets).map((target) => target.name)])
        figures.push(...figuresOf(rounds, name, { size, workload }));
    }
  }
  return figures;
};

function figuresOf(
  rounds: Rounds,
  target: string,
  { size, workload }: { readonly size: string; readonly workload: Workload },
): readonly Figure[] {
  const of = (what: string) => ({ part: "bodies", target, name: `${workload} ${size}: ${what}` });
  const figures: readonly Figure[] = [
    { ...of("p50"), value: typical(rounds, target, latency(0.5)), unit: "ms" },
    { ...of("CPU of the main thread"), value: typical(rounds, target, mainUs), unit: "us" },
    { ...of("CPU of the process"), value: typical(rounds, target, processUs), unit: "us" },
    { ...of("failed"), value: errors(rounds, target), unit: "errors", wantedMax: 0 },
  ];
  if (target === "bare") return figures;
  const ratio: Figure = {
    ...of("CPU of the main thread"),
    value: ratioToBare(rounds, target, mainUs),
    unit: "x",
    wantedMax: mainRatioMax(workload, false),
  };
  return [...figures, ratio];
}
