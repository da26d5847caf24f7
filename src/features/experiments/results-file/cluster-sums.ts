import type { MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { Selection } from "./clusters.ts";
import type { MetricColumns } from "./columns.ts";
import type { ResultRows } from "./result-rows.ts";

/** Sums of rows, a place each: lists of numbers, as objects of a million clusters would not fit. */
interface Sums {
  /** Of the values, or of the numerators. */
  readonly numerators: readonly number[];
  /** Number of values, or sums of the denominators. */
  readonly denominators: readonly number[];
}

/** The clusters of one variant that have a value, a place each, and how many have none. */
export interface VariantSums extends Sums {
  readonly clusters: readonly number[];
  /** The same of what was before, over those rows that have it; NaN where none has. Empty where the metric has none. */
  readonly before: Sums;
  readonly missing: number;
}

/** How the values of a metric are taken from rows. */
export interface RowValues {
  readonly read: (row: number) => RowNumbers;
  /** How much a row counts. */
  readonly weigh: (row: number) => number;
  /** Values above it count as it. */
  readonly largest: number;
  /** Whether the metric has a column of what it was before. */
  readonly hasBefore: boolean;
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
    hasBefore: columns.before !== undefined,
  };
}

/** Sums rows by variant and cluster. A row without a value adds nothing; a cluster without any is missing. */
export function clusterSums(
  rows: ResultRows,
  { used, repeats }: Pick<Selection, "used" | "repeats">,
  values: RowValues,
): ReadonlyMap<string, VariantSums> {
  const adders = rows.variants.map(() => new ClusterAdder(repeats, values));
  for (const row of used) adders[rows.variant[row] ?? 0]?.add(rows.cluster[row] ?? 0, row);
  return new Map(adders.map((adder, variant) => [rows.variants[variant] ?? "", adder.sums()]));
}

/** Sums the rows of one variant. */
class ClusterAdder {
  readonly #values: RowValues;
  /** The place of each cluster that was met, -1 while it has no value; undefined where none is met twice. */
  readonly #places: Map<number, number> | undefined;
  readonly #clusters: number[] = [];
  readonly #numerators: number[] = [];
  readonly #denominators: number[] = [];
  readonly #before = { numerators: [] as number[], denominators: [] as number[] };
  #missing = 0;

  constructor(repeats: boolean, values: RowValues) {
    this.#places = repeats ? new Map() : undefined;
    this.#values = values;
  }

  add(cluster: number, row: number): void {
    const { read, weigh, largest, hasBefore } = this.#values;
    const { numerator, denominator, beforeNumerator, beforeDenominator } = read(row);
    const known = this.#places?.get(cluster);
    if (Number.isNaN(numerator) || Number.isNaN(denominator)) {
      if (known !== undefined) return;
      this.#places?.set(cluster, -1);
      this.#missing++;
      return;
    }
    const place = known === undefined || known < 0 ? this.#opened(cluster, known) : known;
    const weight = weigh(row);
    addAt(this.#numerators, place, weight * Math.min(numerator, largest));
    addAt(this.#denominators, place, weight * denominator);
    if (!hasBefore || Number.isNaN(beforeNumerator) || Number.isNaN(beforeDenominator)) return;
    addAt(this.#before.numerators, place, weight * beforeNumerator);
    addAt(this.#before.denominators, place, weight * beforeDenominator);
  }

  sums(): VariantSums {
    return {
      clusters: this.#clusters,
      numerators: this.#numerators,
      denominators: this.#denominators,
      before: this.#before,
      missing: this.#missing,
    };
  }

  /** A new place for a cluster; one that was met without a value is missing no more. */
  #opened(cluster: number, known: number | undefined): number {
    const place = this.#clusters.length;
    if (known !== undefined) this.#missing--;
    this.#places?.set(cluster, place);
    this.#clusters.push(cluster);
    this.#numerators.push(0);
    this.#denominators.push(0);
    if (this.#values.hasBefore) {
      this.#before.numerators.push(Number.NaN);
      this.#before.denominators.push(Number.NaN);
    }
    return place;
  }
}

/** Adds to what stands at a place; NaN is nothing yet. */
function addAt(sums: number[], place: number, value: number): void {
  const known = sums[place] ?? 0;
  sums[place] = Number.isNaN(known) ? value : known + value;
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
