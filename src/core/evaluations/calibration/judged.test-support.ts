import { RunTable } from "#core/evaluations/run-table.ts";
import { measured, verdict, type Score } from "#core/scoring/score.ts";
import { judgementScores } from "./judgement-scores.ts";

/** What a judge and a human said of one item. */
type Judged = { readonly item: string; readonly cluster?: string } & (
  | { readonly asA: number; readonly asB: number; readonly human: number; readonly lengthDifference: number }
  | { readonly passed: boolean; readonly human: boolean; readonly length: number }
);

/** The table of a run of one judge, called `judge`. */
export function judgedTable(all: readonly Judged[]): RunTable {
  const table = new RunTable();
  for (const one of all)
    table.add({
      item: one.item,
      ...(one.cluster !== undefined && { cluster: one.cluster }),
      target: "judge",
      repeat: 0,
      tags: {},
      outcome: { kind: "answered", text: "", latencyMs: 1 },
      scores: scoresOf(one),
      atMs: 0,
    });
  return table;
}

function scoresOf(one: Judged): Readonly<Record<string, Score>> {
  const names = judgementScores;
  if ("passed" in one)
    return {
      [names.verdict]: verdict(one.passed),
      [names.human]: verdict(one.human),
      [names.length]: measured(one.length),
    };
  return {
    [names.verdict]: verdict((one.asA + one.asB) / 2 > 0.5),
    [names.asA]: measured(one.asA),
    [names.asB]: measured(one.asB),
    [names.human]: measured(one.human),
    [names.lengthDifference]: measured(one.lengthDifference),
  };
}
