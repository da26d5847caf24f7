import type { Figure } from "./figure.ts";
import { signalboxes, type Part } from "./part.ts";
import { interleavedRounds, type Rounds } from "./rounds.ts";
import { added, errors, firstFrame, gapP99, mainUs, ratioToBare, typical } from "./summary.ts";
import { wanted } from "./wanted.ts";
import { workloads, type Workload } from "./workload.ts";

/** Streams under way at once when the first token is timed: few, so that none waits for another. */
const connections = 4;

/** Streams of twenty events, one each 5 ms, the first at once: what a hop adds to the first token. */
export const streamPart: Part = async ({ world, targets, options }) => {
  const figures: Figure[] = [];
  for (const workload of workloads) {
    const rounds = await interleavedRounds({
      loader: world.loader,
      targets,
      request: { workload, size: "2KB", stream: true },
      load: { connections, durationMs: 1_200 },
      rounds: options.rounds,
      warmUp: { connections: 64, durationMs: 3_000 },
    });
    for (const name of ["direct", "bare", ...signalboxes(targets).map((target) => target.name)])
      figures.push(...figuresOf(rounds, name, workload));
  }
  return figures;
};

function figuresOf(rounds: Rounds, target: string, workload: Workload): readonly Figure[] {
  const of = (what: string) => ({ part: "stream", target, name: `${workload} stream: ${what}` });
  const firstMs: Figure = { ...of("first token"), value: typical(rounds, target, firstFrame), unit: "ms" };
  const gapMs: Figure = { ...of("between events, p99"), value: typical(rounds, target, gapP99), unit: "ms" };
  const failed: Figure = { ...of("failed"), value: errors(rounds, target), unit: "errors", wantedMax: 0 };
  if (target === "direct") return [firstMs, gapMs, failed];
  const addedMs: Figure = {
    ...of("first token added"),
    value: added(rounds, target, firstFrame),
    unit: "ms",
  };
  const cost: Figure = {
    ...of("CPU of the main thread"),
    value: typical(rounds, target, mainUs),
    unit: "us",
  };
  if (target === "bare") return [firstMs, addedMs, gapMs, cost, failed];
  return [
    firstMs,
    {
      ...of("first token"),
      value: ratioToBare(rounds, target, firstFrame),
      unit: "x",
      wantedMax: wanted.firstTokenRatioMax,
    },
    addedMs,
    gapMs,
    cost,
    { ...of("CPU of the main thread"), value: ratioToBare(rounds, target, mainUs), unit: "x" },
    failed,
  ];
}
