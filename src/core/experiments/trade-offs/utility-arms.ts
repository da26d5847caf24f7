import type { Refusal } from "#core/statistics/refusal.ts";
import type { UtilityPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { MetricArm, MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import { squaredError } from "#core/experiments/comparisons/pair.ts";

/** The value of a metric of one variant. */
export interface MetricValue {
  readonly metric: string;
  readonly variant: string;
}

/**
 * How far the errors of two values go together: their covariance, 0 where they are independent, undefined where it is not known.
 */
export type ValueCovariance = (one: MetricValue, other: MetricValue) => number | undefined;

/** What a utility is made of. */
interface UtilityParts {
  readonly variants: readonly string[];
  readonly metrics: ReadonlyMap<string, MetricArms>;
  readonly covariance?: ValueCovariance;
}

/** The utility of each variant, as a metric that is compared like any other. */
interface UtilityArms extends MetricArms {
  readonly isJoint: boolean;
}

/** A weighted metric. */
type Weighted = readonly [metric: string, weight: number];

/**
 * The utility of each variant: value = sum w m. Of metrics of which it is known how they go together, the squared error is
 * sum w^2 SE^2 + 2 sum w w' cov. Where it is not known of some, they are in several blocks, whose errors are added up: the error
 * of a sum is at most the sum of the errors, whatever goes together (Minkowski's inequality).
 */
export function utilityArms({ weights }: UtilityPlan, parts: UtilityParts): UtilityArms {
  const blocks = blocksOf([...weights], parts);
  const arms = parts.variants.map((variant): [string, MetricArm] => [
    variant,
    utilityArm(variant, blocks, parts),
  ]);
  const [only] = blocks;
  const isJoint = blocks.length === 1;
  // Beyond one block, nothing is taken off for what variants share.
  const shared = isJoint && only ? sharedBy(only, parts) : undefined;
  return { arms: new Map(arms), isJoint, ...(shared && { covariance: shared }) };
}

/** Metrics of which, in each variant, it is known how each two go together, as far as they come one after the other. */
function blocksOf(
  weights: readonly Weighted[],
  { variants, covariance }: UtilityParts,
): readonly (readonly Weighted[])[] {
  const blocks: Weighted[][] = [];
  for (const one of weights) {
    const joint = blocks.find((block) =>
      block.every(([metric]) =>
        variants.every(
          (variant) => covariance?.({ metric, variant }, { metric: one[0], variant }) !== undefined,
        ),
      ),
    );
    if (joint) joint.push(one);
    else blocks.push([one]);
  }
  return blocks;
}

function utilityArm(
  variant: string,
  blocks: readonly (readonly Weighted[])[],
  parts: UtilityParts,
): MetricArm {
  const about = { variant, missing: 0 };
  let [value, error, count] = [0, 0, Infinity];
  for (const [metric, weight] of blocks.flat()) {
    const arm = parts.metrics.get(metric)?.arms.get(variant);
    const refusal = refusalOf(metric, arm);
    if (!arm || refusal) return { ...about, sample: nothing, ...(refusal && { refusal }) };
    value += weight * arm.sample.mean;
    count = Math.min(count, arm.sample.count);
  }
  for (const block of blocks) error += Math.sqrt(blockVariance(variant, block, parts));
  return { ...about, sample: { count, mean: value, variance: error * error * count } };
}

const nothing = { count: 0, mean: 0, variance: 0 };

/** Why a metric is worth nothing that can be told. */
function refusalOf(metric: string, arm: MetricArm | undefined): Refusal | undefined {
  if (!arm || arm.sample.count === 0) {
    const reason = arm?.refusal?.reason ?? "it has no value";
    return { code: arm?.refusal?.code ?? "too-few", reason: `${metric}: ${reason}` };
  }
  return arm.refusal && { ...arm.refusal, reason: `${metric}: ${arm.refusal.reason}` };
}

function blockVariance(
  variant: string,
  block: readonly Weighted[],
  { metrics, covariance }: UtilityParts,
): number {
  let sum = 0;
  for (const [place, [metric, weight]] of block.entries()) {
    const arm = metrics.get(metric)?.arms.get(variant);
    if (arm) sum += weight * weight * squaredError(arm);
    for (const [other, otherWeight] of block.slice(place + 1)) {
      const together = covariance?.({ metric, variant }, { metric: other, variant }) ?? 0;
      sum += 2 * weight * otherWeight * together;
    }
  }
  return Math.max(0, sum);
}

/** What two variants share in all of the metrics together. */
function sharedBy(
  block: readonly Weighted[],
  { covariance }: UtilityParts,
): NonNullable<MetricArms["covariance"]> {
  return (one, other) =>
    block.reduce(
      (sum, [mine, weight]) =>
        sum +
        block.reduce((part, [its, itsWeight]) => {
          const together = covariance?.({ metric: mine, variant: one }, { metric: its, variant: other });
          return part + weight * itsWeight * (together ?? 0);
        }, 0),
      0,
    );
}
