import { describe, expect, test } from "vitest";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import type { Json } from "#core/kernel/json.ts";
import type { FinishReason } from "#core/llm/finish-reason.ts";
import type { Part } from "#core/llm/message.ts";
import type { Candidate } from "#core/llm/response.ts";
import { checkedLengthMax } from "#core/parsing/format-check.ts";
import type { ExperimentChoice } from "#core/routing/experiment-choice.ts";
import { must } from "../../../test/support/must.ts";
import { checkedFormat, formatCheck } from "./answer-format.ts";

const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const bySchema = { type: "json_schema", json_schema: { name: "city", schema } };

function asking(responseFormat?: Json) {
  const body = { model: "chat", messages: [{ role: "user", content: "Where?" }] };
  const format = responseFormat === undefined ? {} : { response_format: responseFormat };
  return { request: must(openaiChat.server.decodeRequest({ ...body, ...format }, {})) };
}

const choice: ExperimentChoice = {
  name: "tone",
  phase: 1,
  variant: "calm",
  propensity: 0.5,
  unit: { name: "ann", kind: "unit", stable: true },
};
const assigned = { decision: {}, experiment: choice };

function candidate(parts: readonly Part[] | string, reason: FinishReason = "stop", index = 0): Candidate {
  const of = typeof parts === "string" ? [{ type: "text" as const, text: parts }] : parts;
  return { index, parts: of, finish: { reason, raw: reason } };
}

function found(candidates: readonly Candidate[], truncated = false) {
  const end = { outcome: "completed" as const, content: { response: { candidates }, truncated } };
  return formatCheck(asking(bySchema), assigned, end)?.();
}

test("only answers that an experiment compares are checked, and only where a format was asked for", () => {
  expect(checkedFormat(asking(bySchema), assigned)).toMatchObject({ type: "json-schema", schema });
  expect(checkedFormat(asking({ type: "json_object" }), assigned)).toEqual({ type: "json" });
  expect(checkedFormat(asking(), assigned)).toBeUndefined();
  expect(checkedFormat(asking(bySchema), { decision: {} })).toBeUndefined();
  const outside = { name: "tone", phase: 1, outside: "kept out" };
  expect(checkedFormat(asking(bySchema), { decision: {}, experiment: outside })).toBeUndefined();
  const mark = { request: "r", experiment: "tone", phase: 1 };
  const madeFor = (kind: "shadow" | "judge") => ({ decision: { shadowOf: { kind, ...mark } } });
  expect(checkedFormat(asking(bySchema), madeFor("shadow"))).toBeDefined();
  expect(checkedFormat(asking(bySchema), madeFor("judge"))).toBeUndefined();
});

describe("an answer that was to be of a schema", () => {
  test("is met, or missed, by all of its text, thoughts aside", () => {
    expect(found([candidate('{"city": "Ulm"}')])).toBe("met");
    expect(found([candidate("Ulm")])).toBe("missed");
    const thought: Part = { type: "thinking", text: "Let me see" };
    const halves: readonly Part[] = [
      thought,
      ...['{"city":', '"Ulm"}'].map((text) => ({ type: "text" as const, text })),
    ];
    expect(found([candidate(halves)])).toBe("met");
  });

  test("is missed where it ends too early, also before its first word", () => {
    expect(found([candidate('{"city": "U', "length")])).toBe("missed");
    expect(found([candidate([], "length")])).toBe("missed");
  });

  test("is missed by one candidate of several", () => {
    expect(found([candidate('{"city": "Ulm"}'), candidate("Ulm", "stop", 1)])).toBe("missed");
  });

  test("is none where it is blocked, refused, or the wish to call a tool", () => {
    expect(found([candidate("", "content-filter")])).toBeUndefined();
    expect(found([candidate([{ type: "refusal", text: "No" }])])).toBeUndefined();
    expect(
      found([candidate([{ type: "tool-call", name: "maps", argumentsJson: "{}" }], "tool-calls")]),
    ).toBeUndefined();
    expect(found([])).toBeUndefined();
  });

  test("is not checked where some of it is missing, or it is too long", () => {
    expect(found([candidate('{"city": "Ulm"}')], true)).toBe("unchecked");
    expect(found([candidate("x".repeat(checkedLengthMax + 1))])).toBe("unchecked");
  });

  test("is none where the request failed, or its client left", () => {
    const content = { response: { candidates: [candidate("Ulm")] }, truncated: false };
    for (const outcome of ["failed", "aborted"] as const)
      expect(formatCheck(asking(bySchema), assigned, { outcome, content })).toBeUndefined();
    expect(formatCheck(asking(bySchema), assigned, { outcome: "completed" })).toBeUndefined();
  });
});
