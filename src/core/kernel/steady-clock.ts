import type { Clock } from "./clock.ts";

/**
 * ms since 1970 as of now, from then on by the clock that never steps back: somebody who sets the machine's clock makes no
 * cooldown longer or shorter. What a clock drifts by while a process lives does not matter to those who ask this.
 */
export function steadyNowMs(clock: Clock): () => number {
  const offsetMs = clock.nowMs() - clock.monotonicMs();
  return () => offsetMs + clock.monotonicMs();
}
