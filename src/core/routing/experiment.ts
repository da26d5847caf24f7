import type { ExperimentUnit } from "./experiment-unit.ts";
import type { Condition } from "./expressions/condition.ts";

export type { ExperimentUnit };

/** An experiment that takes requests of a route now, as the gateway needs it. */
export interface RunningExperiment {
  readonly name: string;
  /** 1 or more: a change of what is compared opens the next, with a salt of its own. */
  readonly phase: number;
  /** What the hashes of this phase begin with. */
  readonly salt: string;
  /** The variant of the route whose requests are shared out; absent where all of the route's are. */
  readonly incumbent?: string;
  /** What is randomised and kept sticky. */
  readonly unit: ExperimentUnit;
  /** Which requests take part; absent is all. */
  readonly audience?: Condition;
  /** The share of units that take part, in (0, 1]. */
  readonly coverage: number;
  /** The part of a layer's units that it may have; absent is all of a layer of its own. */
  readonly layer?: ExperimentLayer;
  /** Share of all units that are kept out of every experiment, in [0, 1); the same units for all. */
  readonly holdout: number;
  /** Tags that are noted of its units; absent is none. */
  readonly segments?: readonly string[];
  /** At least two. The first is the control. Weights > 0. */
  readonly variants: readonly ExperimentVariant[];
}

/** Experiments of one layer share its units out among themselves: no unit is in two of them. */
export interface ExperimentLayer {
  readonly name: string;
  /** Where its part begins and ends, in [0, 1]; parts of one layer do not overlap. */
  readonly from: number;
  readonly to: number;
}

/** One of the variants that an experiment compares. */
export interface ExperimentVariant {
  readonly variant: string;
  /** Relative to the others' weights. */
  readonly weight: number;
}
