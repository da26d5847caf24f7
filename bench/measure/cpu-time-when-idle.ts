import { setTimeout as wait } from "node:timers/promises";
import { cpuBetween, cpuTime, type CpuTime } from "./cpu-clock.ts";

/** A process counts as idle below this share of one core. */
const idleShare = 0.04;
/** Time between two looks, ms: longer than a batch of the request log waits to fill. */
const lookMs = 150;
/** Most looks: work behind the requests that takes longer is itself a finding. */
const looksMax = 40;

/** Waits until a process has nothing left to do (a log to write, garbage to collect), and reads its CPU time then. */
export async function cpuTimeWhenIdle(pid: number): Promise<CpuTime> {
  let before = cpuTime(pid);
  for (let look = 0; look < looksMax; look++) {
    await wait(lookMs);
    const now = cpuTime(pid);
    if (cpuBetween(before, now).processUs < lookMs * 1_000 * idleShare) return now;
    before = now;
  }
  return before;
}
