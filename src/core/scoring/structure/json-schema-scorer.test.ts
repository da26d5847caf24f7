import { describe, expect, test } from "vitest";
import { makeScorer } from "../make-scorer.ts";
import { scoreOf } from "../scored.test-support.ts";
import { pureScorerConfig } from "../scorer-config.ts";

const schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };

describe("json_schema", () => {
  test.each([
    ['{"n": 1}', true],
    ['```json\n{"n": 1}\n```', true],
    ['{"n": "1"}', false],
    ['{"n": 1', false],
    ['{"n": 1} done', false],
    ["", false],
  ])("%j", (text, passed) => {
    expect(scoreOf({ kind: "json_schema", schema }, { text })).toMatchObject({ passed });
  });

  test("without a schema every JSON will do", () => {
    expect(scoreOf({ kind: "json_schema" }, { text: "[1]" })).toMatchObject({ passed: true });
    expect(scoreOf({ kind: "json_schema" }, { text: "one" })).toMatchObject({
      passed: false,
      reason: expect.stringContaining("wanted"),
    });
  });

  test("each item may bring its schema", () => {
    const scorer = { kind: "json_schema", reference: "form" };
    const text = '{"n": 1}';
    expect(scoreOf(scorer, { text, fields: { form: schema } })).toMatchObject({ passed: true });
    expect(scoreOf(scorer, { text })).toMatchObject({ code: "reference-missing" });
    for (const form of ["x", { type: "object", $ref: "#/none" }]) {
      expect(scoreOf(scorer, { text, fields: { form } })).toMatchObject({ code: "reference-invalid" });
    }
  });

  test("a schema that cannot be used is refused", () => {
    const config = pureScorerConfig.parse({ kind: "json_schema", schema: { if: {} } });
    expect(makeScorer(config)).toMatchObject({ ok: false, error: { wanted: "a JSON schema" } });
  });
});
