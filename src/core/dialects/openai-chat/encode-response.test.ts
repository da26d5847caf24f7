import { describe, expect, test } from "vitest";
import type { AnswerContext, ErrorForClient } from "#core/dialects/dialect.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import { readVector } from "../../../../test/support/read-vector.ts";
import { decodeResponse } from "./decode-response.ts";
import { encodeError, encodeErrorFrame } from "#core/dialects/openai/encode-error.ts";
import { encodeResponse } from "./encode-response.ts";
import { encodeModel, encodeModelList } from "./model-list.ts";

const context: AnswerContext = {
  responseId: "01990000-0000-7000-8000-000000000001",
  model: "route",
  createdSeconds: 1000,
  nowSeconds: () => 1000,
  includeUsage: false,
};

describe("encodeResponse", () => {
  test("an answer of this dialect comes out as it came, under our id", () => {
    const body = readVector("openai-chat/response-tools.json") as JsonObject;
    const decoded = decodeResponse(body);
    if (!decoded.ok) throw new Error(decoded.error.message);
    const text = JSON.stringify(body)
      .replace('"arguments":""', '"arguments":"{}"')
      .replaceAll(',"audio_tokens":0', "");
    expect(encodeResponse(decoded.value, context)).toEqual({
      ...(JSON.parse(text) as object),
      id: context.responseId,
    });
  });

  test("Gemini's answer: thinking, signatures, calls without ids, foreign parts and fields", () => {
    const response: ChatResponse = {
      candidates: [
        {
          index: 0,
          parts: [
            { type: "thinking", text: "hm" },
            { type: "text", text: "a", thoughtSignature: "s" },
            {
              type: "opaque",
              dialect: "gemini",
              name: "executableCode",
              value: { executableCode: { code: "1" } },
            },
            { type: "tool-call", name: "f", argumentsJson: "{}", thoughtSignature: "t" },
          ],
          finish: { reason: "stop", raw: "STOP" },
          extra: { dialect: "gemini", fields: { safetyRatings: [] } },
        },
      ],
    };
    expect(encodeResponse(response, context)).toEqual({
      id: context.responseId,
      object: "chat.completion",
      created: 1000,
      model: "route",
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: "a",
            refusal: null,
            reasoning_content: "hm",
            tool_calls: [
              {
                id: "call_019900000000700080000000000000010",
                type: "function",
                function: { name: "f", arguments: "{}" },
                extra_content: { google: { thought_signature: "t" } },
              },
            ],
            extra_content: { google: { thought_signature: "s", parts: [{ executableCode: { code: "1" } }] } },
          },
          logprobs: null,
          finish_reason: "tool_calls",
          extra_content: { google: { safetyRatings: [] } },
        },
      ],
    });
  });

  test("a blocked prompt is one choice that a filter ended", () => {
    expect(encodeResponse({ candidates: [], blocked: { raw: "SAFETY" } }, context)["choices"]).toEqual([
      {
        index: 0,
        message: { role: "assistant", content: null, refusal: null },
        logprobs: null,
        finish_reason: "content_filter",
        native_finish_reason: "SAFETY",
      },
    ]);
  });

  test("pictures stand in images, sound in audio", () => {
    const image = {
      type: "media",
      kind: "image",
      mimeType: "image/png",
      source: { type: "inline", base64: "AA==" },
    } as const;
    const sound = {
      type: "media",
      kind: "audio",
      mimeType: "audio/wav",
      source: { type: "inline", base64: "BB==" },
    } as const;
    const response = {
      candidates: [{ index: 0, parts: [image, sound], finish: { reason: "stop", raw: "STOP" } }],
    } as const;
    expect(encodeResponse(response, context)).toMatchObject({
      choices: [
        {
          message: {
            images: [{ type: "image_url", image_url: { url: "data:image/png;base64,AA==" } }],
            audio: { data: "BB==" },
          },
        },
      ],
    });
  });
});

describe("encodeError", () => {
  const error: ErrorForClient = { status: 429, code: "rate-limited", message: "Later", requestId: "r" };

  test("OpenAI's error object, as a body and as a frame", () => {
    const wanted = {
      error: { message: "Later", type: "requests", param: null, code: "rate_limit_exceeded" },
    };
    expect(encodeError(error)).toEqual(wanted);
    expect(JSON.parse(encodeErrorFrame(error))).toEqual(wanted);
  });

  test("a used-up quota upstream is never told as insufficient_quota, on which clients give up", () => {
    const failure = { kind: "rate-limited", message: "x", upstreamCode: "insufficient_quota" } as const;
    expect(encodeError({ ...error, failure })).toMatchObject({ error: { code: "rate_limit_exceeded" } });
  });

  test("the upstream's word on the request passes, and the field is named", () => {
    const failure = {
      kind: "invalid-request",
      message: "x",
      upstreamCode: "context_length_exceeded",
    } as const;
    expect(
      encodeError({ ...error, status: 400, code: "invalid-request", field: "messages", failure }),
    ).toMatchObject({
      error: { type: "invalid_request_error", param: "messages", code: "context_length_exceeded" },
    });
  });
});

test("a model list and a model", () => {
  const model = { id: "support", createdSeconds: 5, ownedBy: "signalbox" };
  const written = { id: "support", object: "model", created: 5, owned_by: "signalbox" };
  expect(encodeModel(model)).toEqual(written);
  expect(encodeModelList([model])).toEqual({ object: "list", data: [written] });
});
