import { setTimeout as delay } from "node:timers/promises";

/** The port through which the emulator waits. Tests may give one that does not really wait. */
export interface Timers {
  /** Resolves after ms milliseconds, or at once when the signal aborts (it never rejects for that). */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const timerMsMax = 2_147_483_647; // Node fires at once for more

/** Waits with the operating system's timers. */
export const realTimers: Timers = {
  async sleep(ms, signal) {
    if (signal.aborted) return;
    try {
      await delay(Math.min(ms, timerMsMax), undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};
