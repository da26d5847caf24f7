import { readFileSync, readdirSync } from "node:fs";

/** CPU time that a process has used since it began, microseconds. */
export interface CpuTime {
  /** Its main thread alone: where JavaScript runs, and what bounds the requests of one process. */
  readonly mainUs: number;
  /** All of its threads: workers, the garbage collector's, the compiler's, the thread pool. */
  readonly processUs: number;
}

/**
 * Reads a process's CPU time to the nanosecond, from /proc/<pid>/task/<tid>/schedstat (its first field; Linux with
 * CONFIG_SCHED_INFO). Time of threads that have ended is not in it: Node's own live as long as the process.
 * @throws Error where there is no such file: another system, or the process has ended
 */
export function cpuTime(pid: number): CpuTime {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => ({
    isMain: thread === String(pid),
    us: nanoseconds(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "latin1")) / 1_000,
  }));
  return {
    mainUs: threads.find(({ isMain }) => isMain)?.us ?? Number.NaN,
    processUs: threads.reduce((sum, { us }) => sum + us, 0),
  };
}

/** What was used between two readings. */
export function cpuBetween(before: CpuTime, after: CpuTime): CpuTime {
  return { mainUs: after.mainUs - before.mainUs, processUs: after.processUs - before.processUs };
}

/** The first of the three numbers of a schedstat line: time on the CPU, waiting time, and turns. */
export function nanoseconds(schedstat: string): number {
  const first = /^\d+/.exec(schedstat)?.[0];
  if (first === undefined)
    throw new Error(`Cannot read CPU time: three numbers are wanted, got "${schedstat}"`);
  return Number(first);
}
