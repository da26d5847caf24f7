import type { Result } from "#core/kernel/result.ts";
import type { Refusal } from "#core/statistics/refusal.ts";
import type { AnalysisPlan, UtilityPlan } from "#core/experiments/plan/analysis-plan.ts";
import {
  decidingReading,
  fixedReading,
  type DesignState,
  type Reading,
} from "#core/experiments/comparisons/comparison.ts";
import type { Judgement } from "#core/experiments/comparisons/judgement.ts";
import type { MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import { pairOf } from "#core/experiments/comparisons/pair.ts";
import { utilityArms, type ValueCovariance } from "./utility-arms.ts";

/** What the variants' changes of metrics are worth together. Shown, and never what decides. */
export interface UtilityAnalysis {
  readonly plan: UtilityPlan;
  /**
   * Whether it is known how all of its metrics go together; else the errors of those that are not known to be independent are added
   * up, which is too wide rather than too narrow.
   */
  readonly isJoint: boolean;
  readonly comparisons: readonly UtilityComparison[];
}

/** What one variant's changes are worth. */
export interface UtilityComparison {
  readonly variant: string;
  /** In the unit of the utility, as the design allows it to be judged now. */
  readonly deciding: Result<Reading, Refusal>;
  /** As one look at the end would tell it. */
  readonly fixed: Result<Reading, Refusal>;
  /** At the plan's level, without correction. */
  readonly judgement: UtilityJudgement;
  /** What the change of each metric is worth; they sum to the whole. */
  readonly parts: readonly { readonly metric: string; readonly worth: number }[];
}

/** A utility is better, worse, not told yet, or cannot be told. */
type UtilityJudgement = Extract<Judgement, "better" | "worse" | "open" | "unknown">;

/** What is known of metrics, and of how they go together. */
interface KnownMetrics {
  readonly metrics: ReadonlyMap<string, MetricArms>;
  /** Absent where nothing is known of it. */
  readonly covariance?: ValueCovariance;
}

/**
 * The utility of each variant over the control's: the sum of weights x differences. What was known before is not taken off it.
 */
export function utilityAnalysis(
  { alpha, control, shares }: Pick<AnalysisPlan, "alpha" | "control" | "shares">,
  plan: UtilityPlan,
  { state, known }: { readonly state: DesignState; readonly known: KnownMetrics },
): UtilityAnalysis {
  const variants = [...shares.keys()];
  const { isJoint, ...arms } = utilityArms(plan, { ...known, variants });
  const question = { scale: "absolute", alpha } as const;
  return {
    plan,
    isJoint,
    comparisons: variants.flatMap((variant): readonly UtilityComparison[] => {
      if (variant === control) return [];
      const pair = pairOf(arms, control, variant);
      const deciding = decidingReading(state, pair, question);
      const fixed = fixedReading(pair, question);
      const judgement = judged(deciding, alpha);
      return [{ variant, deciding, fixed, judgement, parts: partsOf(plan, known, { control, variant }) }];
    }),
  };
}

function judged(reading: Result<Reading, Refusal>, alpha: number): UtilityJudgement {
  if (!reading.ok) return "unknown";
  if (reading.value.pValue > alpha) return "open";
  return reading.value.value > 0 ? "better" : "worse";
}

function partsOf(
  { weights }: UtilityPlan,
  { metrics }: KnownMetrics,
  { control, variant }: { readonly control: string; readonly variant: string },
): UtilityComparison["parts"] {
  return [...weights].flatMap(([metric, weight]) => {
    const arms = metrics.get(metric)?.arms;
    const [mine, its] = [arms?.get(variant), arms?.get(control)];
    if (!mine || !its || mine.refusal || its.refusal) return [];
    return [{ metric, worth: weight * (mine.sample.mean - its.sample.mean) }];
  });
}
