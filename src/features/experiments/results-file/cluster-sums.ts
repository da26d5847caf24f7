import type { MetricPlan } from "#core/experiments/analysis-plan.ts";
import type { Selection } from "./clusters.ts";
import type { MetricColumns } from "./columns.ts";
import type { ResultRows } from "./result-rows.ts";

/** What the rows of one cluster in one variant come to. */
export interface ClusterSum {
  readonly cluster: number;
  /** Sum of the values, or of the numerators. */
  numerator: number;
  /** Number of values, or sum of the denominators. */
  denominator: number;
  /** The same of what was before, over those rows that have it. */
  before: { numerator: number; denominator: number } | undefined;
  /** Rows with a value. */
  rows: number;
}

/** The clusters of one variant that have a value, and how many have none. */
export interface VariantSums {
  readonly sums: readonly ClusterSum[];
  readonly missing: number;
}

/** How the values of a metric are taken from rows. */
export interface RowValues {
  readonly read: (row: number) => RowNumbers;
  /** How much a row counts. */
  readonly weigh: (row: number) => number;
  /** Values above it count as it. */
  readonly largest: number;
}

/** The numbers of one row; NaN where there is none. */
interface RowNumbers {
  readonly numerator: number;
  readonly denominator: number;
  readonly beforeNumerator: number;
  readonly beforeDenominator: number;
}

/**
 * How a metric's values are taken from all rows. Where rows have a propensity, each counts 1 / propensity times. What is cut
 * off is told by all of them: no part of them is treated otherwise. Undefined where the file has no such metric.
 */
export function rowValues(
  rows: ResultRows,
  { used, isWeighted }: Pick<Selection, "used" | "isWeighted">,
  metric: Pick<MetricPlan, "column" | "winsorised">,
): RowValues | undefined {
  const columns = rows.columns.metrics.get(metric.column);
  if (!columns) return undefined;
  const read = rowReader(rows, columns);
  return {
    read,
    weigh: isWeighted ? (row) => 1 / (rows.propensity?.[row] ?? 1) : () => 1,
    largest: metric.winsorised === undefined ? Infinity : cap(used, read, metric.winsorised),
  };
}

/** Sums rows by variant and cluster. A row without a value adds nothing; a cluster without any is missing. */
export function clusterSums(
  rows: ResultRows,
  { used, repeats }: Pick<Selection, "used" | "repeats">,
  values: RowValues,
): ReadonlyMap<string, VariantSums> {
  const all = rows.variants.map((): ClusterSum[] => []);
  const known = rows.variants.map(() => new Map<number, ClusterSum>());
  for (const row of used) {
    const cluster = rows.cluster[row] ?? 0;
    const variant = rows.variant[row] ?? 0;
    let sum = repeats ? known[variant]?.get(cluster) : undefined;
    if (!sum) {
      sum = { cluster, numerator: 0, denominator: 0, before: undefined, rows: 0 };
      all[variant]?.push(sum);
      if (repeats) known[variant]?.set(cluster, sum);
    }
    add(sum, row, values);
  }
  return new Map(
    rows.variants.map((name, variant) => {
      const members = all[variant] ?? [];
      const sums = members.filter((sum) => sum.rows > 0);
      return [name, { sums, missing: members.length - sums.length }];
    }),
  );
}

function rowReader(rows: ResultRows, columns: MetricColumns): RowValues["read"] {
  const valuesOf = (index: number | undefined): readonly number[] =>
    (index === undefined ? undefined : rows.values.get(index)) ?? [];
  if (columns.kind === "mean") {
    const [values, before] = [valuesOf(columns.value), valuesOf(columns.before)];
    return (row) => ({
      numerator: at(values, row),
      denominator: 1,
      beforeNumerator: at(before, row),
      beforeDenominator: 1,
    });
  }
  const { numerator, denominator, before } = columns;
  const [numerators, denominators] = [valuesOf(numerator), valuesOf(denominator)];
  const [beforeNumerators, beforeDenominators] = [valuesOf(before?.numerator), valuesOf(before?.denominator)];
  return (row) => ({
    numerator: at(numerators, row),
    denominator: at(denominators, row),
    beforeNumerator: at(beforeNumerators, row),
    beforeDenominator: before?.denominator === undefined ? 1 : at(beforeDenominators, row),
  });
}

function at(values: readonly number[], row: number): number {
  // What is beyond a list is looked up slowly.
  return row < values.length ? (values[row] ?? Number.NaN) : Number.NaN;
}

function add(sum: ClusterSum, row: number, { read, weigh, largest }: RowValues): void {
  const { numerator, denominator, beforeNumerator, beforeDenominator } = read(row);
  if (Number.isNaN(numerator) || Number.isNaN(denominator)) return;
  const weight = weigh(row);
  sum.numerator += weight * Math.min(numerator, largest);
  sum.denominator += weight * denominator;
  sum.rows++;
  if (Number.isNaN(beforeNumerator) || Number.isNaN(beforeDenominator)) return;
  sum.before ??= { numerator: 0, denominator: 0 };
  sum.before.numerator += weight * beforeNumerator;
  sum.before.denominator += weight * beforeDenominator;
}

/** The value below which the share of all values lies, over all variants together. */
function cap(used: Uint32Array, read: RowValues["read"], kept: number): number {
  const values = new Float64Array(used.length);
  let count = 0;
  for (const row of used) {
    const { numerator } = read(row);
    if (!Number.isNaN(numerator)) values[count++] = numerator;
  }
  const sorted = values.subarray(0, count).toSorted();
  return sorted[Math.min(count - 1, Math.ceil(kept * count) - 1)] ?? Infinity;
}
