/** Where time comes from. The real one is in adapters/system; tests bring their own. */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970-01-01 UTC; may jump. */
  nowMs(): number;
  /** Monotonic time in milliseconds since an arbitrary start; never goes back. For durations. */
  monotonicMs(): number;
}
