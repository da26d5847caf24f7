import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";

/** Nice value of threads that work behind the requests: at full load such a thread gets a tenth of what a usual one does. */
export const backgroundNice = 10;

/**
 * Lets the thread that calls go behind the others of the machine: those that serve a request do not wait for one that
 * writes about it. The system's calls for a process take a thread of it on Linux, where threads are processes that
 * share their memory; elsewhere nothing changes.
 * @returns whether it goes behind them now
 */
export function yieldToOthers(): boolean {
  const thread = threadId();
  if (thread === undefined) return false;
  setPriority(thread, backgroundNice);
  return true;
}

function threadId(): number | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    // "<process>/task/<thread>" of whoever looks, which a synchronous call does in its own thread.
    return Number(/\d+$/.exec(readlinkSync("/proc/thread-self"))?.[0]);
  } catch {
    // Without /proc (some sandboxes) nobody can tell: the thread keeps its priority, told to the caller.
    return undefined;
  }
}
