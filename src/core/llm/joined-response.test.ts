import { expect, test } from "vitest";
import type { Part } from "#core/llm/message.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import { joinedResponse } from "./joined-response.ts";

const usage = (inputTokens: number, outputTokens: number) => ({
  inputTokens,
  cachedInputTokens: 1,
  toolInputTokens: 0,
  outputTokens,
  thinkingTokens: 2,
  inputByModality: { text: inputTokens },
});

function piece(parts: readonly Part[], reason: "continuation" | "stop", inputTokens = 3): ChatResponse {
  return {
    id: reason,
    model: "m",
    candidates: [{ index: 0, parts, finish: { reason, raw: reason } }],
    usage: usage(inputTokens, 4),
  };
}

const text = (words: string, thoughtSignature?: string): Part => ({
  type: "text",
  text: words,
  ...(thoughtSignature !== undefined && { thoughtSignature }),
});
const call: Part = { type: "tool-call", name: "find", argumentsJson: "{}" };

test("two pieces are one answer: words put together, the second's end, the tokens of both", () => {
  expect(
    joinedResponse(piece([text("One ")], "continuation"), piece([text("two", "s"), call], "stop")),
  ).toEqual({
    id: "continuation",
    model: "m",
    candidates: [
      { index: 0, parts: [text("One two", "s"), call], finish: { reason: "tool-calls", raw: "stop" } },
    ],
    usage: {
      inputTokens: 6,
      cachedInputTokens: 2,
      toolInputTokens: 0,
      outputTokens: 8,
      thinkingTokens: 4,
      inputByModality: { text: 6 },
    },
  });
});

test("signed words, and what is of another kind, stay parts of their own", () => {
  const thinking: Part = { type: "thinking", text: "Hm" };
  const parts = (before: Part, rest: Part) =>
    joinedResponse(piece([before], "continuation"), piece([rest], "stop")).candidates[0]?.parts;
  expect(parts(text("One ", "s"), text("two"))).toEqual([text("One ", "s"), text("two")]);
  expect(parts(thinking, text("two"))).toEqual([thinking, text("two")]);
  expect(parts(thinking, thinking)).toEqual([{ type: "thinking", text: "HmHm" }]);
});

test("a call in the first piece makes the answer one that calls tools", () => {
  const joined = joinedResponse(piece([call], "continuation"), piece([text("done")], "stop"));
  expect(joined.candidates[0]?.finish?.reason).toBe("tool-calls");
});

test("a rest that is blocked ends the answer as filtered", () => {
  const blocked: ChatResponse = { candidates: [], blocked: { raw: "SAFETY" } };
  const joined = joinedResponse(piece([text("One ")], "continuation"), blocked);
  expect(joined.candidates).toEqual([
    { index: 0, parts: [text("One ")], finish: { reason: "content-filter", raw: "SAFETY" } },
  ]);
  expect(joined.usage).toEqual(usage(3, 4));
});

test("fields that only one dialect has are those of both, the second's where both have one", () => {
  const extra = (fields: Record<string, number>) => ({ extra: { dialect: "gemini" as const, fields } });
  const joined = joinedResponse(
    { candidates: [], ...extra({ a: 1, b: 1 }) },
    { candidates: [], ...extra({ b: 2, c: 2 }) },
  );
  expect(joined.extra?.fields).toEqual({ a: 1, b: 2, c: 2 });
});
