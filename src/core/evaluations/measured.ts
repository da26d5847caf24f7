import type { Measure } from "./answer-columns.ts";
import { meanOfItems, quantileOfAnswers, type RunEstimate } from "./estimates.ts";
import { itemValues } from "./item-values.ts";
import type { RunTable } from "./run-table.ts";

/** How a measure is spread over answers. */
export interface Distribution {
  /** Over items, repeats averaged. */
  readonly mean: RunEstimate;
  readonly p50: RunEstimate;
  readonly p95: RunEstimate;
}

/** What a measure sums to. */
export interface Amount {
  readonly total: number;
  /** Over items, repeats averaged; undefined where no answer has it. */
  readonly perItem: RunEstimate | undefined;
  /** Answers that have it. */
  readonly known: number;
}

/** Which measure of which target, and the error rate in (0, 1) of each interval. */
export interface MeasureQuestion {
  readonly target: string;
  readonly measure: Measure;
  readonly alpha: number;
}

/** How a measure is spread; undefined where no answer has it. */
export function distributionOf(table: RunTable, question: MeasureQuestion): Distribution | undefined {
  const { alpha } = question;
  const mean = meanOfItems(table.items, valuesOf(table, question), alpha);
  const answers = answersWith(table, question);
  const p50 = quantileOfAnswers(table.items, answers, { level: 0.5, alpha });
  const p95 = quantileOfAnswers(table.items, answers, { level: 0.95, alpha });
  return mean && p50 && p95 ? { mean, p50, p95 } : undefined;
}

/** What a measure sums to over all answers. */
export function amountOf(table: RunTable, question: MeasureQuestion): Amount {
  const { values } = answersWith(table, question);
  return {
    total: values.reduce((sum, value) => sum + value, 0),
    perItem: meanOfItems(table.items, valuesOf(table, question), question.alpha),
    known: values.length,
  };
}

function valuesOf(table: RunTable, { target, measure }: MeasureQuestion): ReturnType<typeof itemValues> {
  return itemValues(table, { target, metric: { kind: "measure", measure } });
}

function answersWith(
  table: RunTable,
  { target, measure }: MeasureQuestion,
): { readonly places: readonly number[]; readonly values: readonly number[] } {
  const [places, values]: [number[], number[]] = [[], []];
  const repeats = table.answersOf(target);
  for (let place = 0; place < table.items.count; place += 1) {
    for (const columns of repeats) {
      const value = columns.measureOf(place, measure);
      if (value === undefined) continue;
      places.push(place);
      values.push(value);
    }
  }
  return { places, values };
}
