import type { AnalysisPlan } from "#core/experiments/analysis-plan.ts";
import { builtInMetric } from "#core/experiments/built-in-metrics.ts";
import type { ValueCovariance } from "#core/experiments/utility-arms.ts";
import type { UnitMeasure } from "#core/experiments/unit-measures.ts";
import { linearMetric, type JointMetric } from "#core/statistics/joint-metric.ts";
import { weightedProducts, type JointMoments } from "#core/statistics/joint-moments.ts";
import type { VariantMoments } from "#features/traffic/index.ts";

/**
 * How built-in metrics go together, from what the log tells of their measures jointly; of others it is not known. Units of
 * different variants are strangers.
 */
export function momentCovariance(
  { metrics }: Pick<AnalysisPlan, "metrics">,
  moments: readonly VariantMoments[],
  measures: readonly UnitMeasure[],
): ValueCovariance {
  const forms = new Map(
    metrics.flatMap(({ name, column, aggregation }) => {
      const form = aggregation.kind === "quantile" ? undefined : formOf(column, measures);
      return form ? [[name, form]] : [];
    }),
  );
  const joints = new Map(moments.map((one) => [one.variant, jointOf(one)]));
  return (one, other) => {
    const [mine, its] = [forms.get(one.metric), forms.get(other.metric)];
    if (!mine || !its) return undefined;
    const joint = joints.get(one.variant);
    return joint && one.variant === other.variant ? covarianceIn(joint, mine, its) : 0;
  };
}

/** A built-in metric by the places of its measures. */
interface MeasuredForm {
  readonly metric: JointMetric;
  readonly scale: number;
}

function formOf(column: string, measures: readonly UnitMeasure[]): MeasuredForm | undefined {
  const builtIn = builtInMetric(column);
  if (!builtIn) return undefined;
  const { scale } = builtIn;
  const numerator = measures.indexOf(builtIn.numerator);
  if (builtIn.denominator === undefined) return { metric: { mean: numerator }, scale };
  return { metric: { numerator, denominator: measures.indexOf(builtIn.denominator) }, scale };
}

function jointOf({ units, means, deviations }: VariantMoments): JointMoments {
  return { count: units, means, products: deviations };
}

/** By the delta method: (gradient x sums of products x gradient) / (n - 1) / n. Undefined where a value has no error. */
function covarianceIn(joint: JointMoments, one: MeasuredForm, other: MeasuredForm): number | undefined {
  const [mine, its] = [linearMetric(one.metric, joint), linearMetric(other.metric, joint)];
  if (!mine.ok || !its.ok || joint.count < 2) return undefined;
  const terms = weightedProducts(joint, mine.value.weights, its.value.weights);
  const sum = terms.reduce((total, term) => total + term, 0);
  return (one.scale * other.scale * sum) / (joint.count - 1) / joint.count;
}
