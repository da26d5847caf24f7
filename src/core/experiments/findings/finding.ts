/** Something about the data that whoever reads the results has to know. */
export interface Finding {
  readonly code: FindingCode;
  /**
   * `invalid`: no result can be relied on; `wait`: not yet; `warning`: results may be off; `note`: how something was treated.
   */
  readonly severity: "invalid" | "wait" | "warning" | "note";
  /** A sentence with what was found and what it means. */
  readonly text: string;
  /** The metric, variant or segment that it is about; absent where it is about all. */
  readonly about?: string;
}

/** What findings there are. */
export type FindingCode =
  | "sample-ratio"
  | "segment-sample-ratio"
  | "worse-in-segment"
  | "segments-differ"
  | "many-segments"
  | "effect-changes"
  | "mixed-units"
  | "clusters-in-several-variants"
  | "repeated-units"
  | "too-few-units"
  | "too-short"
  | "one-variant"
  | "before-horizon"
  | "unstable-units"
  | "not-compared"
  | "same-variant"
  | "open-windows"
  | "duels"
  | "judge-failures"
  | "unanswered-duels"
  | "position-bias"
  | "strengths"
  | "stratified"
  | "judge-corrected"
  | "not-adjusted"
  | "unknown-horizon"
  | "unplanned-look"
  | "unchecked-answers"
  | "missing-values"
  | "uneven-missing-values"
  | "missing-covariates"
  | "covariate-imbalance"
  | "nothing-varies"
  | "version-drift"
  | "dominant-cluster"
  | "dominant-unit"
  | "fallback-storm"
  | "excluded-window"
  | "kept-answers"
  | "adaptive-assignment"
  | "dropped-rows";
