import type { PairLabels, RatingLabels } from "#core/evaluations/calibration/human-label.ts";
import type { ComparingConfig, RubricConfig } from "#core/scoring/judge/judge-config.ts";
import type { RunPlan } from "#features/evaluations/runs/prepare-run.ts";
import type { ItemPrompt } from "#features/evaluations/targets/item-prompt.ts";

/** A calibration of judges that was read and checked, before anybody is asked. */
export interface Calibration extends RunPlan {
  /** Never empty. */
  readonly judges: readonly CalibratedJudge[];
}

/** One judge, and what it is shown. */
export type CalibratedJudge = {
  readonly name: string;
  /** What the answers are to. */
  readonly prompt: ItemPrompt;
  /** The field with what a human said. */
  readonly labelField: string;
} & (
  | {
      readonly kind: "pairs";
      readonly config: ComparingConfig;
      readonly answers: readonly [first: string, second: string];
      readonly labels: PairLabels;
    }
  | {
      readonly kind: "ratings";
      readonly config: RubricConfig;
      readonly answer: string;
      readonly labels: RatingLabels;
    }
);
