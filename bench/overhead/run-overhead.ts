import { resolve } from "node:path";
import { machine } from "../measure/machine.ts";
import { bodiesPart } from "./bodies-part.ts";
import { startBenchWorld, targetBeside, targetOf, type BenchWorld } from "./bench-world.ts";
import { disturbedPart } from "./disturbed-part.ts";
import { judged, type Figure } from "./figure.ts";
import { latencyPart } from "./latency-part.ts";
import { memoryPart } from "./memory-part.ts";
import type { OverheadOptions, PartName } from "./options.ts";
import type { Part } from "./part.ts";
import type { OverheadReport } from "./report.ts";
import { streamPart } from "./stream-part.ts";
import { throughputPart } from "./throughput-part.ts";
import { orderFor, workloads, type Target } from "./workload.ts";

const parts: Readonly<Record<PartName, Part>> = {
  latency: latencyPart,
  throughput: throughputPart,
  stream: streamPart,
  bodies: bodiesPart,
  disturbed: disturbedPart,
  memory: memoryPart,
};

/** Requests of each workload until code counts as compiled, and the longest time that those of a pass may take, ms. */
const compileRequests = 15_000;
const shortCompileRequests = 4_000;
const compileMsMax = 20_000;
/** They come in so many passes over all targets: V8 throws away code that was not used while others had their turn. */
const compilePasses = 5;

/** Measures what is asked for. `onPart` hears what is about to be measured. */
export async function runOverhead(
  options: OverheadOptions,
  onPart: (part: PartName) => void,
): Promise<OverheadReport> {
  const facts = machine();
  await using world = await startBenchWorld(profiling(options));
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
  { parts: wanted, stores, short, beside }: OverheadOptions,
): Promise<readonly Target[]> {
  const targets: Target[] = [world.direct, world.bare];
  if (wanted.every((part) => part === "memory")) return targets;
  for (const store of stores) {
    targets.push(targetOf(await world.signalbox(store)));
    if (beside !== undefined) targets.push(targetBeside(await world.signalbox(store, beside)));
  }
  for (let pass = 0; pass < compilePasses; pass++)
    for (const target of targets) await compile(world, target, short);
  return targets;
}

/**
 * Asks until V8 has compiled what is asked for often. A gateway runs for weeks; its first ten thousand requests cost up
 * to half as much again as those after them (2026-11-25), which is no figure of a gateway but of a start.
 */
async function compile({ loader }: BenchWorld, target: Target, short: boolean): Promise<void> {
  for (const workload of workloads) {
    const request = { workload, size: "2KB", stream: false } as const;
    const requestsMax = (short ? shortCompileRequests : compileRequests) / compilePasses;
    await loader.run(orderFor(target, request, { connections: 32, durationMs: compileMsMax, requestsMax }));
  }
}

function profiling({ profiles }: OverheadOptions): { readonly nodeOptions?: string } {
  return profiles === undefined ? {} : { nodeOptions: `--cpu-prof --cpu-prof-dir=${resolve(profiles)}` };
}
