import type { AnswerColumns, Measure } from "./answer-columns.ts";
import type { RunTable } from "./run-table.ts";

/** What of an answer is looked at: a scorer's value, whether it passes by it, or a measure. */
export type RunMetric =
  | { readonly kind: "score" | "pass"; readonly scorer: string }
  | { readonly kind: "measure"; readonly measure: Measure };

/**
 * What becomes of items that failed, which nobody answered: `left-out`, as errors of the way there say nothing of a model; `as-wrong`,
 * as whoever asked got nothing: a score of 0, not passed. Unscored answers are left out either way.
 */
export type ErrorReading = "left-out" | "as-wrong";

/** One number an item: the mean over its answers. */
export interface ItemValues {
  /** Of the items that have one, ascending. */
  readonly places: readonly number[];
  /** As many. */
  readonly values: readonly number[];
  /** How many answers they are the means of. */
  readonly answers: number;
}

/** What is asked of `itemValues`. */
export interface ItemQuestion {
  readonly target: string;
  readonly metric: RunMetric;
  /** Default `left-out`. */
  readonly errors?: ErrorReading;
  /** Which items; all where nothing is said. */
  readonly isIn?: (place: number) => boolean;
}

/** The value of each item that has one, repeats averaged: an item counts once, however often it was asked. */
export function itemValues(table: RunTable, question: ItemQuestion): ItemValues {
  const { target, metric, errors = "left-out", isIn } = question;
  const repeats = table.answersOf(target);
  const places: number[] = [];
  const values: number[] = [];
  let answers = 0;
  for (let place = 0; place < table.items.count; place += 1) {
    if (isIn && !isIn(place)) continue;
    let [count, sum] = [0, 0];
    for (const columns of repeats) {
      const value = answerValue(columns, place, { metric, errors });
      if (value === undefined) continue;
      count += 1;
      sum += value;
    }
    if (count === 0) continue;
    places.push(place);
    values.push(sum / count);
    answers += count;
  }
  return { places, values, answers };
}

/** What one answer has of a metric; undefined where it has nothing. */
export function answerValue(
  columns: AnswerColumns,
  place: number,
  { metric, errors = "left-out" }: { readonly metric: RunMetric; readonly errors?: ErrorReading },
): number | undefined {
  if (metric.kind === "measure") return columns.measureOf(place, metric.measure);
  if (columns.failureOf(place) !== undefined) return errors === "as-wrong" ? 0 : undefined;
  const score = columns.scoreOf(place, metric.scorer);
  if (score?.kind !== "scored") return undefined;
  if (metric.kind === "score") return score.value;
  return score.passed === undefined ? undefined : Number(score.passed);
}

/** The mean of values, of which there are some: their sum first, so that 85 of 100 verdicts are 0.85 to the last digit. */
export function plainMean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
