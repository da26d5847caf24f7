import { describe, expect, test } from "vitest";
import { scorerConfig } from "#features/evaluations/scorers/make-run-scorers.ts";
import { dataFiles } from "../data-files.test-support.ts";
import { scorerOf } from "./assertion.ts";
import { expectedCell } from "./expected-cell.ts";

const { readOf } = dataFiles();
const promptfoo = { format: "promptfoo" } as const;

const file = `
description: cards
prompts: [prompt.txt]
providers: [openai:x]
defaultTest:
  vars: { language: English }
  assert:
    - { type: not-icontains, value: as an AI }
  metadata: { suite: cards }
tests:
  - description: where it is
    vars: { question: Where is my card? }
    metadata: { level: 1, origin: [a, b] }
    assert:
      - { type: contains-any, value: [post, "{{language}}"] }
      - { type: equals, value: In the post, metric: right }
      - { type: javascript, value: output.length }
  - vars: { question: [Who?, Why?], language: [German, French] }
  - file://more.yaml
  - vars: { question: file://question.txt }
  - { vars: { question: Last }, threshold: 0.5, assert: [{ type: llm-rubric, value: is kind }] }
`;

describe("tests of promptfoo", () => {
  test("become items with their own scorers, and what is not understood is told with its count", async () => {
    const { items, report } = await readOf("a.yaml", file, promptfoo);
    expect(items.map(({ fields }) => fields)).toEqual([
      { description: "where it is", question: "Where is my card?", language: "English" },
      { question: "Who?", language: "German" },
      { question: "Why?", language: "German" },
      { question: "Who?", language: "French" },
      { question: "Why?", language: "French" },
      { question: "Last", language: "English" },
    ]);
    expect(items[0]).toMatchObject({
      tags: { suite: "cards", level: "1" },
      scorers: {
        not_icontains: { kind: "contains", expected: "as an AI", wanted: "none", ignore_case: true },
        contains_any: { kind: "contains", expected: ["post", "English"], wanted: "any" },
        right: { kind: "exact", expected: "In the post", trim: false },
      },
    });
    expect(report.firstRefused).toEqual([
      { line: 19, reason: "a test that is no map (tests in other files are not read)" },
      { line: 20, reason: "variables in other files" },
    ]);
    expect(report.notes).toEqual([
      "Not understood: assertions of type javascript (1)",
      "Not understood: metadata that is no text (1)",
      "Not understood: threshold of tests (1)",
      "Not understood: assertions of type llm-rubric without a judge (1)",
    ]);
  });

  test("in a list, in JSON, and a test a line are the same", async () => {
    const tests = [{ vars: { q: "a" }, assert: [{ type: "contains", value: "b" }] }, { vars: { q: "c" } }];
    const yaml = await readOf("b.json", JSON.stringify({ tests }), promptfoo);
    const list = await readOf("b.json", JSON.stringify(tests), promptfoo);
    const lines = await readOf("b.jsonl", tests.map((one) => JSON.stringify(one)).join("\n"), promptfoo);
    expect(yaml.items[0]?.scorers).toEqual({ contains: { kind: "contains", expected: "b" } });
    for (const { items } of [list, lines]) expect(items).toEqual(yaml.items);
  });

  test("in CSV say by their columns what is wanted", async () => {
    const { items, report } = await readOf(
      "c.csv",
      [
        "question,__expected,__expected2,__metadata:topic,__metadata:kinds[],__description,__prefix,__metric",
        'Where?,In the post,"contains-all: a, b",cards,"x,y",first,Say:,',
        "Who?,is-json,python: 1,,,,,shape",
      ].join("\n"),
      promptfoo,
    );
    expect(items).toMatchObject([
      {
        fields: { question: "Where?", description: "first" },
        tags: { topic: "cards" },
        scorers: {
          equals: { expected: "In the post" },
          contains_all: { expected: ["a", "b"], wanted: "all" },
        },
      },
      { fields: { question: "Who?" }, tags: {}, scorers: { shape: { kind: "json_schema" } } },
    ]);
    expect(report.notes).toEqual([
      "Not understood: __prefix of tests (1)",
      "Not understood: metadata that is no text (1)",
      "Not understood: assertions of type python (1)",
    ]);
  });

  test("that stand for more items than one may are refused", async () => {
    const many = Array.from({ length: 40 }, (_, at) => at);
    const test = { vars: { a: many, b: many } };
    const { report } = await readOf("d.jsonl", `${JSON.stringify(test)}\n{"vars":{"c":"x"}}`, promptfoo);
    expect(report).toMatchObject({
      items: 1,
      refused: [{ reason: "more than 1000 combinations of variables" }],
    });
    const whole = { ...test, options: { disableVarExpansion: true } };
    expect((await readOf("d.jsonl", JSON.stringify(whole), promptfoo)).items[0]?.fields).toEqual(test.vars);
  });

  test("in a file without any are refused", async () => {
    await expect(readOf("e.yaml", "prompts: []", promptfoo)).rejects.toThrow(
      "a map with one as tests is wanted",
    );
  });
});

describe("an assertion", () => {
  const context = { vars: { name: "Ann", list: ["x"] }, judge: "judge" };

  test.each([
    [
      { type: "equals", value: "Hello {{ name }}" },
      { kind: "exact", expected: "Hello Ann", trim: false },
    ],
    [
      { type: "starts-with", value: "a.b(" },
      { kind: "regex", pattern: "^a\\.b\\(" },
    ],
    [
      { type: "regex", value: "\\d{3}" },
      { kind: "regex", pattern: "\\d{3}" },
    ],
    [
      { type: "is-json", value: { type: "object" } },
      { kind: "json_schema", schema: { type: "object" } },
    ],
    [
      { type: "llm-rubric", value: "kind" },
      { kind: "judge", model: "judge", criteria: "kind" },
    ],
    [
      { type: "icontains-all", value: "a, b" },
      { kind: "contains", expected: ["a", "b"], wanted: "all", ignore_case: true },
    ],
  ])("%j is a scorer", (assertion, scorer) => {
    expect(scorerOf(assertion, context)).toEqual({ ok: true, value: scorer });
    expect(scorerConfig.safeParse(scorer).error).toBeUndefined();
  });

  test.each([
    [{ type: "equals", value: { a: 1 } }, "assertions of type equals with values that are no text"],
    [{ type: "contains", value: "{{ name | upper }}" }, "assertions of type contains with templates"],
    [{ type: "contains", value: "{% if x %}" }, "assertions of type contains with templates"],
    [{ type: "contains", value: "{{ list }}" }, "assertions of type contains with templates"],
    [{ type: "contains", value: "file://a.txt" }, "assertions of type contains with values in other files"],
    [{ type: "regex", value: "(?=a)" }, "assertions of type regex with patterns that RE2 does not know"],
    [{ type: "contains-any", value: [] }, "assertions of type contains-any with values that are no texts"],
    [{ type: "not-regex", value: "a" }, "assertions of type not-regex"],
  ])("%j is not understood", (assertion, reason) => {
    expect(scorerOf(assertion, context)).toEqual({ ok: false, error: reason });
  });
});

describe("a cell of what is expected", () => {
  test.each([
    ["plain", { type: "equals", value: "plain" }],
    ["note: this", { type: "equals", value: "note: this" }],
    ["contains: a: b", { type: "contains", value: "a: b" }],
    ["not-contains:a", { type: "not-contains", value: "a" }],
    ["similar(0.8): x", { type: "similar", value: "x" }],
    ["grade: is kind", { type: "llm-rubric", value: "is kind" }],
    ["fn: output", { type: "javascript", value: "output" }],
    ["is-json", { type: "is-json" }],
  ])("%s", (cell, assertion) => {
    expect(expectedCell(cell)).toEqual(assertion);
  });
});
