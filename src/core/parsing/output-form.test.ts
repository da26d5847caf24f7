import { describe, expect, test } from "vitest";
import type { Json } from "#core/kernel/json.ts";
import {
  answerLengthMax,
  formatInstruction,
  parseAnswer,
  parsePartial,
  type OutputForm,
} from "./output-form.ts";
import { parseProblemText } from "./parse-problem.ts";

const person: OutputForm = {
  type: "json",
  schema: {
    type: "object",
    properties: { name: { type: "string" }, age: { type: "integer" } },
    required: ["name"],
    additionalProperties: false,
  },
};
const label: OutputForm = { type: "enum", labels: ["billing", "delivery"], multiple: false };
const labels: OutputForm = { type: "enum", labels: ["billing", "delivery"], multiple: true };
const list: OutputForm = { type: "list", itemsMax: 3 };
const xml: OutputForm = { type: "xml", root: "review" };
const regex: OutputForm = { type: "regex", pattern: "Score: (?P<score>[0-9]+)" };
const cited: OutputForm = { type: "citations", sources: ["Ada wrote the\nfirst program.", "Babbage built."] };

const citing = (source: number, quote: string) =>
  JSON.stringify({ answered: true, answer: "Ada", citations: [{ source, quote }] });

describe("a whole answer", () => {
  test.each<[string, OutputForm, string, Json]>([
    ["text", { type: "text" }, " as it is ", " as it is "],
    ["JSON", { type: "json" }, "[1]", [1]],
    ["JSON of a schema", person, ' {"name":"Ada"}\n', { name: "Ada" }],
    ["JSON between fences", person, 'Here:\n```json\n{"name":"Ada"}\n```\nDone.', { name: "Ada" }],
    ["a label", label, ' "Billing".', "billing"],
    ["labels", labels, "Delivery, billing", ["delivery", "billing"]],
    ["labels on lines", labels, "- billing\n- billing", ["billing"]],
    ["no label", labels, "None.", []],
    ["a list", list, "1. one\n\n- two\n* three", ["one", "two", "three"]],
    [
      "XML",
      xml,
      'Sure: <review lang="en"><!-- no --><good>a &lt; b</good><good>c</good><bad/></review>',
      { review: { good: ["a < b", "c"], bad: "" } },
    ],
    ["a pattern", regex, "I say. Score: 42!", { score: "42" }],
    [
      "citations",
      cited,
      citing(1, "wrote the first"),
      { answered: true, answer: "Ada", citations: [{ source: 1, quote: "wrote the first" }] },
    ],
    [
      "no answer",
      cited,
      '{"answered":false,"answer":"not there","citations":[]}',
      { answered: false, answer: "not there", citations: [] },
    ],
  ])("of %s", (_what, form, answer, wanted) => {
    expect(parseAnswer(form, answer)).toEqual({ ok: true, value: wanted });
  });

  test.each<[string, OutputForm, string, string]>([
    ["prose", person, "s3cret", "wanted one JSON value and nothing else, got something else at character 0"],
    [
      "half",
      person,
      '{"name":"s3cret',
      "wanted one JSON value and nothing else, got a text that ends too early at character 15",
    ],
    [
      "more",
      { type: "json" },
      "{} s3cret",
      "wanted one JSON value and nothing else, got something else at character 3",
    ],
    ["no key", person, '{"age":7}', "wanted JSON of the schema, got nothing in place of string"],
    [
      "a wrong type",
      person,
      '{"name":"a","age":"s3cret"}',
      "wanted JSON of the schema, got a text in place of number",
    ],
    [
      "a key too many",
      person,
      '{"name":"a","s3cret":1}',
      "wanted JSON of the schema, got a key that the schema does not have",
    ],
    ["another label", label, "s3cret", "wanted one of the 2 labels, got another answer"],
    [
      "another of labels",
      labels,
      "billing, s3cret",
      'wanted labels among the 2, with commas between, or "none", got another word as number 2',
    ],
    ["no label", labels, "", 'wanted labels among the 2, with commas between, or "none", got no label'],
    ["no item", list, " \n", "wanted a list, one item a line, got no item"],
    ["items", list, "a\nb\nc\nd", "wanted a list of at most 3 items, got 4"],
    ["no root", xml, "<s3cret/>", "wanted an element <review>, got none"],
    [
      "an open element",
      xml,
      "<review><a>s3cret</review>",
      "wanted each element closed by its own name, got something else at character 17",
    ],
    [
      "no match",
      regex,
      "s3cret",
      "wanted an answer that matches Score: (?P<score>[0-9]+), got none that does",
    ],
    [
      "an invented quote",
      cited,
      citing(2, "s3cret"),
      "wanted quotes that stand in their source word for word, got another text in citation 1",
    ],
    [
      "an invented source",
      cited,
      citing(3, "s3cret"),
      "wanted citations of the sources 1 to 2, got another source in citation 1",
    ],
    [
      "no citation",
      cited,
      '{"answered":true,"answer":"s3cret","citations":[]}',
      "wanted at least one citation, got none",
    ],
  ])("with %s is a problem that tells nothing of it", (_what, form, answer, wanted) => {
    const read = parseAnswer(form, answer);
    if (read.ok) expect.unreachable("the answer is not as wanted");
    expect(parseProblemText(read.error)).toBe(wanted);
  });

  test("that is too long is not read", () => {
    expect(parseAnswer({ type: "text" }, "x".repeat(answerLengthMax + 1))).toMatchObject({ ok: false });
  });

  test("nested beyond any use ends as a problem, in linear time", () => {
    expect(parseAnswer({ type: "json" }, "[".repeat(answerLengthMax))).toMatchObject({ ok: false });
    expect(parseAnswer(xml, "<review>".repeat(40_000))).toMatchObject({ ok: false });
    expect(parseAnswer(xml, `<review ${"a ".repeat(190_000)}`)).toMatchObject({ ok: false });
  });

  test("made to be slow ends as a problem as well, at once", () => {
    // Each of these took from a quarter of a minute to many: a long test is a failed one.
    expect(parseAnswer(label, `${'"'.repeat(answerLengthMax - 1)}x`)).toMatchObject({ ok: false });
    expect(parseAnswer(labels, `${"'.".repeat(answerLengthMax / 2 - 1)}x`)).toMatchObject({ ok: false });
    const pattern = "(?P<a>(a|a|a|a|a|b){1,50}){5}$";
    expect(parseAnswer({ type: "regex", pattern }, `${"a".repeat(390_000)}c`)).toMatchObject({ ok: false });
    const sources = ["a".repeat(390_000)];
    const answer = citing(1, `b${"a".repeat(195_000)}`);
    expect(parseAnswer({ type: "citations", sources }, answer)).toMatchObject({ ok: false });
  });
});

test("where a schema is not kept is told apart, since it may be content", () => {
  expect(parseAnswer(person, '{"name":"a","age":"x"}')).toMatchObject({ error: { where: "age" } });
});

test("what can be read while an answer is written", () => {
  expect(parsePartial({ type: "text" }, "Hel")).toBe("Hel");
  expect(parsePartial(person, '```json\n{"name":"A')).toEqual({ name: "A" });
  expect(parsePartial(list, "- one\n- tw")).toEqual(["one"]);
  expect(parsePartial(label, "bill")).toBeUndefined();
});

test("each form but text says what the answer must look like", () => {
  expect(formatInstruction({ type: "text" })).toBeUndefined();
  for (const form of [person, label, labels, list, xml, regex, cited]) {
    expect(formatInstruction(form)).toMatch(/^Answer .+/);
  }
});
