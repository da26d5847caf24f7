import { followed } from "#core/kernel/followed.ts";
import type { Timers } from "#core/kernel/timers.ts";
import type { DeploymentService } from "./service.ts";

/** How often a process looks at what others did and what has finished, ms. */
export const followPeriodMs = 1_000;

/**
 * Follows what other processes on the same store do with deployments, and ends drains, until it is stopped.
 * @returns stops; resolves when a look under way is over
 */
export function followStatuses(
  service: Pick<DeploymentService, "follow">,
  timers: Timers,
): () => Promise<void> {
  return followed(() => service.follow(), { timers, periodMs: followPeriodMs });
}
