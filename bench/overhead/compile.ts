import type { Loader } from "../load/loader.ts";
import { orderFor, workloads, type Target } from "./workload.ts";

/** Requests of each workload until code counts as compiled, and the longest time that those of a pass may take, ms. */
export const compileRequests = 15_000;
const compileMsMax = 20_000;
/** They come in so many passes over all targets: V8 throws away code that was not used while others had their turn. */
const compilePasses = 5;

/**
 * Asks until V8 has compiled what is asked for often. A gateway runs for weeks; its first ten thousand requests cost up
 * to half as much again as those after them (2026-11-25), which is no figure of a gateway but of a start.
 * @param requests of each workload, for each target
 */
export async function compile(loader: Loader, targets: readonly Target[], requests: number): Promise<void> {
  const load = { connections: 32, durationMs: compileMsMax, requestsMax: requests / compilePasses };
  for (let pass = 0; pass < compilePasses; pass++)
    for (const target of targets)
      for (const workload of workloads)
        await loader.run(orderFor(target, { workload, size: "2KB", stream: false }, load));
}
