import { expect, test } from "vitest";
import { anthropic } from "#core/dialects/anthropic/anthropic.ts";
import { gemini } from "#core/dialects/gemini/gemini.ts";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import { AnswerTracker, answerWarnings, trackResponse } from "#features/gateway/answer-tracker.ts";

const annotations: StreamPart = {
  type: "extra",
  candidate: 0,
  extra: { dialect: "openai-chat", fields: { annotations: [1], logprobs: null } },
};

function tracked(...parts: readonly StreamPart[]) {
  const tracker = new AnswerTracker();
  for (const part of parts) tracker.track(part);
  return tracker;
}

test("a field that the client's dialect has no place for is named once, an empty one not at all", () => {
  expect(answerWarnings(tracked(annotations, annotations), gemini)).toEqual([
    {
      code: "dropped-field",
      field: "answer.annotations",
      message: 'gemini has no place for "annotations" of an answer',
    },
  ]);
});

test("a dialect that has a place for others' fields drops nothing, and none drops its own", () => {
  const grounding: StreamPart = {
    type: "extra",
    candidate: 0,
    extra: { dialect: "gemini", fields: { groundingMetadata: {} } },
  };
  expect(answerWarnings(tracked(grounding), openaiChat)).toEqual([]);
  expect(answerWarnings(tracked(grounding), gemini)).toEqual([]);
});

test("what the provider says answered is known of whole answers and of streams", () => {
  expect(trackResponse({ model: "flash-001", candidates: [] }).upstreamModel).toBe("flash-001");
  expect(tracked({ type: "response-start", model: "flash-001" }).upstreamModel).toBe("flash-001");
});

test("a whole answer tells the same as a stream", () => {
  const answer = trackResponse({
    candidates: [{ index: 0, parts: [{ type: "text", text: "hi" }], extra: annotations.extra }],
    extra: { dialect: "openai-chat", fields: { system_fingerprint: "fp" } },
  });
  expect(answerWarnings(answer, gemini).map(({ field }) => field)).toEqual([
    "answer.system_fingerprint",
    "answer.annotations",
  ]);
});

test("the signature of words is named to who has no place for it, whole and in pieces", () => {
  const signed = { text: "hi", thoughtSignature: "c2ln" };
  const whole = trackResponse({ candidates: [{ index: 0, parts: [{ type: "text", ...signed }] }] });
  for (const answer of [whole, tracked({ type: "text-delta", candidate: 0, ...signed })]) {
    expect(answerWarnings(answer, anthropic)).toMatchObject([{ field: "answer.thoughtSignature" }]);
    expect([...answerWarnings(answer, gemini), ...answerWarnings(answer, openaiChat)]).toEqual([]);
  }
});

test("an upstream cannot grow the record by inventing fields", () => {
  const invented = Array.from({ length: 500 }, (_, at): StreamPart => ({
    type: "extra",
    extra: { dialect: "openai-chat", fields: { [`field${at}`]: 1 } },
  }));
  expect(answerWarnings(tracked(...invented), gemini)).toHaveLength(32);
});

test("a text in pieces has the tokens that it has whole", () => {
  const whole = trackResponse({
    candidates: [{ index: 0, parts: [{ type: "text", text: "twelve bytes" }] }],
  });
  const pieces = tracked(
    ...[..."twelve bytes"].map((text): StreamPart => ({ type: "text-delta", candidate: 0, text })),
  );
  expect(whole.seenOutputTokens).toBe(3);
  expect(pieces.seenOutputTokens).toBe(3);
});

test("thinking is counted apart from the answer, in pieces and whole", () => {
  const parts = [{ type: "thinking", text: "hmmm" } as const, { type: "text", text: "so" } as const];
  const whole = trackResponse({ candidates: [{ index: 0, parts }] });
  const thought = (text: string): StreamPart => ({ type: "thinking-delta", candidate: 0, text });
  const pieces = tracked(thought("hm"), thought("mm"));
  expect([whole.seenThinkingTokens, whole.seenOutputTokens]).toEqual([1, 1]);
  expect([pieces.seenThinkingTokens, pieces.seenOutputTokens]).toEqual([1, 0]);
});
