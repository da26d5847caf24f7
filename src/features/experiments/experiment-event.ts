import type { ExperimentState } from "./experiment-status.ts";

/** What happens to experiments. Goes to the log; holds no key. */
export type ExperimentEvent =
  | {
      readonly kind: "experiment-changed";
      readonly experiment: string;
      readonly from: ExperimentState;
      readonly to: ExperimentState;
      readonly phase: number;
      readonly by: string;
      readonly epoch: number;
      readonly winner?: string;
      readonly why?: string;
    }
  /** What other processes did could not be read, or what follows from it not be done; it is tried again. */
  | { readonly kind: "experiments-not-followed"; readonly error: Error };
