import { machine } from "../measure/machine.ts";
import { profilingOptions } from "../process/profiling-options.ts";
import { bodiesPart } from "./bodies-part.ts";
import { compile, compileRequests } from "./compile.ts";
import { startBenchWorld, targetOf, type BenchWorld } from "./bench-world.ts";
import { disturbedPart } from "./disturbed-part.ts";
import { judged, type Figure } from "./figure.ts";
import { latencyPart } from "./latency-part.ts";
import { memoryPart } from "./memory-part.ts";
import type { OverheadOptions, PartName } from "./options.ts";
import type { Part } from "./part.ts";
import type { OverheadReport } from "./report.ts";
import { streamPart } from "./stream-part.ts";
import { throughputPart } from "./throughput-part.ts";
import type { Target } from "./workload.ts";

const parts: Readonly<Record<PartName, Part>> = {
  latency: latencyPart,
  throughput: throughputPart,
  stream: streamPart,
  bodies: bodiesPart,
  disturbed: disturbedPart,
  memory: memoryPart,
};

/** Requests of each workload until code counts as compiled. */
const shortCompileRequests = 4_000;

/** Measures what is asked for. `onPart` hears what is about to be measured. */
export async function runOverhead(
  options: OverheadOptions,
  onPart: (part: PartName) => void,
): Promise<OverheadReport> {
  const facts = machine();
  await using world = await startBenchWorld(profilingOptions(options.profiles));
  const figures: Figure[] = [];
  const targets = await targetsOf(world, options);
  for (const part of options.parts) {
    onPart(part);
    figures.push(...(await parts[part]({ world, targets, options })));
  }
  return { machine: facts, rounds: options.rounds, short: options.short, figures: figures.map(judged) };
}

/** Whom the parts ask. Memory is measured on Signalboxes of its own, which nothing else has used. */
async function targetsOf(
  world: BenchWorld,
  { parts: wanted, stores, short }: OverheadOptions,
): Promise<readonly Target[]> {
  const targets: Target[] = [world.direct, world.bare];
  if (wanted.every((part) => part === "memory")) return targets;
  for (const store of stores) targets.push(targetOf(await world.signalbox(store)));
  await compile(world.loader, targets, short ? shortCompileRequests : compileRequests);
  return targets;
}
