import { ok, type Result } from "#core/kernel/result.ts";
import { pValueOf, type Interval } from "./interval.ts";
import { normalInterval } from "./normal-interval.ts";
import { isCount, refused, refusedLevel, type Refusal } from "./refusal.ts";
import { normalSurvival } from "./special-functions.ts";

/** How far two raters agree beyond chance. */
export interface Agreement {
  /** 1: always alike; 0: as by chance; below 0: less than that. */
  readonly kappa: number;
  /** Share of the items rated alike, near misses counted by their weight. */
  readonly observed: number;
  /** What raters with these habits would agree by chance. */
  readonly expected: number;
  /** Of kappa; 0 where all are rated alike, which says nothing of how sure that is. */
  readonly standardError: number;
  /** Of kappa if the raters had nothing to do with each other. */
  readonly independentError: number;
  /** Two-sided, of the null hypothesis of chance; 1 where one rater puts all items into one category, which tells nothing. */
  readonly pValue: number;
  /** None where the error is 0: there, take wilsonInterval of the items rated alike. */
  readonly interval: Interval | undefined;
}

/** What a near miss counts among ordered categories: nothing, or 1 - the distance (or its square) over the largest one. */
export type KappaWeights = "none" | "linear" | "quadratic";

/**
 * Cohen's kappa of a judge and a human: kappa = (po - pe) / (1 - pe), po the (weighted) share of items rated alike, pe the same
 * for independent raters with these margins.
 *
 * Assumes independent items, and some dozens of them for the interval. Large-sample errors:
 * se^2 = sum p_ij (c_ij - c)^2 / (n (1-pe)^4), c_ij = w_ij (1-pe) - (w_i. + w_.j)(1-po), c its mean; independent:
 * sum p_i. p_.j (w_ij - w_i. - w_.j + pe)^2 / (n (1-pe)^2). Cohen (1960; 1968 for weights), Fleiss, Cohen & Everitt (1969),
 * Psychological Bulletin 72(5).
 *
 * @param table counts of items: a row for each category of the one rater, a column for that of the other, in one order
 * Refuses `bad-level`, `bad-value` for a table that is not square or below 2 x 2, `bad-count`, `too-few` below 2 items,
 * `no-variance` where both raters put all items into one category.
 */
export function cohenKappa(
  table: readonly (readonly number[])[],
  { alpha, weights = "none" }: { readonly alpha: number; readonly weights?: KappaWeights },
): Result<Agreement, Refusal> {
  const refusal = refusedLevel(alpha) ?? refusedTable(table);
  if (refusal) return refusal;
  const items = sum(table.flat());
  if (items < 2) return refused("too-few", `An agreement needs 2 items, it has ${items}`);
  const { cells, observed, expected } = cellsOf(table, weights);
  if (expected >= 1) return refused("no-variance", "All items are in one category");
  const chanceFree = 1 - expected;
  const kappa = (observed - expected) / chanceFree;
  const terms = cells.map(({ weight, marginal }) => weight * chanceFree - marginal * (1 - observed));
  const centre = sum(cells.map(({ share }, index) => share * (terms[index] ?? 0)));
  const spread = sum(cells.map(({ share }, index) => share * ((terms[index] ?? 0) - centre) ** 2));
  const independentSpread = sum(
    cells.map(({ chance, weight, marginal }) => chance * (weight - marginal + expected) ** 2),
  );
  const standardError = observed === 1 ? 0 : Math.sqrt(spread / items) / chanceFree ** 2;
  const independentError = Math.sqrt(independentSpread / items) / chanceFree;
  return ok({
    kappa,
    observed,
    expected,
    standardError,
    independentError,
    pValue: independentError > 0 ? pValueOf(kappa / independentError, "two-sided", normalSurvival) : 1,
    interval: standardError > 0 ? kappaInterval({ estimate: kappa, standardError }, alpha) : undefined,
  });
}

interface Cell {
  readonly share: number;
  /** The share if the raters were independent. */
  readonly chance: number;
  readonly weight: number;
  /** Mean weight of the row among the columns, plus that of the column among the rows. */
  readonly marginal: number;
}

function cellsOf(
  table: readonly (readonly number[])[],
  weights: KappaWeights,
): { readonly cells: readonly Cell[]; readonly observed: number; readonly expected: number } {
  const items = sum(table.flat());
  const rows = table.map((row) => sum(row) / items);
  const columns = table.map((_, column) => sum(table.map((row) => row[column] ?? 0)) / items);
  const weightAt = (row: number, column: number): number =>
    weightOf(Math.abs(row - column) / (table.length - 1), weights);
  const rowMeans = rows.map((_, row) => sum(columns.map((share, column) => share * weightAt(row, column))));
  const columnMeans = columns.map((_, column) =>
    sum(rows.map((share, row) => share * weightAt(row, column))),
  );
  const cells = table.flatMap((counts, row) =>
    counts.map((count, column) => ({
      share: count / items,
      chance: (rows[row] ?? 0) * (columns[column] ?? 0),
      weight: weightAt(row, column),
      marginal: (rowMeans[row] ?? 0) + (columnMeans[column] ?? 0),
    })),
  );
  return {
    cells,
    observed: sum(cells.map(({ share, weight }) => share * weight)),
    expected: sum(cells.map(({ chance, weight }) => chance * weight)),
  };
}

function weightOf(distance: number, weights: KappaWeights): number {
  if (weights === "none") return distance === 0 ? 1 : 0;
  return 1 - (weights === "linear" ? distance : distance * distance);
}

function kappaInterval(
  estimate: { readonly estimate: number; readonly standardError: number },
  alpha: number,
): Interval {
  const [low, high] = normalInterval(estimate, alpha);
  return [Math.max(-1, low), Math.min(1, high)];
}

function refusedTable(
  table: readonly (readonly number[])[],
): { readonly ok: false; readonly error: Refusal } | undefined {
  if (table.length < 2 || table.some((row) => row.length !== table.length)) {
    return refused("bad-value", "A table of two raters has as many rows as columns, at least 2");
  }
  return table.flat().every(isCount)
    ? undefined
    : refused("bad-count", "A table of two raters has whole numbers >= 0");
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
