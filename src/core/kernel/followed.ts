import type { Timers } from "./timers.ts";

/**
 * Does something again and again, each time `periodMs` after the last time was over, until it is stopped.
 * @param look must not reject
 * @returns stops; resolves when a look under way is over
 */
export function followed(
  look: () => Promise<void>,
  { timers, periodMs }: { readonly timers: Timers; readonly periodMs: number },
): () => Promise<void> {
  let looking: Promise<void> = Promise.resolve();
  let stopped = false;
  const timer = timers.after(periodMs, () => {
    looking = look().finally(() => {
      if (!stopped) timer.restart();
    });
  });
  return () => {
    stopped = true;
    timer.cancel();
    return looking;
  };
}
