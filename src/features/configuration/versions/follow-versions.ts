import { followed } from "#core/kernel/followed.ts";
import type { Timers } from "#core/kernel/timers.ts";
import type { ConfigurationService } from "./service.ts";

/** How often a process asks whether another one has applied something, ms. */
export const followPeriodMs = 2_000;

/**
 * Follows what other processes on the same store apply, until it is stopped.
 * @returns stops; resolves when a question under way is answered
 */
export function followVersions(
  service: Pick<ConfigurationService, "follow">,
  timers: Timers,
): () => Promise<void> {
  return followed(() => service.follow(), { timers, periodMs: followPeriodMs });
}
