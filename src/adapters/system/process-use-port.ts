/** Watches what this process takes of the machine, from its beginning to `end`. */
export interface ProcessWatch {
  /** What was taken since the beginning; ends the watching. */
  end(): ProcessUse;
}

/** What a process took. */
export interface ProcessUse {
  /** CPU time by the time that passed: 1 is one core, fully. */
  readonly cpuShare: number;
  /** Most memory, resident, as seen once a second, bytes. */
  readonly memoryBytesMax: number;
  /** How late the event loop was, ms: half of the samples were not later, and 99 of 100. */
  readonly eventLoopDelayMsP50: number;
  readonly eventLoopDelayMsP99: number;
}
