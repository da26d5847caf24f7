import { median } from "../measure/quantile.ts";
import { machine, type BenchMachine } from "../measure/machine.ts";
import { startBenchWorld, targetOf, type BenchWorld } from "../overhead/bench-world.ts";
import { compile, compileRequests } from "../overhead/compile.ts";
import { interleavedRounds } from "../overhead/rounds.ts";
import { added, latency, mainUs, processUs, ratio } from "../overhead/summary.ts";
import { profilingOptions } from "../process/profiling-options.ts";
import { workloads, type Target, type Workload } from "../overhead/workload.ts";

/** What is measured. */
export interface BesideOptions {
  /** Folder of the other checkout, built there. */
  readonly checkout: string;
  /** How often both are started anew: what a process costs differs from start to start by more than from round to round. */
  readonly starts: number;
  /** Folder for CPU profiles of both. */
  readonly profiles: string | undefined;
}

/** What a request costs here, divided by what it costs there. */
export interface BesideRatios {
  /** CPU time of the main thread, 16 at once. */
  readonly main: number;
  /** CPU time of the whole process, 16 at once. */
  readonly process: number;
  /** What is added to the upstream's own median time, one at a time. */
  readonly added: number;
}

/** All that was measured. */
export interface BesideReport {
  readonly machine: BenchMachine;
  /** Of each start, by workload. */
  readonly starts: readonly Readonly<Record<Workload, BesideRatios>>[];
  /** The median over the starts of the workloads' geometric mean. */
  readonly typical: BesideRatios;
  readonly wantedMax: number;
  readonly verdict: "holds" | "fails";
}

/** Slower than this by no ratio. */
const wantedMax = 1.1;
/** Requests of a round, by how many come at once: the same number of both, however fast they are. */
const requestsMax = { many: 2_000, single: 400 } as const;
const rounds = 9;
const durationMs = 20_000;
const here = "here";
const there = "there";

/** Measures this checkout and another in turn, with several starts of each. `onStart` hears which one begins. */
export async function runBeside(
  options: BesideOptions,
  onStart: (start: number) => void,
): Promise<BesideReport> {
  const facts = machine();
  const starts: Readonly<Record<Workload, BesideRatios>>[] = [];
  for (let start = 1; start <= options.starts; start++) {
    onStart(start);
    starts.push(await oneStart(options, start % 2 === 0));
  }
  const typical = ratiosBy((of) =>
    median(starts.map((byWorkload) => geometricMean(Object.values(byWorkload).map(of)))),
  );
  const verdict = Object.values(typical).every((value) => value <= wantedMax) ? "holds" : "fails";
  return { machine: facts, starts, typical, wantedMax, verdict };
}

async function oneStart(
  { checkout, profiles }: BesideOptions,
  isOtherFirst: boolean,
): Promise<Readonly<Record<Workload, BesideRatios>>> {
  await using world = await startBenchWorld(profilingOptions(profiles));
  const both: readonly Target[] = [
    { ...targetOf(await world.signalbox("none")), name: here },
    { ...targetOf(await world.signalbox("none", checkout)), name: there },
  ];
  const targets = [world.direct, ...(isOtherFirst ? both.toReversed() : both)];
  await compile(world.loader, targets, compileRequests);
  const measured: Partial<Record<Workload, BesideRatios>> = {};
  for (const workload of workloads) measured[workload] = await ratiosOf(world, targets, workload);
  // Each workload has been measured by now.
  return measured as Record<Workload, BesideRatios>;
}

async function ratiosOf(
  world: BenchWorld,
  targets: readonly Target[],
  workload: Workload,
): Promise<BesideRatios> {
  const request = { workload, size: "2KB", stream: false } as const;
  const measure = (connections: number, most: number) =>
    interleavedRounds({
      loader: world.loader,
      targets,
      request,
      load: { connections, durationMs, requestsMax: most },
      rounds,
      warmUp: { connections, durationMs: 300 },
    });
  const many = await measure(16, requestsMax.many);
  const single = await measure(1, requestsMax.single);
  return {
    main: ratio(many, here, there, mainUs),
    process: ratio(many, here, there, processUs),
    added: added(single, here, latency(0.5)) / added(single, there, latency(0.5)),
  };
}

/** The three ratios, each made of what names it. */
function ratiosBy(make: (of: (ratios: BesideRatios) => number) => number): BesideRatios {
  return {
    main: make(({ main }) => main),
    process: make(({ process: whole }) => whole),
    added: make(({ added: time }) => time),
  };
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
