/** Something that Signalbox claims and that a script can measure. */
export interface Claim {
  /** Short and stable: `npm run proof -- --only <id>`. */
  readonly id: string;
  /** The claim in one sentence. */
  readonly title: string;
  /** What the figure must be. */
  readonly wanted: string;
  /** Measures it. Throws only when the measurement itself could not be made. */
  run(context: ClaimContext): Promise<Measurement>;
}

/** How to measure. */
export interface ClaimContext {
  /** A smaller run that still can fail, for CI. */
  readonly short: boolean;
}

/** What was measured. */
export interface Measurement {
  readonly ok: boolean;
  /** What was seen, with units. */
  readonly figure: string;
  /** Lines that help to understand a failure. */
  readonly details?: readonly string[];
}
