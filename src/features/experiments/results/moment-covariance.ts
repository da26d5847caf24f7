import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { ValueCovariance } from "#core/experiments/trade-offs/utility-arms.ts";
import { linearMetric } from "#core/statistics/joint-metric.ts";
import { weightedProducts, type JointMoments } from "#core/statistics/joint-moments.ts";
import type { VariantMoments } from "#features/traffic/index.ts";
import type { EventMoments } from "./event-moments.ts";
import type { PlacedForm } from "./metric-moments.ts";
import { formIn } from "./placed-form.ts";

/**
 * How metrics go together, from what is known of them jointly: what units did, and what was said of them. Of quantiles, and of
 * metrics of different units (those for which some time is over), it is not known. Units of different variants are strangers.
 * @param known what was read at once, in each list
 */
export function momentCovariance(
  { metrics }: Pick<AnalysisPlan, "metrics">,
  known: readonly EventMoments[],
): ValueCovariance {
  const sets = known.map((set) => ({
    forms: new Map(
      metrics.flatMap((metric) => {
        const form = formIn(set, metric);
        return form ? [[metric.name, form]] : [];
      }),
    ),
    joints: new Map(set.moments.map((one) => [one.variant, jointOf(one)])),
  }));
  return (one, other) => {
    for (const { forms, joints } of sets) {
      const [mine, its] = [forms.get(one.metric), forms.get(other.metric)];
      if (!mine || !its) continue;
      const joint = joints.get(one.variant);
      return joint && one.variant === other.variant ? covarianceIn(joint, mine, its) : 0;
    }
    return undefined;
  };
}

function jointOf({ units, means, deviations }: VariantMoments): JointMoments {
  return { count: units, means, products: deviations };
}

/** By the delta method: (gradient x sums of products x gradient) / (n - 1) / n. Undefined where a value has no error. */
function covarianceIn(joint: JointMoments, one: PlacedForm, other: PlacedForm): number | undefined {
  const [mine, its] = [linearMetric(one.metric, joint), linearMetric(other.metric, joint)];
  if (!mine.ok || !its.ok || joint.count < 2) return undefined;
  const terms = weightedProducts(joint, mine.value.weights, its.value.weights);
  const sum = terms.reduce((total, term) => total + term, 0);
  return (one.scale * other.scale * sum) / (joint.count - 1) / joint.count;
}
