import type { AnswerColumns } from "#core/evaluations/answer-columns.ts";
import type { EvaluatedItems } from "#core/evaluations/evaluated-items.ts";
import type { RunTable } from "#core/evaluations/run-table.ts";
import { judgementScores } from "./judgement-scores.ts";

/** What a judge and a human said of two answers. Each number is of the first one: 1 it is better, 1/2 a tie, 0 it is not. */
export interface JudgedPair {
  /** Of the item. */
  readonly place: number;
  /** Where the first answer stood first, and where it stood second: means of votes. */
  readonly asA: number;
  readonly asB: number;
  readonly human: number;
  /** Whether the judge lets the first answer pass, as a scorer with it does. */
  readonly passed: boolean;
  /** Characters by which the first answer is longer. */
  readonly lengthDifference: number;
}

/** What a judge and a human said of one answer. */
export interface JudgedRating {
  readonly place: number;
  readonly passed: boolean;
  readonly human: boolean;
  /** Characters. */
  readonly length: number;
}

/** What one judge said, and of which items. */
export interface Judgements<One> {
  readonly items: EvaluatedItems;
  readonly all: readonly One[];
}

/** All pairs of which a judge said something. */
export function judgedPairs(table: RunTable, judge: string): Judgements<JudgedPair> {
  return judgementsOf(table, judge, (columns, place) => {
    const [asA, asB] = [
      valueAt(columns, place, judgementScores.asA),
      valueAt(columns, place, judgementScores.asB),
    ];
    const human = valueAt(columns, place, judgementScores.human);
    const lengthDifference = valueAt(columns, place, judgementScores.lengthDifference);
    const passed = passedAt(columns, place, judgementScores.verdict);
    if (asA === undefined || asB === undefined || human === undefined) return undefined;
    if (passed === undefined || lengthDifference === undefined) return undefined;
    return { place, asA, asB, human, passed, lengthDifference };
  });
}

/** All answers of which a judge said something. */
export function judgedRatings(table: RunTable, judge: string): Judgements<JudgedRating> {
  return judgementsOf(table, judge, (columns, place) => {
    const passed = passedAt(columns, place, judgementScores.verdict);
    const human = passedAt(columns, place, judgementScores.human);
    const length = valueAt(columns, place, judgementScores.length);
    return passed === undefined || human === undefined || length === undefined
      ? undefined
      : { place, passed, human, length };
  });
}

/** Only those of some items. */
export function judgementsIn<One extends { readonly place: number }>(
  { items, all }: Judgements<One>,
  isIn: (place: number) => boolean,
): Judgements<One> {
  return { items, all: all.filter(({ place }) => isIn(place)) };
}

function judgementsOf<One>(
  table: RunTable,
  judge: string,
  read: (columns: AnswerColumns, place: number) => One | undefined,
): Judgements<One> {
  const all: One[] = [];
  // A judge is asked once of each item: votes are its repeats.
  const [columns] = table.answersOf(judge);
  if (columns)
    for (let place = 0; place < table.items.count; place += 1) {
      const one = read(columns, place);
      if (one !== undefined) all.push(one);
    }
  return { items: table.items, all };
}

function valueAt(columns: AnswerColumns, place: number, name: string): number | undefined {
  const score = columns.scoreOf(place, name);
  return score?.kind === "scored" ? score.value : undefined;
}

function passedAt(columns: AnswerColumns, place: number, name: string): boolean | undefined {
  const score = columns.scoreOf(place, name);
  return score?.kind === "scored" ? score.passed : undefined;
}
