import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readVector } from "../../../../test/support/read-vector.ts";
import { corpusMeasure } from "../corpus-measure.ts";
import { scoreOf } from "../scored.test-support.ts";
import { pureScorerConfig } from "../scorer-config.ts";
import { capitalWordCount } from "./capital-words.ts";
import { ifevalScorer } from "./ifeval.ts";
import { sentenceCount } from "./sentences.ts";
import { answered } from "../scored.test-support.ts";

const { answers, cases } = z
  .object({
    answers: z.array(z.string()),
    cases: z.array(
      z.object({
        id: z.string(),
        options: z.record(z.string(), z.json()),
        strict: z.string(),
        loose: z.string(),
      }),
    ),
  })
  .parse(readVector("scoring/ifeval.json"));

/** Told apart by langdetect there, by other means here. */
const byLanguage: ReadonlySet<string> = new Set([
  "language:response_language",
  "change_case:english_capital",
  "change_case:english_lowercase",
]);

/** Where our verdicts differ from the tool's. */
function differing({ id, options, ...theirs }: (typeof cases)[number]): readonly string[] {
  return (["strict", "loose"] as const).flatMap((reading) => {
    const scorer = ifevalScorer({ kind: "ifeval", instructions: "ids", options: "options", reading });
    return answers.filter((text, index) => {
      const score = scorer(answered({ text, fields: { ids: [id], options: [options] } }));
      return (score.kind === "scored" ? String(score.value) : score.code) !== theirs[reading][index];
    });
  });
}

describe("verdicts are those of IFEval's own checkers", () => {
  test("of all 25 instructions, each both ways", () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(25);
    for (const id of new Set(cases.map(({ id }) => id))) {
      const verdicts = cases.filter((golden) => golden.id === id).map(({ strict }) => strict);
      expect(new Set(verdicts.join("")).size, id).toBe(2);
    }
    expect(answers.length * cases.length * 2).toBeGreaterThan(60_000);
  });

  test.each(cases.filter(({ id }) => !byLanguage.has(id)))("$id $options", (golden) => {
    expect(differing(golden)).toEqual([]);
  });

  test.each(cases.filter(({ id }) => byLanguage.has(id)))(
    "$id $options, but where langdetect guesses otherwise",
    (golden) => {
      // It takes capital English for German, and "word word word" for Danish; short texts it guesses.
      const told = differing(golden).filter(
        (text) => /[a-z]/.test(text) && new Set(text.split(" ")).size > 15,
      );
      expect(told.length).toBeLessThanOrEqual(answers.length * 2 * 0.02);
    },
  );
});

describe("ifeval", () => {
  const fields = {
    instruction_id_list: ["punctuation:no_comma", "length_constraints:number_words"],
    kwargs: [{ relation: null }, { num_words: 3, relation: "at least" }],
  };

  test("passes where all instructions are followed, and counts each", () => {
    expect(scoreOf({ kind: "ifeval" }, { text: "one two three", fields })).toEqual({
      kind: "scored",
      value: 1,
      passed: true,
      counts: [2, 2],
    });
    expect(scoreOf({ kind: "ifeval" }, { text: "one, two", fields })).toMatchObject({
      value: 0,
      passed: false,
      counts: [0, 2],
      reason: "Not followed: punctuation:no_comma, length_constraints:number_words",
    });
    const measure = corpusMeasure(pureScorerConfig.parse({ kind: "ifeval" }));
    expect(measure?.name).toBe("instruction_accuracy");
    expect(measure?.valueOf([3, 4])).toBe(0.75);
  });

  test("read loosely, a first line may say something else", () => {
    const text = "Sure, here it is:\none two three";
    expect(scoreOf({ kind: "ifeval" }, { text, fields })).toMatchObject({ passed: false });
    expect(scoreOf({ kind: "ifeval", reading: "loose" }, { text, fields })).toMatchObject({ passed: true });
  });

  test("an empty answer follows nothing", () => {
    expect(scoreOf({ kind: "ifeval", reading: "loose" }, { text: " \n", fields })).toMatchObject({
      counts: [0, 2],
    });
  });

  test("instructions that are missing, unknown or without their options give no score", () => {
    expect(scoreOf({ kind: "ifeval" }, { text: "x" })).toMatchObject({ code: "reference-missing" });
    for (const wrong of [
      { instruction_id_list: [] },
      { instruction_id_list: "punctuation:no_comma" },
      { instruction_id_list: ["constructor"] },
      { instruction_id_list: ["length_constraints:number_words"], kwargs: [{ num_words: 3 }] },
      { instruction_id_list: ["length_constraints:number_words"] },
      { instruction_id_list: [1] },
    ]) {
      expect(scoreOf({ kind: "ifeval" }, { text: "x", fields: wrong })).toMatchObject({
        code: "reference-invalid",
      });
    }
  });

  test("a letter that is none is counted all the same, where the tool draws another by chance", () => {
    const hashes = {
      instruction_id_list: ["keywords:letter_frequency"],
      kwargs: [{ letter: "#", let_frequency: 4, let_relation: "at least" }],
    };
    expect(scoreOf({ kind: "ifeval" }, { text: "# a ## b #", fields: hashes })).toMatchObject({
      passed: true,
    });
    expect(scoreOf({ kind: "ifeval" }, { text: "# a ## b", fields: hashes })).toMatchObject({
      passed: false,
    });
  });
});

describe("sentences", () => {
  test.each([
    ["Hello world. This is a test. It has 3 sentences.", 3],
    ["Mr. Smith met Dr. Jones at 5 p.m. yesterday.", 1],
    ["J. Bach wrote it. So did others.", 2],
    ['He said "Stop." Then he left.', 2],
    ["(Really.)", 1],
    ["It costs 3.50. And 4.", 2],
    ["1. First\n2. second", 2],
    ["Wait... what?", 1],
    ["It ended... The show began.", 2],
    ["**Bold.** Next", 2],
    ["", 0],
    ["no mark", 1],
  ])("%j are %d", (text, count) => {
    expect(sentenceCount(text)).toBe(count);
  });
});

test("words in capitals are cut at apostrophes and joined by hyphens", () => {
  expect(capitalWordCount("IT'S a WELL-KNOWN thing, you CANNOT miss NASA")).toBe(6);
});

test("no answer takes longer than in proportion to its length", () => {
  for (const piece of ["[", "*", "**", "<<", '"', "\n", " \n", "- ", "a.", "!", "A ", "'", "p. "]) {
    const startMs = performance.now();
    for (const { id, options } of cases.filter((golden, at) => cases[at - 1]?.id !== golden.id)) {
      const fields = { instruction_id_list: [id], kwargs: [options] };
      scoreOf({ kind: "ifeval" }, { text: piece.repeat(50_000), fields });
    }
    expect(performance.now() - startMs, piece).toBeLessThan(10_000);
  }
});
