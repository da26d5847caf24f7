/** Waiting, as a port: the real one is in adapters/system, tests advance a fake one instead of sleeping. */
export interface Timers {
  /** Calls `callback` once, `delayMs` after now or after the last `restart()`. */
  after(delayMs: number, callback: () => void): Timer;
}

/** A wait under way. */
export interface Timer {
  /** Begins the wait again, also when it is over. */
  restart(): void;
  /** Ends it without a call. */
  cancel(): void;
}
