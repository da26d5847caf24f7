import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import { readVector } from "../../../../test/support/read-vector.ts";
import { decodeAnswerMessage } from "./decode-answer-message.ts";
import { decodeEmbeddingResponse } from "./client-embeddings.ts";
import { decodeError } from "./decode-error.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { decodeEmbeddingRequest } from "./server-embeddings.ts";

describe("decodeResponse", () => {
  test("a whole answer with calls, usage and further fields", () => {
    expect(decodeResponse(readVector("openai-chat/response-tools.json") as JsonObject)).toEqual({
      ok: true,
      value: {
        id: "chatcmpl-1",
        model: "gpt-5.5-2026-10-01",
        createdSeconds: 1764000000,
        candidates: [
          {
            index: 0,
            parts: [
              { type: "text", text: "Looking." },
              { type: "tool-call", id: "call_1", name: "weather", argumentsJson: '{"city":"Oslo"}' },
              { type: "tool-call", id: "call_2", name: "time", argumentsJson: "{}" },
            ],
            finish: { reason: "tool-calls", raw: "tool_calls" },
            extra: { dialect: "openai-chat", fields: { message: { annotations: [] } } },
          },
        ],
        usage: {
          inputTokens: 120,
          cachedInputTokens: 100,
          toolInputTokens: 0,
          outputTokens: 20,
          thinkingTokens: 30,
        },
        extra: { dialect: "openai-chat", fields: { system_fingerprint: "fp_1" } },
      },
    });
  });

  test.each<[string, JsonObject, Json]>([
    [
      "thinking beside the text",
      { content: "a", reasoning_content: "t" },
      [
        { type: "thinking", text: "t" },
        { type: "text", text: "a" },
      ],
    ],
    [
      "Google's thoughts in tags",
      { content: "<thought>t</thought>a", extra_content: { google: { thought: true } } },
      [
        { type: "thinking", text: "t" },
        { type: "text", text: "a" },
      ],
    ],
    [
      "Mistral's parts",
      {
        content: [
          { type: "thinking", thinking: [{ type: "text", text: "t" }] },
          { type: "text", text: "a" },
        ],
      },
      [
        { type: "thinking", text: "t" },
        { type: "text", text: "a" },
      ],
    ],
    [
      "a signature on the text",
      { content: "a", extra_content: { google: { thought_signature: "s" } } },
      [{ type: "text", text: "a", thoughtSignature: "s" }],
    ],
    ["a refusal", { content: null, refusal: "no" }, [{ type: "refusal", text: "no" }]],
    [
      "a picture",
      { content: "", images: [{ type: "image_url", image_url: { url: "data:image/png;base64,AA==" } }] },
      [{ type: "media", kind: "image", mimeType: "image/png", source: { type: "inline", base64: "AA==" } }],
    ],
    ["nothing", { content: null }, []],
  ])("%s", (_name, message, parts) => {
    const result = decodeResponse({ choices: [{ message, finish_reason: "stop" }] });
    expect(result.ok && result.value.candidates[0]?.parts).toEqual(parts);
  });

  test.each<[Json, string]>([
    [{ error: { message: "busy", code: 503 } }, "overloaded"],
    [{}, "malformed-answer"],
    [{ choices: [{}] }, "malformed-answer"],
    ["<html>", "malformed-answer"],
  ])("%j is a failure", (body, kind) => {
    expect(decodeResponse(body)).toMatchObject({ ok: false, error: { kind } });
  });
});

test("law: a message of nothing but text is read as any other", () => {
  const words = fc.constantFrom(null, "", "a", "<thought>t</thought>a");
  const message = fc.record(
    { role: words, content: words, refusal: words, reasoning: words, reasoning_content: words },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(message, (fields) => {
      // No picture is a reason to look at everything.
      expect(decodeAnswerMessage(fields)).toEqual(decodeAnswerMessage({ ...fields, images: [] }));
    }),
  );
});

test("law: no decoder throws on any JSON", () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), requestLike()), (value) => {
      // fast-check's JSON values are JSON by construction.
      const body = value as Json;
      for (const decode of [decodeRequest, decodeResponse, decodeEmbeddingRequest, decodeEmbeddingResponse]) {
        expect(typeof decode(body).ok).toBe("boolean");
      }
      expect(typeof decodeError(400, {}, JSON.stringify(body), 0).kind).toBe("string");
    }),
    { numRuns: 1000 },
  );
});

/** Bodies with the protocol's keys and values of any kind. */
function requestLike() {
  const any = fc.jsonValue({ maxDepth: 2 });
  const keys = [
    "type",
    "role",
    "content",
    "text",
    "image_url",
    "url",
    "function",
    "name",
    "arguments",
    "id",
    "tool_calls",
    "extra_content",
    "google",
    "error",
    "details",
    "message",
  ];
  const object = fc.dictionary(fc.constantFrom(...keys), any);
  const list = fc.oneof(any, fc.array(fc.oneof(any, object), { maxLength: 3 }));
  const field = fc.oneof(any, object, list);
  return fc.dictionary(
    fc.constantFrom(
      "model",
      "messages",
      "choices",
      "tools",
      "tool_choice",
      "response_format",
      "extra_body",
      "google",
      "stop",
      "metadata",
      "input",
      "data",
      "error",
      "usage",
      "stream_options",
      "__proto__",
    ),
    field,
  );
}
