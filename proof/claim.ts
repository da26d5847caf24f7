/** What a run of a claim is asked for. */
export interface ProofContext {
  /** The quick form that every change runs: the same claim on fewer cases. Only the full form is written to docs/proof.md. */
  readonly short: boolean;
}

/** What was measured. */
export interface Measurement {
  /** The figure as a person reads it: `0 of 640 lost`, `p95 3.1 ms`. */
  readonly figure: string;
  /** Whether the figure is what the claim wants. */
  readonly ok: boolean;
  /** What this run was judged by, where that is less than what the claim wants: a short form must not pass for a proof. */
  readonly judgedBy?: string;
  /** How it was measured, and what else is worth knowing; a line each. */
  readonly details?: readonly string[];
}

/** One thing that Signalbox says about itself, with the way to measure it. A file of proof/claims exports one as `claim`. */
export interface Claim {
  /** Short and stable, kebab-case; the name of its file. */
  readonly id: string;
  /** The claim in one sentence. */
  readonly title: string;
  /** The figure that is wanted, in words. */
  readonly wanted: string;
  run(context: ProofContext): Promise<Measurement>;
}

/** What the figures were measured on. Tells the kind of machine, never which one. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
}

/** A claim after its run. */
export interface Proven {
  readonly id: string;
  readonly title: string;
  readonly wanted: string;
  readonly figure: string;
  readonly ok: boolean;
  readonly details: readonly string[];
  /** How long the run took. */
  readonly tookMs: number;
}

/** A claim as it was measured last in its full form. */
export interface Kept extends Proven {
  /** `2026-11-26`. */
  readonly day: string;
  readonly machine: Machine;
}
