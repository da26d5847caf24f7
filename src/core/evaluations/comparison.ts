import { bootstrapRatio, type BootstrapEstimate } from "#core/statistics/bootstrap-ratio.ts";
import { correlationOf, crossMomentsOf } from "#core/statistics/cross-moments.ts";
import { detectableEffect } from "#core/statistics/experiment-plan.ts";
import { mcnemarTest } from "#core/statistics/mcnemar.ts";
import { pairedTest } from "#core/statistics/paired-test.ts";
import { ratioSample } from "#core/statistics/ratio-metric.ts";
import { ok, type Result } from "#core/kernel/result.ts";
import type { Interval } from "#core/statistics/interval.ts";
import { refused, type Refusal } from "#core/statistics/refusal.ts";
import type { Sample } from "#core/statistics/sample.ts";
import { changedItems, type ChangedItems } from "./changed-items.ts";
import { plainMean, type ErrorReading, type RunMetric } from "./item-values.ts";
import { differenceSums, pairedItems, type ComparedSides } from "./paired-items.ts";
import type { UnitSums } from "./unit-sums.ts";
import { detectablePower } from "./scorer-summary.ts";

/** A metric by which two targets are compared. */
export interface ComparedMetric {
  readonly name: string;
  readonly metric: RunMetric;
  /** Which way is the better one; undefined where nobody said so: then nothing is a regression. */
  readonly better: "higher" | "lower" | undefined;
}

/** How a comparison is made. */
export interface ComparisonTerms {
  /** Error rate in (0, 1): of intervals, and two-sided of tests. */
  readonly alpha: number;
  readonly errors: ErrorReading;
  /** Of the bootstrap, which is left out where they are 0. */
  readonly resamples: number;
  /** Uniform numbers in [0, 1), for the bootstrap. */
  readonly unit: () => number;
}

/** How a candidate differs from a baseline on the same items by one metric. */
export interface MetricComparison extends ComparedMetric {
  /** Items with a value on both sides. */
  readonly pairs: number;
  /** Clusters, or items where there are none. */
  readonly units: number;
  /** Means over the pairs; undefined where there are none. */
  readonly baseline: number | undefined;
  readonly candidate: number | undefined;
  readonly tested: Result<TestedChange, Refusal>;
  /** Corrected for the number of comparisons (Holm), two-sided; of what is not tested 1. */
  readonly adjustedPValue: number;
  /** Items that pass on one side alone, where each was asked once on each side and passes or does not. */
  readonly discordant: Discordant;
  readonly bootstrap: BootstrapEstimate | undefined;
  /** Of both sides over items: what pairing saves. */
  readonly correlation: number | undefined;
  /** The smallest true difference that so many items, paired, would tell from none in 80 % of runs. */
  readonly detectable: number | undefined;
  readonly changed: ChangedItems;
  /** Items with a value on one side alone. */
  readonly onlyBaseline: readonly string[];
  readonly onlyCandidate: readonly string[];
}

/** What McNemar's test is of: independent pairs of single verdicts; undefined for other values. */
type Discordant = { readonly onlyBaseline: number; readonly onlyCandidate: number } | undefined;

/** A difference candidate - baseline, and whether it may be chance. */
export interface TestedChange {
  readonly difference: number;
  readonly standardError: number;
  /** Student's t, robust to clusters; undefined where all items differ by the same. */
  readonly interval: Interval | undefined;
  /** Two-sided. */
  readonly pValue: number;
  /** One-sided, that it is not above: small where the candidate is higher; and likewise that it is not below. */
  readonly pValueHigher: number;
  readonly pValueLower: number;
  /** `signs`: McNemar's test, by the items that pass on one side alone (mid-p); `paired-t`: by the mean difference of units. */
  readonly method: "signs" | "paired-t";
}

/** Compares two targets by one metric; `adjustedPValue` is that of a single comparison. */
export function metricComparison(
  sides: ComparedSides,
  compared: ComparedMetric,
  terms: ComparisonTerms,
): MetricComparison {
  const pairs = pairedItems(sides, { metric: compared.metric, errors: terms.errors });
  const sums = differenceSums(sides, pairs);
  const moments = crossMomentsOf(sums.x, sums.y);
  const sample = moments.ok ? ratioSample(moments.value) : moments;
  const signs = signsOf(sums);
  const isMcnemar =
    compared.metric.kind === "pass" && pairs.areSingle && sums.x.length === pairs.places.length;
  const discordant = isMcnemar ? { onlyBaseline: signs.lower, onlyCandidate: signs.higher } : undefined;
  const tested = testedChange(sample, { signs, discordant, alpha: terms.alpha });
  const bootstrap = terms.resamples > 0 ? bootstrapRatio(sums, terms) : undefined;
  const together = crossMomentsOf(pairs.baseline, pairs.candidate);
  const correlation = together.ok ? correlationOf(together.value) : together;
  const isPaired = pairs.places.length > 0;
  return {
    ...compared,
    pairs: pairs.places.length,
    units: sums.x.length,
    baseline: isPaired ? plainMean(pairs.baseline) : undefined,
    candidate: isPaired ? plainMean(pairs.candidate) : undefined,
    tested,
    adjustedPValue: tested.ok ? tested.value.pValue : 1,
    discordant,
    bootstrap: bootstrap?.ok ? bootstrap.value : undefined,
    correlation: correlation.ok ? correlation.value : undefined,
    detectable: sample.ok ? detectablePaired(sample.value, terms.alpha) : undefined,
    changed: changedItems(sides, pairs, compared.better),
    onlyBaseline: pairs.onlyBaseline,
    onlyCandidate: pairs.onlyCandidate,
  };
}

function testedChange(
  sample: Result<Sample, Refusal>,
  {
    signs,
    discordant,
    alpha,
  }: { readonly signs: Signs; readonly discordant: Discordant; readonly alpha: number },
): Result<TestedChange, Refusal> {
  if (!sample.ok) return sample;
  const test = pairedTest({ differences: sample.value, alpha });
  // Where all differ by the same, there is no error to divide by, and their signs tell.
  const bySigns = discordant || !test.ok ? signTest(signs, alpha) : undefined;
  if (!test.ok && (test.error.code !== "no-variance" || bySigns === undefined)) {
    return sample.value.mean === 0 && test.error.code === "no-variance"
      ? refused("no-variance", "Every item is the same on both sides")
      : test;
  }
  const difference = sample.value.mean;
  const pValue = bySigns ?? (test.ok ? test.value.pValue : 1);
  const [inside, outside] = [1 - pValue / 2, pValue / 2];
  return ok({
    difference,
    standardError: test.ok ? test.value.standardError : 0,
    interval: test.ok ? test.value.interval : undefined,
    pValue,
    pValueHigher: difference > 0 ? outside : inside,
    pValueLower: difference < 0 ? outside : inside,
    method: bySigns === undefined ? "paired-t" : "signs",
  });
}

/** How many units are higher, and lower, on the candidate's side. */
interface Signs {
  readonly higher: number;
  readonly lower: number;
}

function signsOf({ y }: UnitSums): Signs {
  let [higher, lower] = [0, 0];
  for (const sum of y) {
    if (sum > 0) higher += 1;
    if (sum < 0) lower += 1;
  }
  return { higher, lower };
}

/** McNemar's test; of other numbers than verdicts it is the sign test. Undefined where none differs. */
function signTest({ higher, lower }: Signs, alpha: number): number | undefined {
  const found = mcnemarTest({ both: 0, onlyA: higher, onlyB: lower, neither: 0 }, alpha);
  return found.ok ? found.value.pMidP : undefined;
}

function detectablePaired({ count, mean, variance }: Sample, alpha: number): number | undefined {
  const plan = { metric: { kind: "paired", mean, varianceOfDifferences: variance } as const, alpha };
  const found = detectableEffect(plan, { units: count, power: detectablePower });
  return found.ok ? found.value : undefined;
}
