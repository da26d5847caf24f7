import { expect, test } from "vitest";
import { record, tableOf } from "#core/evaluations/run.test-support.ts";
import { targetSummary } from "#core/evaluations/target-summary.ts";
import { bleuCounts } from "#core/scoring/text/bleu.ts";
import { readVector } from "../../../../test/support/read-vector.ts";
import { z } from "zod";
import { unscored, unscoredCodes } from "#core/scoring/score.ts";
import { recordSchema } from "#features/evaluations/runs/record-schema.ts";
import { corpusValues } from "./corpus-values.ts";

const { cases } = z
  .object({ cases: z.array(z.object({ answer: z.string(), references: z.array(z.string()) })) })
  .parse(readVector("scoring/text-metrics.json"));

/** sacreBLEU's README: three sentences with two references each. */
const readme = cases.slice(0, 3);
const scored = (index: number, counts: readonly number[]) =>
  record(`item-${index}`, { scores: { bleu: { kind: "scored", value: 0.5, counts } } });
const records = readme.map(({ answer, references }, index) =>
  scored(index, bleuCounts(answer, references, { tokens: "13a", ignore_case: false })),
);
const valuesOf = (table: ReturnType<typeof tableOf>, scorers: Record<string, z.core.util.JSONType>) =>
  corpusValues({ evaluation: { scorers } }, [targetSummary(table, { target: "flash", alpha: 0.05 })]);

test("the value of all answers together is made of their counts, not of their scores", () => {
  const [found] = valuesOf(tableOf(records), { bleu: { kind: "bleu" } });
  expect(found).toMatchObject({ target: "flash", scorer: "bleu", name: "corpus_bleu" });
  expect((found?.value ?? 0) * 100).toBeCloseTo(48.530_827, 6);
});

test("a record in the place of another takes its counts away", () => {
  const table = tableOf([scored(0, [9, 9, 9, 9, 9, 9, 9, 9, 9, 9]), ...records]);
  expect((valuesOf(table, { bleu: { kind: "bleu" } })[0]?.value ?? 0) * 100).toBeCloseTo(48.530_827, 6);
});

test("scorers without such a value, and those that a run no longer knows, have none", () => {
  expect(valuesOf(tableOf(records), { bleu: { kind: "exact" } })).toEqual([]);
  expect(valuesOf(tableOf(records), {})).toEqual([]);
  expect(valuesOf(tableOf([record("a")]), { right: { kind: "bleu" } })).toEqual([]);
});

test("counts, and every reason of a missing score, are read back as they were written", () => {
  const missing = unscoredCodes.map((code) => record("a", { scores: { bleu: unscored(code, "None") } }));
  for (const one of [...records, ...missing]) {
    expect(recordSchema.parse(JSON.parse(JSON.stringify(one)))).toEqual(one);
  }
});
