import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anthropic } from "#core/dialects/anthropic/anthropic.ts";
import type { AnswerContext, Dialect, EncodedRequest, UpstreamModel } from "#core/dialects/dialect.ts";
import { gemini } from "#core/dialects/gemini/gemini.ts";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { openaiResponses } from "#core/dialects/openai-responses/openai-responses.ts";
import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, type Result } from "#core/kernel/result.ts";
import type { Part } from "#core/llm/message.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import { anthropicRequests } from "../../../test/support/anthropic-requests.ts";
import { leavesOf, openAiRequests } from "../../../test/support/openai-requests.ts";
import { readAnthropic } from "../../../test/support/read-anthropic.ts";
import { readResponses } from "../../../test/support/read-responses.ts";
import { responsesRequests } from "../../../test/support/responses-requests.ts";
import type { Reading } from "../../../test/support/reading.ts";
import { relayed } from "../../../test/support/relayed.ts";
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
        const request = gemini.server.decodeRequest(body.value.body, { model: "route", stream: false });
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
    const request = gemini.server.decodeRequest(body.value.body, { model: "r", stream: false });
    if (!request.ok) throw new Error(request.error.message);
    const back = openaiChat.client.encodeRequest(request.value, plainModel);
    expect(back).toMatchObject({
      value: {
        body: { messages: [...messages.slice(0, 3), { ...messages[3], content: '{"output":"cold"}' }] },
      },
    });
  });
});

describe.each<readonly [string, Dialect, UpstreamModel]>([
  ["Gemini", gemini, levelGemini],
  ["an OpenAI-compatible server", openaiChat, plainModel],
])("an Anthropic client before %s", (_name, upstream, model) => {
  test("law: each word of the request is in the upstream's, or its field is named", () => {
    fc.assert(
      fc.property(anthropicRequests, (body) => {
        const request = anthropic.server.decodeRequest(body, {});
        if (!request.ok) throw new Error(request.error.message);
        const encoded = upstream.client.encodeRequest(request.value, model);
        if (encoded.ok) expect(unnamedLosses(body, encoded.value)).toEqual([]);
        else expect(encoded.error.field).toBeDefined();
      }),
      { numRuns: 300 },
    );
  });
});

describe.each<readonly [string, Dialect, UpstreamModel]>([
  ["Gemini", gemini, levelGemini],
  ["an OpenAI-compatible server", openaiChat, plainModel],
])("a client of the Responses API before %s", (_name, upstream, model) => {
  test("law: each word of the request is in the upstream's, or its field is named", () => {
    fc.assert(
      fc.property(responsesRequests, (body) => {
        const request = openaiResponses.server.decodeRequest(body, {});
        if (!request.ok) throw new Error(request.error.message);
        const encoded = upstream.client.encodeRequest(request.value, model);
        // Refused as a whole, with the field named, is never silent either.
        if (encoded.ok) expect(unnamedLosses(body, encoded.value)).toEqual([]);
        else expect(encoded.error.field).toBeDefined();
      }),
      { numRuns: 300 },
    );
  });
});

function toGemini(body: JsonObject): Result<EncodedRequest, { readonly field?: string }> {
  const request = openaiChat.server.decodeRequest(body, {});
  return request.ok ? gemini.client.encodeRequest(request.value, levelGemini) : failed(request.error);
}

/**
 * Words that are neither in the encoded body nor under a field that a warning names. The name of an answer's schema is
 * a label that OpenAI demands and no model sees: it alone may go without a word.
 */
function unnamedLosses(body: JsonObject, { body: written, warnings }: EncodedRequest): readonly string[] {
  const kept = new Set(leavesOf(written));
  const named = warnings.flatMap(({ field }) => namesOf(field.toLowerCase()));
  return leafPaths(body)
    .filter(({ keys }) => keys.slice(-2).join(".") !== "json_schema.name")
    .filter(({ leaf, keys }) => !kept.has(leaf) && !keys.some((key) => named.includes(key.toLowerCase())))
    .map(({ leaf, keys }) => `${keys.join(".")}: ${leaf}`);
}

/**
 * What a warning names: Anthropic's word for `user` is `user_id`, and a thought signature stands in `encrypted_content` in the
 * Responses API.
 */
function namesOf(field: string): readonly string[] {
  if (field === "user") return [field, "user_id"];
  const names = field.split(/[.[\]]+/);
  return names.includes("thoughtsignature") ? [...names, "encrypted_content"] : names;
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

describe.each<readonly [string, Reading, Dialect]>([
  ["OpenAI's client before Gemini", openaiChat, gemini],
  ["Gemini's client before an OpenAI-compatible server", gemini, openaiChat],
  ["OpenAI's client before an OpenAI-compatible server", openaiChat, openaiChat],
  ["Gemini's client before Gemini", gemini, gemini],
  ["Anthropic's client before Gemini", readAnthropic, gemini],
  ["Anthropic's client before an OpenAI-compatible server", readAnthropic, openaiChat],
  ["a client of the Responses API before Gemini", readResponses, gemini],
  ["a client of the Responses API before an OpenAI-compatible server", readResponses, openaiChat],
])("%s", (_name, clientSide, upstreamSide) => {
  test("law: a whole answer reads the same after the gateway", () => {
    fc.assert(
      fc.property(answers(), (answer) => {
        // The upstream's body, as its own dialect writes it; then as the gateway hands it on.
        const upstreamBody = upstreamSide.server.encodeResponse(answer, context);
        const inside = value(upstreamSide.client.decodeResponse(upstreamBody));
        const clientBody = clientSide.server.encodeResponse(inside, context);
        expect(essence(value(clientSide.client.decodeResponse(clientBody)))).toEqual(essence(answer));
      }),
    );
  });

  test("law: a streamed answer says the same as the whole one", () => {
    fc.assert(
      fc.property(answers(), (answer) => {
        const inside = relayed(upstreamSide, streamOf(answer), context);
        const seen = relayed(clientSide, inside, context);
        expect(essence(gathered(seen))).toEqual(essence(answer));
      }),
    );
  });

  test("a stream that was cut does not end well", () => {
    const cut = relayed(upstreamSide, [{ type: "text-delta", candidate: 0, text: "half" }], context);
    const seen = relayed(clientSide, cut, context);
    expect(seen.some((part) => part.type === "finish" || part.type === "end")).toBe(false);
  });
});

const context: AnswerContext = {
  responseId: "r-1",
  model: "route",
  createdSeconds: 1000,
  nowSeconds: () => 1000,
  includeUsage: true,
};

/** Answers with words, thoughts and calls, as every dialect can say them. */
function answers(): fc.Arbitrary<ChatResponse> {
  const words = fc.stringMatching(/^[a-z ]{1,12}$/);
  const call = fc
    .tuple(fc.stringMatching(/^[a-z]{1,6}$/), fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.integer()))
    .map(([name, args]) => ({ name, argumentsJson: JSON.stringify(args) }));
  return fc
    .record({
      thinking: fc.option(words, { nil: undefined }),
      text: fc.option(words, { nil: undefined }),
      calls: fc.array(call, { maxLength: 3 }),
      signature: fc.option(fc.base64String({ minLength: 4 }), { nil: undefined }),
      reason: fc.constantFrom(["stop", "STOP"] as const, ["length", "MAX_TOKENS"] as const),
      usage: fc.record({ inputTokens: fc.nat(999), outputTokens: fc.nat(999), thinkingTokens: fc.nat(999) }),
    })
    .map(({ thinking, text, calls, signature, reason: [reason, raw], usage }) => ({
      candidates: [
        {
          index: 0,
          parts: [
            ...(thinking === undefined ? [] : [{ type: "thinking", text: thinking } as const]),
            ...(text === undefined ? [] : [{ type: "text", text } as const]),
            ...calls.map((made, index) => ({
              type: "tool-call" as const,
              id: `call-${index}`,
              ...made,
              ...(index === 0 && signature !== undefined && { thoughtSignature: signature }),
            })),
          ],
          finish: { reason: reason === "stop" && calls.length > 0 ? "tool-calls" : reason, raw },
        },
      ],
      usage: { ...usage, cachedInputTokens: Math.floor(usage.inputTokens / 3), toolInputTokens: 0 },
    }));
}

/** What must survive any pairing. A dialect's own word for the finish, ids of the answer and such may change. */
function essence(response: ChatResponse) {
  const parts = response.candidates.flatMap((candidate) => candidate.parts);
  const reason = response.candidates[0]?.finish?.reason;
  const calls = parts.filter((part) => part.type === "tool-call");
  return {
    text: parts.map((part) => (part.type === "text" ? part.text : "")).join(""),
    thinking: parts.map((part) => (part.type === "thinking" ? part.text : "")).join(""),
    calls: calls.map(({ id, name, argumentsJson, thoughtSignature }) => ({
      id,
      name,
      arguments: JSON.parse(argumentsJson || "{}") as Json,
      thoughtSignature,
    })),
    // Gemini says STOP where OpenAI says tool_calls.
    reason: calls.length > 0 && reason === "stop" ? "tool-calls" : reason,
    usage: response.usage && {
      ...response.usage,
      inputByModality: undefined,
      cachedByModality: undefined,
      outputByModality: undefined,
    },
  };
}

/** A whole answer as a stream of it. */
function streamOf(answer: ChatResponse): readonly StreamPart[] {
  const [candidate] = answer.candidates;
  let toolCall = -1;
  const parts = (candidate?.parts ?? []).flatMap((part): readonly StreamPart[] => {
    if (part.type === "text") return [{ type: "text-delta", candidate: 0, text: part.text }];
    if (part.type === "thinking") return [{ type: "thinking-delta", candidate: 0, text: part.text }];
    if (part.type !== "tool-call") return [];
    toolCall++;
    const { type: _type, argumentsJson, ...start } = part;
    return [
      { type: "tool-call-start", candidate: 0, toolCall, ...start },
      { type: "tool-call-delta", candidate: 0, toolCall, argumentsJson },
    ];
  });
  return [
    { type: "response-start" },
    ...parts,
    ...(candidate?.finish ? [{ type: "finish", candidate: 0, finish: candidate.finish } as const] : []),
    ...(answer.usage ? [{ type: "usage", usage: answer.usage } as const] : []),
  ];
}

/** A streamed answer as a whole one. */
function gathered(stream: readonly StreamPart[]): ChatResponse {
  const starts = stream.filter((part) => part.type === "tool-call-start");
  const finish = stream.find((part) => part.type === "finish")?.finish;
  const usage = stream.findLast((part) => part.type === "usage")?.usage;
  const parts: readonly Part[] = [
    ...stream.flatMap((part): readonly Part[] => {
      if (part.type === "text-delta") return [{ type: "text", text: part.text }];
      return part.type === "thinking-delta" ? [{ type: "thinking", text: part.text }] : [];
    }),
    ...starts.map(({ type: _type, candidate: _candidate, toolCall, ...call }) => ({
      type: "tool-call" as const,
      ...call,
      argumentsJson: stream
        .map((part) =>
          part.type === "tool-call-delta" && part.toolCall === toolCall ? part.argumentsJson : "",
        )
        .join(""),
    })),
  ];
  return { candidates: [{ index: 0, parts, ...(finish && { finish }) }], ...(usage && { usage }) };
}

function value<Value>(result: Result<Value, { readonly message: string }>): Value {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
