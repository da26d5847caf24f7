import type { MetricPlan } from "#core/experiments/analysis-plan.ts";
import type { Clustering } from "./clusters.ts";
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

/**
 * Sums a metric's rows by variant and cluster. A row without a value adds nothing; a cluster without any is missing. Where
 * rows have a propensity, each counts 1 / propensity times.
 */
export function clusterSums(
  rows: ResultRows,
  { used, clusters }: Pick<Clustering, "used" | "clusters">,
  metric: Pick<MetricPlan, "column" | "winsorised">,
): ReadonlyMap<string, VariantSums> {
  const columns = rows.columns.metrics.get(metric.column);
  if (!columns) return new Map();
  const read = rowReader(rows, columns);
  const weigh = isWeighted(rows) ? (row: number): number => 1 / (rows.propensity?.[row] ?? 1) : () => 1;
  const largest = metric.winsorised === undefined ? Infinity : cap(rows, used, read, metric.winsorised);
  return new Map(
    rows.variants.map((name, variant) => {
      const sums = new Map<number, ClusterSum>();
      const met = new Uint8Array(clusters);
      let members = 0;
      for (const [row, of] of rows.variant.entries()) {
        const cluster = rows.cluster[row] ?? 0;
        if (of !== variant || used[row] === false) continue;
        if (met[cluster] === 0) {
          met[cluster] = 1;
          members++;
        }
        add(sums, cluster, { ...read(row), weight: weigh(row), largest });
      }
      return [name, { sums: [...sums.values()], missing: members - sums.size }];
    }),
  );
}

/** Whether rows were assigned with different probabilities. */
export function isWeighted({ propensity, variant }: ResultRows): boolean {
  if (!propensity) return false;
  const first = new Map<number | undefined, number>();
  return propensity.some((probability, row) => {
    const known = first.get(variant[row]);
    if (known === undefined) first.set(variant[row], probability);
    return known !== undefined && known !== probability;
  });
}

/** The numbers of one row; NaN where there is none. */
interface RowNumbers {
  readonly numerator: number;
  readonly denominator: number;
  readonly beforeNumerator: number;
  readonly beforeDenominator: number;
}

function rowReader(rows: ResultRows, columns: MetricColumns): (row: number) => RowNumbers {
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
  return values[row] ?? Number.NaN;
}

function add(
  sums: Map<number, ClusterSum>,
  cluster: number,
  {
    numerator,
    denominator,
    beforeNumerator,
    beforeDenominator,
    weight,
    largest,
  }: RowNumbers & { readonly weight: number; readonly largest: number },
): void {
  if (Number.isNaN(numerator) || Number.isNaN(denominator)) return;
  let sum = sums.get(cluster);
  if (!sum) sums.set(cluster, (sum = { cluster, numerator: 0, denominator: 0, before: undefined, rows: 0 }));
  sum.numerator += weight * Math.min(numerator, largest);
  sum.denominator += weight * denominator;
  sum.rows++;
  if (Number.isNaN(beforeNumerator) || Number.isNaN(beforeDenominator)) return;
  sum.before ??= { numerator: 0, denominator: 0 };
  sum.before.numerator += weight * beforeNumerator;
  sum.before.denominator += weight * beforeDenominator;
}

/** The value below which the share of all values lies, over all variants together: none is treated otherwise. */
function cap(
  rows: ResultRows,
  used: readonly boolean[],
  read: (row: number) => RowNumbers,
  kept: number,
): number {
  const values = Float64Array.from(
    rows.variant.flatMap((_, row) => {
      const { numerator } = read(row);
      return used[row] === false || Number.isNaN(numerator) ? [] : [numerator];
    }),
  ).toSorted();
  return values[Math.min(values.length - 1, Math.ceil(kept * values.length) - 1)] ?? Infinity;
}
