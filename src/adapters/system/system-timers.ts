import type { Timer, Timers } from "#core/kernel/timers.ts";

/** Timers of the event loop. A timer alone does not keep the process alive. */
export const systemTimers: Timers = {
  after: (delayMs, callback) => timerOf(setTimeout(callback, delayMs).unref()),
};

/** Timers that keep the process alive until they are over: of a command whose work is to wait. */
export const holdingTimers: Timers = {
  after: (delayMs, callback) => timerOf(setTimeout(callback, delayMs)),
};

function timerOf(timeout: NodeJS.Timeout): Timer {
  return {
    restart: () => void timeout.refresh(),
    cancel: () => clearTimeout(timeout),
  };
}
