import type { Score } from "#core/scoring/score.ts";
import { CodeColumn, NameCodes, NumberColumn } from "./columns.ts";
import type { AnsweredItem, EvaluationOutcome, EvaluationRecord, Judging } from "./record.ts";

/** What is measured of an answer whoever scores it. */
export const measures = [
  "latency_ms",
  "gateway_ms",
  "cost_usd",
  "input_tokens",
  "output_tokens",
  "judge_calls",
  "judge_cost_usd",
  "judge_latency_ms",
] as const;

/** One of `measures`. */
export type Measure = (typeof measures)[number];

/** What an item's outcome is, in few bits. */
const none = 0;
const answered = 1;
const failedFrom = 2;

/** What a score is, in few bits. */
const scoredWithoutVerdict = 1;
const scoredFailed = 2;
const scoredPassed = 3;
const unscoredFrom = 4;

interface ScoreColumns {
  readonly states: CodeColumn;
  readonly values: NumberColumn;
  /** Of scorers that count something, one for each number. */
  readonly counts: CodeColumn[];
}

/** A score as it is kept: what becomes of it, without its reason. */
export type KeptScore =
  | { readonly kind: "scored"; readonly value: number; readonly passed: boolean | undefined }
  | { readonly kind: "unscored"; readonly code: string };

/** What one target gave in one of its repeats, by the place of the item: numbers and codes, no texts. */
export class AnswerColumns {
  readonly #outcomes = new CodeColumn();
  readonly #failures = new NameCodes();
  readonly #measures = new Map<Measure, NumberColumn>();
  readonly #scores = new Map<string, ScoreColumns>();
  readonly #unscored = new NameCodes();

  /** Keeps a record in the place of one that was there; true where one was. */
  set(place: number, { outcome, scores, judging }: EvaluationRecord): boolean {
    const wasThere = this.#outcomes.at(place) !== none;
    if (wasThere) this.#clear(place);
    this.#outcomes.set(place, this.#outcomeCode(outcome));
    if (outcome.kind === "answered") this.#setMeasures(place, measuresOf(outcome));
    if (judging) this.#setMeasures(place, judgingOf(judging));
    for (const [scorer, score] of Object.entries(scores)) this.#setScore(place, scorer, score);
    return wasThere;
  }

  has(place: number): boolean {
    return this.#outcomes.at(place) !== none;
  }

  isAnswered(place: number): boolean {
    return this.#outcomes.at(place) === answered;
  }

  /** The code of its failure; undefined where it was answered, or never asked. */
  failureOf(place: number): string | undefined {
    const code = this.#outcomes.at(place);
    return code < failedFrom ? undefined : this.#failures.names[code - failedFrom];
  }

  measureOf(place: number, measure: Measure): number | undefined {
    return this.#measures.get(measure)?.at(place);
  }

  /** Undefined where this scorer said nothing of it. */
  scoreOf(place: number, scorer: string): KeptScore | undefined {
    const column = this.#scores.get(scorer);
    const state = column?.states.at(place) ?? none;
    if (state === none) return undefined;
    if (state >= unscoredFrom)
      return { kind: "unscored", code: this.#unscored.names[state - unscoredFrom] ?? "" };
    const passed = state === scoredWithoutVerdict ? undefined : state === scoredPassed;
    return { kind: "scored", value: column?.values.at(place) ?? 0, passed };
  }

  /** The counts of a scorer over the items of so many places, added up; empty for scorers that count nothing. */
  countsOf(scorer: string, places: number): readonly number[] {
    return (this.#scores.get(scorer)?.counts ?? []).map((column) => {
      let sum = 0;
      for (let place = 0; place < places; place += 1) sum += column.at(place);
      return sum;
    });
  }

  #outcomeCode(outcome: EvaluationOutcome): number {
    return outcome.kind === "answered" ? answered : failedFrom + this.#failures.codeOf(outcome.code);
  }

  #setMeasures(place: number, values: Partial<Readonly<Record<Measure, number | undefined>>>): void {
    for (const measure of measures) {
      const value = values[measure];
      if (value === undefined) continue;
      const column = this.#measures.get(measure) ?? new NumberColumn();
      this.#measures.set(measure, column);
      column.set(place, value);
    }
  }

  #setScore(place: number, scorer: string, score: Score): void {
    const column = this.#scores.get(scorer) ?? {
      states: new CodeColumn(),
      values: new NumberColumn(),
      counts: [],
    };
    this.#scores.set(scorer, column);
    if (score.kind === "unscored") {
      column.states.set(place, unscoredFrom + this.#unscored.codeOf(score.code));
      return;
    }
    const { passed, counts = [] } = score;
    for (const [index, count] of counts.entries()) {
      column.counts[index] ??= new CodeColumn();
      column.counts[index].set(place, count);
    }
    column.states.set(
      place,
      passed === undefined ? scoredWithoutVerdict : passed ? scoredPassed : scoredFailed,
    );
    column.values.set(place, score.value);
  }

  #clear(place: number): void {
    for (const column of this.#measures.values()) column.set(place, undefined);
    for (const { states, values, counts } of this.#scores.values()) {
      states.set(place, none);
      values.set(place, undefined);
      for (const column of counts) column.set(place, 0);
    }
  }
}

function measuresOf(answer: AnsweredItem): Partial<Readonly<Record<Measure, number | undefined>>> {
  return {
    latency_ms: answer.latencyMs,
    gateway_ms: answer.gatewayMs,
    cost_usd: answer.costUsd,
    input_tokens: answer.inputTokens,
    output_tokens: answer.outputTokens,
  };
}

function judgingOf(judging: Judging): Partial<Readonly<Record<Measure, number | undefined>>> {
  return {
    judge_calls: judging.calls,
    judge_cost_usd: judging.costUsd,
    judge_latency_ms: judging.latencyMs,
  };
}
