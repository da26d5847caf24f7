import type { Score } from "#core/scoring/score.ts";
import { verdict } from "#core/scoring/score.ts";
import type { AnsweredItem, EvaluationRecord } from "./record.ts";
import { RunTable } from "./run-table.ts";

/** An answer of a target `flash` to an item, which passes by the scorer `right`; what is given takes the place of that. */
export function record(
  item: string,
  given: Partial<Omit<EvaluationRecord, "outcome">> & { readonly answer?: Partial<AnsweredItem> } = {},
): EvaluationRecord {
  const { answer, ...rest } = given;
  return {
    item,
    target: "flash",
    repeat: 0,
    tags: {},
    outcome: { kind: "answered", text: "42", latencyMs: 100, ...answer },
    scores: { right: verdict(true) },
    atMs: 0,
    ...rest,
  };
}

/** The same, which failed. */
export function failedRecord(
  item: string,
  code = "upstream-failed",
  given: Partial<EvaluationRecord> = {},
): EvaluationRecord {
  return { ...record(item, given), outcome: { kind: "failed", code, message: "It failed" }, scores: {} };
}

/** A table of records. */
export function tableOf(records: Iterable<EvaluationRecord>): RunTable {
  const table = new RunTable();
  for (const one of records) table.add(one);
  return table;
}

/** Verdicts of both targets `baseline` and `candidate` on as many items as the counts say; `cluster` may be one of all. */
export function* pairedRecords(
  counts: {
    readonly both: number;
    readonly onlyBaseline: number;
    readonly onlyCandidate: number;
    readonly neither: number;
  },
  { prefix = "item", cluster }: { readonly prefix?: string; readonly cluster?: string } = {},
): Generator<EvaluationRecord> {
  const kinds: readonly (readonly [number, boolean, boolean])[] = [
    [counts.both, true, true],
    [counts.onlyBaseline, true, false],
    [counts.onlyCandidate, false, true],
    [counts.neither, false, false],
  ];
  let place = 0;
  for (const [count, baseline, candidate] of kinds) {
    for (let index = 0; index < count; index += 1) {
      const item = `${prefix}-${place++}`;
      const scores = (passed: boolean): Readonly<Record<string, Score>> => ({ right: verdict(passed) });
      yield record(item, { target: "baseline", scores: scores(baseline), ...(cluster && { cluster }) });
      yield record(item, { target: "candidate", scores: scores(candidate), ...(cluster && { cluster }) });
    }
  }
}
