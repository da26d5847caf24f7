import { describe, expect, test } from "vitest";
import { z } from "zod";
import { must } from "../../../../test/support/must.ts";
import { readVector } from "../../../../test/support/read-vector.ts";
import { addedCounts } from "../added-counts.ts";
import { corpusMeasure } from "../corpus-measure.ts";
import { scoreOf, valueOf } from "../scored.test-support.ts";
import { pureScorerConfig } from "../scorer-config.ts";
import { makeScorer } from "../make-scorer.ts";
import { answered } from "../scored.test-support.ts";
import { rougeOf } from "./rouge.ts";

const values = z.record(z.string(), z.number());
const vectors = z
  .object({
    configurations: z.record(z.string(), z.record(z.string(), z.json())),
    cases: z.array(
      z.object({
        answer: z.string(),
        references: z.array(z.string()),
        bleu: values,
        chrf: values,
        rouge: z.record(z.string(), z.tuple([z.number(), z.number(), z.number()])),
        bestRouge: values,
        levenshtein: z.number(),
      }),
    ),
    corpora: z.array(
      z.object({
        name: z.string(),
        from: z.int(),
        to: z.int(),
        references: z.int(),
        bleu: values,
        chrf: values,
      }),
    ),
  })
  .parse(readVector("scoring/text-metrics.json"));

const { cases, corpora, configurations } = vectors;
/** How near to the library's number ours must be; libraries give BLEU and chrF from 0 to 100. */
const near = (actual: number | undefined, expected: number): void => {
  expect(Math.abs((actual ?? Number.NaN) - expected), `${actual} is near ${expected}`).toBeLessThan(1e-9);
};
const rougeN = (name: string): number | "l" | "l_sum" =>
  name === "l" || name === "l_sum" ? name : Number(name);

test("there are cases enough", () => {
  expect(cases.length).toBeGreaterThan(90);
});

describe.each(["bleu", "chrf"] as const)("%s is sacreBLEU's", (kind) => {
  test.each(cases)("of $answer", (golden) => {
    for (const [name, expected] of Object.entries(golden[kind])) {
      const value = valueOf({ kind, ...configurations[name] }, golden.answer, golden.references);
      near((value ?? Number.NaN) * 100, expected);
    }
  });

  test.each(corpora)("of a corpus: $name", ({ from, to, references, ...golden }) => {
    for (const [name, expected] of Object.entries(golden[kind])) {
      const config = pureScorerConfig.parse({ kind, ...configurations[name] });
      const scorer = must(makeScorer(config));
      let sums: readonly number[] = [];
      for (const item of cases.slice(from, to)) {
        const fields = { reference: item.references.slice(0, references) };
        const score = scorer(answered({ text: item.answer, fields }));
        sums = addedCounts(sums, (score.kind === "scored" ? score.counts : undefined) ?? []);
      }
      near((corpusMeasure(config)?.valueOf(sums) ?? Number.NaN) * 100, expected);
    }
  });
});

describe("rouge is rouge-score's", () => {
  test.each(cases)("of $answer", ({ answer, references, rouge, bestRouge }) => {
    for (const [name, [precision, recall, f]] of Object.entries(rouge)) {
      const ours = rougeOf(answer, references[0] ?? "", { n: rougeN(name), words: "ascii" });
      near(ours.precision, precision);
      near(ours.recall, recall);
      near(ours.f, f);
    }
    for (const [name, f] of Object.entries(bestRouge)) {
      near(valueOf({ kind: "rouge", n: rougeN(name) }, answer, references), f);
    }
  });

  test("which knows no letters beyond ASCII; ours knows them where that is wanted", () => {
    expect(valueOf({ kind: "rouge" }, "Он читает", "он читает книгу")).toBe(0);
    expect(valueOf({ kind: "rouge", words: "unicode" }, "Он читает", "он читает книгу")).toBe(0.8);
    expect(valueOf({ kind: "rouge", measure: "recall", n: 1 }, "a b", "a b c d")).toBe(0.5);
  });
});

describe("levenshtein is NLTK's edit distance as a similarity", () => {
  test.each(cases)("of $answer", ({ answer, references, levenshtein }) => {
    near(valueOf({ kind: "levenshtein", trim: false }, answer, references[0] ?? ""), levenshtein);
  });

  test("white space at the ends and case need not count", () => {
    expect(valueOf({ kind: "levenshtein" }, " Cat\n", "Cat")).toBe(1);
    expect(valueOf({ kind: "levenshtein", ignore_case: true }, "CAT", "cat")).toBe(1);
    expect(valueOf({ kind: "levenshtein" }, "CAT", "cat")).toBe(0);
  });
});

test("texts that would take too long to compare give no score", () => {
  const text = "ab ".repeat(100_000);
  for (const kind of ["rouge", "bleu", "chrf", "levenshtein"]) {
    const score = scoreOf({ kind }, { text, fields: { reference: text } });
    expect(score, kind).toMatchObject({ kind: "unscored", code: "scorer-timeout" });
  }
});
