import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EncodedRequest } from "#core/dialects/dialect.ts";
import { decodeRequest as decodeGemini } from "#core/dialects/gemini/decode-request.ts";
import { encodeRequest as encodeGemini } from "#core/dialects/gemini/encode-request.ts";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, type Result } from "#core/kernel/result.ts";
import { leavesOf, openAiRequests } from "../../../test/support/openai-requests.ts";
import { levelGemini, plainModel } from "../../../test/support/upstream-models.ts";

describe("an OpenAI client before Gemini", () => {
  test("law: each word of the request is in Gemini's, or its field is named", () => {
    fc.assert(
      fc.property(openAiRequests, (body) => {
        const encoded = toGemini(body);
        // Refused as a whole, with the field named, is never silent either.
        if (!encoded.ok) return expect(encoded.error.field).toBeDefined();
        expect(unnamedLosses(body, encoded.value)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("numbers and wishes keep their values", () => {
    const encoded = toGemini({
      model: "r",
      messages: [{ role: "user", content: "hi" }],
      temperature: 0.5,
      top_p: 0.9,
      max_tokens: 77,
      stop: ["END"],
      seed: 5,
      reasoning_effort: "high",
    });
    expect(encoded).toMatchObject({
      ok: true,
      value: {
        body: {
          generationConfig: {
            temperature: 0.5,
            topP: 0.9,
            maxOutputTokens: 77,
            stopSequences: ["END"],
            seed: 5,
            thinkingConfig: { thinkingLevel: "HIGH" },
          },
        },
      },
    });
  });
});

describe("a Gemini client before an OpenAI-compatible server", () => {
  test("law: each word of the request is in OpenAI's, or its field is named", () => {
    fc.assert(
      fc.property(openAiRequests, (original) => {
        const body = toGemini(original);
        if (!body.ok) return;
        const request = decodeGemini(body.value.body, { model: "route", stream: false });
        if (!request.ok) throw new Error(request.error.message);
        const encoded = openaiChat.client.encodeRequest(request.value, plainModel);
        if (!encoded.ok) return expect(encoded.error.field).toBeDefined();
        expect(unnamedLosses(body.value.body, encoded.value)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("there and back, the conversation is the same", () => {
    const messages = [
      { role: "system", content: "Be brief" },
      { role: "user", content: "weather?" },
      {
        role: "assistant",
        content: null,
        tool_calls: [
          { id: "call_1", type: "function", function: { name: "w", arguments: '{"city":"Oslo"}' } },
        ],
      },
      { role: "tool", tool_call_id: "call_1", content: "cold" },
    ];
    const body = toGemini({ model: "r", messages });
    if (!body.ok) throw new Error("Cannot test the way back: wanted a Gemini request, got a problem");
    const request = decodeGemini(body.value.body, { model: "r", stream: false });
    if (!request.ok) throw new Error(request.error.message);
    const back = openaiChat.client.encodeRequest(request.value, plainModel);
    expect(back).toMatchObject({
      value: {
        body: { messages: [...messages.slice(0, 3), { ...messages[3], content: '{"output":"cold"}' }] },
      },
    });
  });
});

function toGemini(body: JsonObject): Result<EncodedRequest, { readonly field?: string }> {
  const request = openaiChat.server.decodeRequest(body, {});
  return request.ok ? encodeGemini(request.value, levelGemini) : failed(request.error);
}

/**
 * Words that are neither in the encoded body nor under a field that a warning names. The name of an answer's schema is
 * a label that OpenAI demands and no model sees: it alone may go without a word.
 */
function unnamedLosses(body: JsonObject, { body: written, warnings }: EncodedRequest): readonly string[] {
  const kept = new Set(leavesOf(written));
  const named = warnings.flatMap(({ field }) => field.toLowerCase().split(/[.[\]]+/));
  return leafPaths(body)
    .filter(({ keys }) => keys.slice(-2).join(".") !== "json_schema.name")
    .filter(({ leaf, keys }) => !kept.has(leaf) && !keys.some((key) => named.includes(key.toLowerCase())))
    .map(({ leaf, keys }) => `${keys.join(".")}: ${leaf}`);
}

/** Each numbered word of a value, with the keys that lead to it. */
function leafPaths(
  value: Json | undefined,
  keys: readonly string[] = [],
): readonly { leaf: string; keys: readonly string[] }[] {
  if (typeof value === "string") return leavesOf(value).map((leaf) => ({ leaf, keys }));
  if (Array.isArray(value)) return value.flatMap((item: Json) => leafPaths(item, keys));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => leafPaths(item, [...keys, key]));
}
