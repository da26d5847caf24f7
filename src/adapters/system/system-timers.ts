import type { Timers } from "#core/kernel/timers.ts";

/** Timers of the event loop. A timer alone does not keep the process alive. */
export const systemTimers: Timers = {
  after(delayMs, callback) {
    const timeout = setTimeout(callback, delayMs).unref();
    return {
      restart: () => void timeout.refresh(),
      cancel: () => clearTimeout(timeout),
    };
  },
};
