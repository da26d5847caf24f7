import { followed } from "#core/kernel/followed.ts";
import type { Timers } from "#core/kernel/timers.ts";
import type { ExperimentService } from "./service.ts";

/** How often a process looks at what others did and what is due, ms. */
export const followPeriodMs = 1_000;

/**
 * Follows what other processes on the same store do with experiments, and does what their dates and another configuration
 * bring with them, until it is stopped.
 * @returns stops; resolves when a look under way is over
 */
export function followExperiments(
  service: Pick<ExperimentService, "follow">,
  timers: Timers,
): () => Promise<void> {
  return followed(() => service.follow(), { timers, periodMs: followPeriodMs });
}
