import { ok, type Result } from "#core/kernel/result.ts";
import type { CrossMoments } from "./cross-moments.ts";
import { studentOf, testedDifference, type DifferenceQuestion } from "./difference.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";
import { sumAboveRounding } from "./rounding.ts";
import { refusedSample, type Sample } from "./sample.ts";
import { meanOf, type MeanDifference } from "./welch-test.ts";

/** A question to differences of pairs, one a unit: the same prompt answered by two variants. */
export interface PairedComparison extends DifferenceQuestion {
  readonly differences: Sample;
}

/**
 * The differences y - x of pairs as a sample. Their variance is vX + vY - 2 cov: what both have in common (how hard a prompt
 * is) drops out (Miller 2024, arXiv:2411.00640, section 4). Refuses `too-few` below 2 pairs.
 */
export function pairedSample({ x, y, productDeviations }: CrossMoments): Result<Sample, Refusal> {
  if (x.count < 2) return refused("too-few", `Differences need 2 pairs, there are ${x.count}`);
  const deviations = sumAboveRounding([x.squaredDeviations, y.squaredDeviations, -2 * productDeviations]);
  return ok({ count: x.count, mean: y.mean - x.mean, variance: deviations / (x.count - 1) });
}

/**
 * Student's t test of a mean of differences, count - 1 degrees of freedom. Assumes independent units and a mean close to normal.
 * Differences of items in clusters are independent as clusters only: `ratioSample` of their `clusteredMomentsOf` has the
 * clusters as its units, with the standard error that is robust to them (CR1, Liang & Zeger 1986, Biometrika 73) and
 * clusters - 1 degrees of freedom.
 * Refuses `bad-level`, `not-finite`, `bad-count`, `too-few` below 2 units, `no-variance`.
 */
export function pairedTest(comparison: PairedComparison): Result<MeanDifference, Refusal> {
  const { differences } = comparison;
  const refusal = refusedLevel(comparison.alpha) ?? refusedSample(differences, "differences");
  if (refusal) return refusal;
  const { value, standardError } = meanOf(differences);
  const degreesOfFreedom = differences.count - 1;
  const tested = testedDifference(
    { difference: value, standardError },
    comparison,
    studentOf(degreesOfFreedom),
  );
  return tested.ok ? ok({ ...tested.value, degreesOfFreedom }) : tested;
}
