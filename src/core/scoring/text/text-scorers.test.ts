import { describe, expect, test } from "vitest";
import { makeScorer } from "../make-scorer.ts";
import { pureScorerConfig } from "../scorer-config.ts";
import { scoreOf, valueOf } from "../scored.test-support.ts";
import { squadNorm } from "./normal-text.ts";
import { wordF1 } from "./normalised.ts";

describe("exact", () => {
  test.each([
    [{}, "Paris", "Paris", 1],
    [{}, " Paris\n", "Paris", 1],
    [{ trim: false }, " Paris", "Paris", 0],
    [{}, "paris", "Paris", 0],
    [{ ignore_case: true }, "paris", "Paris", 1],
    [{}, "Rome", ["Paris", "Rome"], 1],
    [{}, "42", 42, 1],
    [{}, "", "Paris", 0],
  ])("%j: %j for %j is %d", (options, text, reference, value) => {
    expect(valueOf({ kind: "exact", ...options }, text, reference)).toBe(value);
  });

  test("the reference may be the same for all items, or stand deep in the item", () => {
    expect(scoreOf({ kind: "exact", expected: "yes" }, { text: "yes" })).toMatchObject({ passed: true });
    const deep = { kind: "exact", reference: "meta.answer" };
    expect(scoreOf(deep, { text: "yes", fields: { meta: { answer: "yes" } } })).toMatchObject({ value: 1 });
    expect(scoreOf(deep, { text: "yes", fields: { "meta.answer": "yes" } })).toMatchObject({ value: 1 });
  });

  test("an item without a reference gives no score, and neither does one with another value there", () => {
    const scorer = { kind: "exact", reference: "answer" };
    expect(scoreOf(scorer, { text: "yes" })).toMatchObject({ kind: "unscored", code: "reference-missing" });
    for (const answer of [{ a: 1 }, [], ["a", { b: 1 }]]) {
      const score = scoreOf(scorer, { text: "yes", fields: { answer } });
      expect(score).toMatchObject({ kind: "unscored", code: "reference-invalid" });
    }
    expect(scoreOf(scorer, { text: "yes", fields: { answer: null } })).toMatchObject({
      code: "reference-missing",
    });
    expect(scoreOf({ kind: "exact", reference: "constructor" }, { text: "yes" })).toMatchObject({
      code: "reference-missing",
    });
  });
});

describe("normalised", () => {
  test.each([
    [{}, "The  Eiffel-Tower!", "eiffeltower", 1],
    [{}, "An apple.", "apple", 1],
    [{ articles: false }, "An apple.", "apple", 0],
    [{}, "ﬁne", "fine", 1],
    [{ compatibility: false }, "ﬁne", "fine", 0],
    [{}, "Zürich", "zu\u0308rich", 1],
    [{ case: false }, "Apple", "apple", 0],
    [{ punctuation: false }, "apple.", "apple", 0],
    [{}, "theory", "ory", 0],
    [{}, "«Да»", "да", 1],
    [{}, "a\tb\u00a0c", "b c", 1],
  ])("%j: %j for %j is %d", (options, text, reference, value) => {
    expect(valueOf({ kind: "normalised", ...options }, text, reference)).toBe(value);
  });
});

describe("word_f1", () => {
  test.each([
    ["the cat sat", "cat sat down", 4 / 5],
    ["cat cat cat", "cat", 2 / 4],
    ["", "", 1],
    ["the", "", 1],
    ["cat", "", 0],
    ["", "cat", 0],
    ["dog", "cat", 0],
    ["b a c", "c b a", 1],
  ])("of %j and %j", (answer, reference, expected) => {
    expect(wordF1(answer, reference, squadNorm)).toBeCloseTo(expected, 12);
  });

  test("counts the best of several references", () => {
    expect(valueOf({ kind: "word_f1" }, "big cat", ["dog", "a big cat"])).toBe(1);
  });
});

describe("contains", () => {
  test.each([
    [{}, "red and blue", ["red", "blue"], 1],
    [{}, "red", ["red", "blue"], 0],
    [{ wanted: "any" }, "red", ["red", "blue"], 1],
    [{ wanted: "none" }, "red", ["green", "blue"], 1],
    [{ wanted: "none" }, "red", ["red"], 0],
    [{}, "RED", "red", 0],
    [{ ignore_case: true }, "RED", "red", 1],
  ])("%j: %j for %j is %d", (options, text, reference, value) => {
    expect(valueOf({ kind: "contains", ...options }, text, reference)).toBe(value);
  });
});

describe("regex", () => {
  test("without a group a match is enough", () => {
    expect(scoreOf({ kind: "regex", pattern: "^\\d+$" }, { text: "42" })).toMatchObject({ passed: true });
    expect(scoreOf({ kind: "regex", pattern: "^\\d+$" }, { text: "x" })).toMatchObject({ passed: false });
  });

  test("a group, by name or number, of the first or the last match is compared with the reference", () => {
    const text = "answer: Rome\nanswer: Paris";
    const named = { kind: "regex", pattern: "answer: (?P<place>\\w+)", group: "place" };
    expect(valueOf(named, text, "Rome")).toBe(1);
    expect(valueOf({ ...named, take: "last" }, text, "Paris")).toBe(1);
    expect(valueOf({ ...named, group: 1, take: "last", ignore_case: true }, text, "PARIS")).toBe(1);
    expect(valueOf(named, "none", "Rome")).toBe(0);
    expect(valueOf({ kind: "regex", pattern: "(x)?y", group: 1 }, "y", "x")).toBe(0);
    expect(valueOf({ kind: "regex", pattern: "x*", group: 0, take: "last" }, "xx", "")).toBe(1);
  });

  test("a pattern or a group that cannot be used is refused", () => {
    for (const broken of [{ pattern: "(" }, { pattern: "(?=a)" }, { pattern: "a", group: 1 }]) {
      expect(makeScorer(pureScorerConfig.parse({ kind: "regex", ...broken }))).toMatchObject({ ok: false });
    }
    expect(
      makeScorer(pureScorerConfig.parse({ kind: "regex", pattern: "(?P<a>b)", group: "constructor" })),
    ).toMatchObject({ ok: false });
  });

  test("an answer that is too long for its pattern gives no score", () => {
    const score = scoreOf({ kind: "regex", pattern: "(a|b){200}c" }, { text: "ab".repeat(100_000) });
    expect(score).toMatchObject({ kind: "unscored", code: "scorer-timeout" });
  });
});
