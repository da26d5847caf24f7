import { describe, expect, test } from "vitest";
import type { AnswerContext } from "#core/dialects/dialect.ts";
import type { Part } from "#core/llm/message.ts";
import type { ChatResponse, Finish } from "#core/llm/response.ts";
import type { Usage } from "#core/llm/usage.ts";
import { encodeResponse } from "./encode-response.ts";

const context: AnswerContext = {
  responseId: "01990000-0000-7000-8000-000000000001",
  model: "route",
  createdSeconds: 1000,
  nowSeconds: () => 1000,
  includeUsage: true,
};
const stop: Finish = { reason: "stop", raw: "STOP" };
const usage: Usage = {
  inputTokens: 100,
  cachedInputTokens: 40,
  toolInputTokens: 5,
  outputTokens: 20,
  thinkingTokens: 7,
};

function answered(parts: readonly Part[], finish: Finish = stop): ChatResponse {
  return { model: "gemini-3.8-flash", candidates: [{ index: 0, parts, finish }], usage };
}

function written(parts: readonly Part[], finish?: Finish) {
  return encodeResponse(answered(parts, finish), context);
}

describe("a whole answer", () => {
  test("is a message that carries the request's id, with cached tokens apart and thoughts in the output", () => {
    expect(written([{ type: "text", text: "Hello" }])).toEqual({
      id: context.responseId,
      type: "message",
      role: "assistant",
      model: "gemini-3.8-flash",
      container: null,
      content: [{ type: "text", text: "Hello", citations: null }],
      stop_reason: "end_turn",
      stop_sequence: null,
      stop_details: null,
      usage: {
        input_tokens: 65,
        cache_creation: null,
        cache_creation_input_tokens: 0,
        server_tool_use: null,
        inference_geo: null,
        service_tier: null,
        cache_read_input_tokens: 40,
        output_tokens: 27,
        output_tokens_details: { thinking_tokens: 7 },
      },
    });
  });

  test("is one text where several came, and none that is empty", () => {
    const parts: Part[] = [
      { type: "text", text: "" },
      { type: "text", text: "One " },
      { type: "text", text: "two" },
      { type: "text", text: "", thoughtSignature: "c2ln" },
    ];
    expect(written(parts)["content"]).toEqual([{ type: "text", text: "One two", citations: null }]);
  });

  test("counts nothing where nothing was reported", () => {
    const { usage: _usage, ...unreported } = answered([]);
    expect(encodeResponse(unreported, context)["usage"]).toEqual({
      input_tokens: 0,
      cache_creation: null,
      output_tokens_details: null,
      cache_creation_input_tokens: 0,
      server_tool_use: null,
      inference_geo: null,
      service_tier: null,
      cache_read_input_tokens: 0,
      output_tokens: 0,
    });
  });

  test("calls tools: each with an id and its input, the signature of the first on a thought before it", () => {
    const parts: Part[] = [
      { type: "text", text: "So" },
      { type: "tool-call", name: "a", argumentsJson: '{"x":1}', thoughtSignature: "c2ln" },
      { type: "tool-call", id: "own", name: "b", argumentsJson: "" },
    ];
    expect(written(parts)).toMatchObject({
      stop_reason: "tool_use",
      content: [
        { type: "text", text: "So", citations: null },
        { type: "thinking", thinking: "", signature: "signalbox.tool-call.c2ln" },
        {
          type: "tool_use",
          id: "call_019900000000700080000000000000010",
          name: "a",
          input: { x: 1 },
          caller: { type: "direct" },
        },
        { type: "tool_use", id: "own", name: "b", input: {}, caller: { type: "direct" } },
      ],
    });
  });

  test("shows the thought with the signature of the call behind it, or its own", () => {
    const call: Part = {
      type: "tool-call",
      id: "i",
      name: "a",
      argumentsJson: "{}",
      thoughtSignature: "Yw==",
    };
    const content = (thought: Part) => written([thought, call])["content"];
    const block = { type: "tool_use", id: "i", name: "a", input: {}, caller: { type: "direct" } };
    expect(content({ type: "thinking", text: "Hm" })).toEqual([
      { type: "thinking", thinking: "Hm", signature: "signalbox.tool-call.Yw==" },
      block,
    ]);
    expect(content({ type: "thinking", text: "Hm", thoughtSignature: "dA==" })).toEqual([
      { type: "thinking", thinking: "Hm", signature: "signalbox.thinking.dA==" },
      { type: "thinking", thinking: "", signature: "signalbox.tool-call.Yw==" },
      block,
    ]);
  });

  test.each<readonly [Finish, string]>([
    [{ reason: "length", raw: "MAX_TOKENS" }, "max_tokens"],
    [{ reason: "continuation", raw: "CONTINUATION" }, "max_tokens"],
    [{ reason: "tool-calls", raw: "tool_calls" }, "tool_use"],
  ])("that ended by %j says %s", (finish, reason) => {
    expect(written([], finish)).toMatchObject({ stop_reason: reason, stop_details: null });
  });

  test.each<readonly [Finish, string]>([
    [{ reason: "content-filter", raw: "SAFETY" }, "SAFETY"],
    [{ reason: "malformed-tool-call", raw: "MALFORMED_FUNCTION_CALL" }, "MALFORMED_FUNCTION_CALL"],
    [{ reason: "other", raw: "LANGUAGE" }, "LANGUAGE"],
  ])("that cannot be trusted (%j) is a refusal in the provider's word", (finish, explanation) => {
    expect(written([], finish)).toMatchObject({
      stop_reason: "refusal",
      stop_details: { type: "refusal", category: null, explanation },
    });
  });

  test("that was refused in a field of its own is a refusal in words", () => {
    expect(written([{ type: "refusal", text: "No" }])).toMatchObject({
      content: [{ type: "text", text: "No" }],
      stop_reason: "refusal",
    });
  });

  test("to a blocked prompt is a refusal without content", () => {
    const blocked = { candidates: [], blocked: { raw: "PROHIBITED_CONTENT" } };
    expect(encodeResponse(blocked, context)).toMatchObject({
      content: [],
      stop_reason: "refusal",
      stop_details: { explanation: "PROHIBITED_CONTENT" },
    });
  });

  test("leaves out a call that cannot be made, and says so unless the limit does", () => {
    const broken: Part = { type: "tool-call", id: "i", name: "a", argumentsJson: '{"x":' };
    expect(written([broken])).toMatchObject({ content: [], stop_reason: "refusal" });
    expect(written([broken], { reason: "length", raw: "length" })).toMatchObject({
      stop_reason: "max_tokens",
    });
  });

  test("shows files that the model made as clients send them", () => {
    const source = { type: "inline", base64: "AA==" } as const;
    const parts: Part[] = [
      { type: "media", kind: "image", mimeType: "image/png", source },
      { type: "media", kind: "audio", mimeType: "audio/wav", source },
    ];
    expect(written(parts)["content"]).toEqual([
      { type: "image", source: { type: "base64", media_type: "image/png", data: "AA==" } },
      { type: "document", source: { type: "base64", media_type: "audio/wav", data: "AA==" } },
    ]);
  });
});
