import type { Clock } from "#core/kernel/clock.ts";
import type { Random } from "#core/kernel/random.ts";
import { requestId } from "#core/kernel/request-id.ts";
import type { Arrival } from "#features/gateway/asked.ts";

/** As if it came in now, from nobody: on no key's account, and bound to no client's patience. */
export function ownArrival(
  came: Arrival,
  { clock, random }: { readonly clock: Clock; readonly random: Pick<Random, "bytes"> },
): Arrival {
  const { principal: _principal, deadlineMs: _deadlineMs, ...about } = came;
  const startedAtMs = clock.nowMs();
  return {
    ...about,
    requestId: requestId(startedAtMs, random.bytes(10)),
    startedAtMs,
    startedMs: clock.monotonicMs(),
    queueMs: 0,
    uncached: true,
  };
}
