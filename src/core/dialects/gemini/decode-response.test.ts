import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import { damaged, jsonValues } from "../../../../test/support/arbitraries.ts";
import { decodeResponse } from "./decode-response.ts";
import { encodeResponse } from "./encode-response.ts";

const context = {
  responseId: "req-1",
  model: "route",
  createdSeconds: 0,
  nowSeconds: () => 0,
  includeUsage: true,
};

const answer: JsonObject = {
  candidates: [
    {
      content: {
        role: "model",
        parts: [
          { text: "Hm", thought: true },
          { text: "Hello", thoughtSignature: "c2ln" },
          { functionCall: { id: "c1", name: "f", args: { a: [1] } }, thoughtSignature: "Y2FsbA==" },
          { codeExecutionResult: { outcome: "OUTCOME_OK", output: "2" } },
        ],
      },
      finishReason: "STOP",
      index: 0,
      groundingMetadata: { webSearchQueries: ["q"] },
    },
  ],
  promptFeedback: { safetyRatings: [] },
  usageMetadata: {
    promptTokenCount: 10,
    candidatesTokenCount: 5,
    totalTokenCount: 38,
    thoughtsTokenCount: 20,
    cachedContentTokenCount: 4,
    toolUsePromptTokenCount: 3,
    promptTokensDetails: [
      { modality: "TEXT", tokenCount: 6 },
      { modality: "IMAGE", tokenCount: 4 },
    ],
    cacheTokensDetails: [{ modality: "TEXT", tokenCount: 4 }],
    candidatesTokensDetails: [{ modality: "TEXT", tokenCount: 5 }],
  },
  modelVersion: "gemini-3.8-flash-001",
  responseId: "req-1",
  modelStatus: { modelStage: "STABLE" },
};

function decoded(body: Json): ChatResponse {
  const result = decodeResponse(body);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe("a whole answer of Gemini", () => {
  test("is read with usage, signatures and what only Gemini has", () => {
    expect(decoded(answer)).toMatchObject({
      id: "req-1",
      model: "gemini-3.8-flash-001",
      candidates: [
        {
          index: 0,
          parts: [
            { type: "thinking", text: "Hm" },
            { type: "text", text: "Hello", thoughtSignature: "c2ln" },
            {
              type: "tool-call",
              id: "c1",
              name: "f",
              argumentsJson: '{"a":[1]}',
              thoughtSignature: "Y2FsbA==",
            },
            { type: "opaque", name: "codeExecutionResult" },
          ],
          finish: { reason: "tool-calls", raw: "STOP" },
          extra: { fields: { groundingMetadata: { webSearchQueries: ["q"] } } },
        },
      ],
      usage: {
        inputTokens: 10,
        cachedInputTokens: 4,
        toolInputTokens: 3,
        outputTokens: 5,
        thinkingTokens: 20,
        inputByModality: { text: 6, image: 4 },
        cachedByModality: { text: 4 },
        outputByModality: { text: 5 },
      },
    });
  });

  test("is the same again when it is written", () => {
    expect(encodeResponse(decoded(answer), context)).toEqual(answer);
  });

  test("keeps a finish reason that we have never heard of", () => {
    const { candidates } = decoded({ candidates: [{ finishReason: "TIRED" }] });
    expect(candidates[0]?.finish).toEqual({ reason: "other", raw: "TIRED" });
    expect(encodeResponse({ candidates }, context)).toMatchObject({
      candidates: [{ finishReason: "TIRED" }],
    });
  });

  test("without a finish reason is not finished", () => {
    const candidates = [
      { content: { parts: [{ text: "a" }] } },
      { finishReason: "FINISH_REASON_UNSPECIFIED" },
    ];
    expect(decoded({ candidates }).candidates.map(({ finish }) => finish)).toEqual([undefined, undefined]);
  });

  test.each<Json>([null, "<html>", [], { candidates: 7 }, { candidates: [{ content: { parts: "x" } }] }])(
    "%j is malformed",
    (body) => {
      expect(decodeResponse(body)).toMatchObject({ ok: false, error: { kind: "malformed-answer" } });
    },
  );

  test("law: any JSON is read or refused, never thrown on", () => {
    fc.assert(
      fc.property(fc.oneof(jsonValues, damaged(fc.constant(answer))), (body) => {
        const result = decodeResponse(body);
        if (result.ok) encodeResponse(result.value, context);
        else expect(result.error.message).not.toBe("");
      }),
      { numRuns: 1000 },
    );
  });
});

describe("an answer for a Gemini client", () => {
  test("from another provider has Gemini's finish reasons and our id", () => {
    const finishes = ["stop", "length", "tool-calls", "content-filter", "other"] as const;
    const candidates = finishes.map((reason, index) => ({
      index,
      parts: [{ type: "text", text: "a" } as const],
      finish: { reason, raw: "their_word" },
    }));
    const body = encodeResponse({ id: "chatcmpl-1", candidates }, context);
    expect(body).toMatchObject({ responseId: "req-1", modelVersion: "route" });
    expect((body["candidates"] as readonly JsonObject[]).map((one) => one["finishReason"])).toEqual([
      "STOP",
      "MAX_TOKENS",
      "STOP",
      "SAFETY",
      "OTHER",
    ]);
  });

  test("with a tool call that cannot be parsed ends as Gemini ends such answers", () => {
    const parts = [{ type: "tool-call", name: "f", argumentsJson: '{"a":' } as const];
    const finish = { reason: "tool-calls", raw: "tool_calls" } as const;
    expect(encodeResponse({ candidates: [{ index: 0, parts, finish }] }, context)).toMatchObject({
      candidates: [{ content: { parts: [] }, finishReason: "MALFORMED_FUNCTION_CALL" }],
    });
  });

  test("to a refused prompt says so", () => {
    expect(encodeResponse({ candidates: [], blocked: { raw: "SAFETY" } }, context)).toEqual({
      promptFeedback: { blockReason: "SAFETY" },
      modelVersion: "route",
      responseId: "req-1",
    });
  });
});
