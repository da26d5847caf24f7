import { describe, expect, test } from "vitest";
import type { AnswerContext } from "#core/dialects/dialect.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { Part } from "#core/llm/message.ts";
import type { ChatResponse, Finish } from "#core/llm/response.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeResponse } from "./encode-response.ts";

const context: AnswerContext = {
  responseId: "a-b",
  model: "route",
  createdSeconds: 7,
  nowSeconds: () => 7,
  includeUsage: true,
};

function answer(parts: readonly Part[], more: Partial<ChatResponse> = {}): ChatResponse {
  return { candidates: [{ index: 0, parts, finish: { reason: "stop", raw: "STOP" } }], ...more };
}

function contextOf(fields: JsonObject): AnswerContext {
  const request = decodeRequest({ model: "route", input: "hi", ...fields });
  if (!request.ok) throw new Error(request.error.message);
  return { ...context, request: request.value };
}

describe("a whole answer of the Responses API", () => {
  test("has all fields that clients read", () => {
    const usage = {
      inputTokens: 10,
      cachedInputTokens: 4,
      toolInputTokens: 1,
      outputTokens: 20,
      thinkingTokens: 5,
      serviceTier: "standard",
    } as const;
    expect(encodeResponse(answer([{ type: "text", text: "Hi" }], { usage }), context)).toEqual({
      id: "a-b",
      object: "response",
      created_at: 7,
      completed_at: 7,
      status: "completed",
      background: false,
      error: null,
      incomplete_details: null,
      instructions: null,
      max_output_tokens: null,
      max_tool_calls: null,
      metadata: {},
      model: "route",
      output: [
        {
          id: "msg_ab0",
          type: "message",
          status: "completed",
          role: "assistant",
          content: [{ type: "output_text", text: "Hi", annotations: [], logprobs: [] }],
        },
      ],
      frequency_penalty: 0,
      presence_penalty: 0,
      parallel_tool_calls: true,
      previous_response_id: null,
      prompt_cache_key: null,
      reasoning: { effort: null, summary: null },
      safety_identifier: null,
      service_tier: "default",
      store: false,
      temperature: 1,
      text: { format: { type: "text" } },
      tool_choice: "auto",
      tools: [],
      top_logprobs: 0,
      top_p: 1,
      truncation: "disabled",
      usage: {
        input_tokens: 11,
        input_tokens_details: { cached_tokens: 4 },
        output_tokens: 25,
        output_tokens_details: { reasoning_tokens: 5 },
        total_tokens: 36,
      },
      user: null,
    });
  });

  test("says whether it can be gone on from, and what it went on from", () => {
    const told = encodeResponse(answer([]), { ...contextOf({ previous_response_id: "b" }), isStored: true });
    expect(told).toMatchObject({ store: true, previous_response_id: "b" });
  });

  test.each<[string, JsonObject]>([
    ["numbers", { temperature: 0.5, top_p: 0.9, max_output_tokens: 9 }],
    ["labels", { user: "u", metadata: { a: "b" }, prompt_cache_key: "k", safety_identifier: "s" }],
    ["thinking", { reasoning: { effort: "low", summary: "auto" } }],
    ["the form of the text", { text: { format: { type: "json_object" }, verbosity: "low" } }],
    [
      "a schema",
      { text: { format: { type: "json_schema", name: "n", strict: true, schema: { type: "object" } } } },
    ],
    [
      "tools",
      {
        tools: [{ type: "function", name: "w", description: null, parameters: null, strict: true }],
        tool_choice: { type: "function", name: "w" },
        parallel_tool_calls: false,
      },
    ],
    [
      "a choice of tools",
      { tool_choice: { type: "allowed_tools", mode: "auto", tools: [{ type: "function", name: "w" }] } },
    ],
    ["a word for the choice", { tool_choice: "required" }],
    ["the quality of service", { service_tier: "flex" }],
  ])("repeats %s of the request", (_what, fields) => {
    expect(encodeResponse(answer([]), contextOf(fields))).toMatchObject(fields);
  });

  test.each<[Finish, JsonObject]>([
    [
      { reason: "length", raw: "MAX_TOKENS" },
      { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } },
    ],
    [
      { reason: "content-filter", raw: "SAFETY" },
      {
        status: "incomplete",
        incomplete_details: { reason: "content_filter", native_finish_reason: "SAFETY" },
      },
    ],
    [
      { reason: "malformed-tool-call", raw: "MALFORMED_FUNCTION_CALL" },
      { status: "incomplete", incomplete_details: { reason: "content_filter" } },
    ],
    [
      { reason: "tool-calls", raw: "STOP" },
      { status: "completed", incomplete_details: null },
    ],
  ])("that ended by %j says so", (finish, fields) => {
    const response = { candidates: [{ index: 0, parts: [{ type: "text", text: "x" } as const], finish }] };
    const written = encodeResponse(response, context);
    expect(written).toMatchObject({ ...fields, output: [{ status: fields["status"] }] });
  });

  test("a blocked prompt is an answer without output", () => {
    expect(encodeResponse({ candidates: [], blocked: { raw: "SAFETY" } }, context)).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "content_filter", native_finish_reason: "SAFETY" },
      output: [],
    });
  });

  test("a signature stands before what it is of", () => {
    const written = encodeResponse(
      answer([
        { type: "text", text: "I look", thoughtSignature: "t" },
        { type: "tool-call", id: "c", name: "w", argumentsJson: "{}", thoughtSignature: "s" },
      ]),
      context,
    );
    expect(written["output"]).toMatchObject([
      { type: "reasoning", encrypted_content: "signalbox.gemini.next-text.t" },
      { type: "message" },
      { type: "reasoning", encrypted_content: "signalbox.gemini.next-call.s" },
      { type: "function_call", call_id: "c" },
    ]);
  });

  test("a picture is an item of its own, other media and parts of other dialects are kept beside", () => {
    const inline = { type: "inline", base64: "AAAA" } as const;
    const written = encodeResponse(
      answer(
        [
          { type: "media", kind: "image", mimeType: "image/png", source: inline },
          { type: "media", kind: "audio", mimeType: "audio/wav", source: inline },
          {
            type: "opaque",
            dialect: "gemini",
            name: "executableCode",
            value: { executableCode: { code: "1" } },
          },
        ],
        { extra: { dialect: "gemini", fields: { avgLogprobs: -1 } } },
      ),
      context,
    );
    expect(written["output"]).toEqual([
      { id: "ig_ab0", type: "image_generation_call", status: "completed", result: "AAAA" },
    ]);
    expect(written["extra_content"]).toEqual({
      signalbox: { media: [{ kind: "audio", url: "data:audio/wav;base64,AAAA", mime_type: "audio/wav" }] },
      google: { parts: [{ executableCode: { code: "1" } }], avgLogprobs: -1 },
    });
  });
});
