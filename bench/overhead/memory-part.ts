import { setTimeout as wait } from "node:timers/promises";
import { cpuTimeWhenIdle } from "../measure/cpu-time-when-idle.ts";
import { memoryOf } from "../measure/memory.ts";
import { median } from "../measure/quantile.ts";
import type { Store } from "../process/start-signalbox.ts";
import { targetOf, type BenchWorld } from "./bench-world.ts";
import type { Figure } from "./figure.ts";
import type { Part } from "./part.ts";
import { wanted } from "./wanted.ts";
import { orderFor, type Target } from "./workload.ts";

/** Requests between two readings. */
const stride = 10_000;
/** Readings: from request 10,000 to 250,000. */
const readings = 25;
/** The first reading that counts: by request 50,000 code is compiled and the heap has found its size. */
const firstReading = 5;
/** Readings at each end whose medians are compared: the collector's waves are no drift. */
const endReadings = 5;
/** Quiet time before memory is read at rest and afterwards, ms. */
const quietMs = 5_000;

/** Memory of a Signalbox of its own for each store: at rest, under 250,000 requests, at its peak, and afterwards. */
export const memoryPart: Part = async ({ world, options }) => {
  const figures: Figure[] = [];
  for (const store of options.stores) figures.push(...(await memoryOfStore(world, store)));
  return figures;
};

async function memoryOfStore(world: BenchWorld, store: Store): Promise<readonly Figure[]> {
  await using signalbox = await world.signalbox(store);
  const target = targetOf(signalbox);
  const of = (what: string) => ({ part: "memory", target: store, name: what });
  await quiet(target.pid);
  const restMiB = memoryOf(target.pid).residentMiB;
  const { residentMiB, failed } = await underLoad(world, target);
  const peakMiB = memoryOf(target.pid).peakMiB;
  await quiet(target.pid);
  return [
    { ...of("at rest"), value: restMiB, unit: "MiB", wantedMax: wanted.restMiBMax[store] },
    { ...of("at request 250,000"), value: residentMiB.at(-1) ?? Number.NaN, unit: "MiB" },
    { ...of("at its peak"), value: peakMiB, unit: "MiB" },
    { ...of("afterwards"), value: memoryOf(target.pid).residentMiB, unit: "MiB" },
    {
      ...of("drift from request 50,000 to 250,000"),
      value: driftPercent(residentMiB.slice(firstReading - 1), endReadings),
      unit: "%",
      wantedMax: wanted.driftPercentMax,
    },
    { ...of("failed"), value: failed, unit: "errors", wantedMax: 0 },
  ];
}

async function underLoad(
  { loader }: BenchWorld,
  target: Target & { readonly pid: number },
): Promise<{ readonly residentMiB: readonly number[]; readonly failed: number }> {
  const residentMiB: number[] = [];
  let failed = 0;
  for (let reading = 0; reading < readings; reading++) {
    const { errors } = await loader.run(
      orderFor(
        target,
        { workload: "pass-openai", size: "2KB", stream: false },
        { connections: 32, durationMs: 120_000, requestsMax: stride },
      ),
    );
    failed += errors;
    residentMiB.push(memoryOf(target.pid).residentMiB);
  }
  return { residentMiB, failed };
}

async function quiet(pid: number): Promise<void> {
  await wait(quietMs);
  await cpuTimeWhenIdle(pid);
}

/** How far the median of the last values is from that of the first, in percent of the first. */
export function driftPercent(values: readonly number[], ends: number): number {
  const first = median(values.slice(0, ends));
  const last = median(values.slice(-ends));
  return ((last - first) / first) * 100;
}
