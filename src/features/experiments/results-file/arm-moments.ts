import type { Adjustment, MetricArm } from "#core/experiments/comparisons/metric-arm.ts";
import { ok, type Result } from "#core/kernel/result.ts";
import { crossMomentsOf, mergedCrossMoments, type CrossMoments } from "#core/statistics/cross-moments.ts";
import { jointMomentsOf, mergedJointMoments, type JointMoments } from "#core/statistics/joint-moments.ts";
import { ratioSample } from "#core/statistics/ratio-metric.ts";
import { refused, type Refusal } from "#core/statistics/refusal.ts";
import { sampleOf } from "#core/statistics/sample.ts";
import type { VariantSums } from "./cluster-sums.ts";

/** What clusters of one variant tell of a metric; what is told of two parts of them merges. */
export interface ArmMoments {
  /** Denominators (x) and numerators (y). */
  readonly sums: Result<CrossMoments, Refusal>;
  /** With what was before; where something was. */
  readonly joint?: Result<JointMoments, Refusal>;
  /** How many values are 1, where all are 0 or 1. */
  readonly events?: number;
  readonly missing: number;
  readonly unknownBefore: number;
}

/** What holds of all clusters of a metric, and how a part of them is therefore read. */
export interface ArmKind {
  /** Whether each cluster is one value that counts once. */
  readonly isPlain: boolean;
  readonly hasBefore: boolean;
  readonly known: KnownBefore | undefined;
}

/** What stands in for what is not known from before: the value of all clusters, which favours no variant. */
interface KnownBefore {
  readonly value: number;
  readonly denominator: number;
}

/** The variables of joint moments: what was measured, and what was before, each as sums that are divided. */
export const adjustment: Adjustment = {
  outcome: { numerator: 0, denominator: 1 },
  covariates: [{ numerator: 2, denominator: 3 }],
};

/** Below this share of clusters with something known from before, nothing is taken off. */
const knownShareMin = 0.5;

/** How the clusters of a metric are to be read, by all of them. */
export function armKind(
  all: readonly VariantSums[],
  { isWeighted, hasBefore }: { readonly isWeighted: boolean; readonly hasBefore: boolean },
): ArmKind {
  const isPlain =
    !isWeighted && all.every(({ denominators }) => denominators.every((denominator) => denominator === 1));
  return { isPlain, hasBefore, known: hasBefore ? knownBefore(all) : undefined };
}

function knownBefore(all: readonly VariantSums[]): KnownBefore | undefined {
  let [clusters, known, numerator, denominator] = [0, 0, 0, 0];
  for (const { before } of all) {
    clusters += before.numerators.length;
    for (const [place, value] of before.numerators.entries()) {
      if (Number.isNaN(value)) continue;
      known++;
      numerator += value;
      denominator += before.denominators[place] ?? 0;
    }
  }
  if (known === 0 || known < knownShareMin * clusters || denominator === 0) return undefined;
  return { value: numerator / denominator, denominator: denominator / known };
}

/** What a part of a variant's clusters tells. */
export function armMomentsOf(
  { numerators, denominators, before, missing }: VariantSums,
  { isPlain, known }: ArmKind,
): ArmMoments {
  const events = isPlain ? eventsOf(numerators) : undefined;
  return {
    sums: told(crossMomentsOf(denominators, numerators), numerators),
    ...(known && {
      joint: jointMomentsOf([
        numerators,
        denominators,
        filled(before.numerators, known.value * known.denominator),
        filled(before.denominators, known.denominator),
      ]),
    }),
    ...(events !== undefined && { events }),
    missing,
    unknownBefore: before.numerators.reduce((unknown, value) => unknown + (Number.isNaN(value) ? 1 : 0), 0),
  };
}

/** What was before of each cluster; where it is not known, that of all. */
function filled(values: readonly number[], ofAll: number): readonly number[] {
  return values.map((value) => (Number.isNaN(value) ? ofAll : value));
}

/** Values that differ, by so little that their squares are nothing, do not count as all the same. */
function told(
  moments: Result<CrossMoments, Refusal>,
  numerators: readonly number[],
): Result<CrossMoments, Refusal> {
  const [first] = numerators;
  if (!moments.ok || moments.value.y.squaredDeviations > 0) return moments;
  if (numerators.every((value) => value === first)) return moments;
  return refused("not-finite", "The values differ by less than the root of the smallest number");
}

/** What both parts of a variant's clusters tell together. */
export function mergedArmMoments(a: ArmMoments, b: ArmMoments): ArmMoments {
  return {
    sums: merged(a.sums, b.sums, mergedCrossMoments),
    ...(a.joint && b.joint && { joint: merged(a.joint, b.joint, mergedJointMoments) }),
    ...(a.events !== undefined && b.events !== undefined && { events: a.events + b.events }),
    missing: a.missing + b.missing,
    unknownBefore: a.unknownBefore + b.unknownBefore,
  };
}

function merged<T>(
  a: Result<T, Refusal>,
  b: Result<T, Refusal>,
  merge: (a: T, b: T) => T,
): Result<T, Refusal> {
  if (!a.ok) return a;
  return b.ok ? ok(merge(a.value, b.value)) : b;
}

/** How many values are 1, where all are 0 or 1. */
function eventsOf(values: readonly number[]): number | undefined {
  if (values.some((value) => value !== 0 && value !== 1)) return undefined;
  return values.reduce((total, value) => total + value, 0);
}

/** An arm of a metric. */
export function armOf(variant: string, moments: ArmMoments, { isPlain, hasBefore }: ArmKind): MetricArm {
  const { sums, joint, events, missing, unknownBefore } = moments;
  return {
    variant,
    ...sampled(sums, isPlain),
    missing,
    ...(events !== undefined && { successes: events }),
    ...(joint?.ok && { joint: joint.value }),
    ...(hasBefore && { unknownBefore }),
  };
}

/** Fewer than two clusters have a value and no error: no test takes it, and each says why. */
function sampled(
  sums: Result<CrossMoments, Refusal>,
  isPlain: boolean,
): Pick<MetricArm, "sample" | "refusal"> {
  if (!sums.ok) return { sample: { count: 0, mean: 0, variance: 0 }, refusal: sums.error };
  const { x, y } = sums.value;
  const sample = isPlain ? sampleOf(y) : ratioSample(sums.value);
  if (sample.ok) return { sample: sample.value };
  const mean = x.mean === 0 ? 0 : y.mean / x.mean;
  const lonely = { count: x.count, mean: Number.isFinite(mean) ? mean : 0, variance: 0 };
  return { sample: lonely, ...(x.count > 1 && { refusal: sample.error }) };
}
