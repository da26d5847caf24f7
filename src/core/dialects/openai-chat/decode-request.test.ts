import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import type { RequestProblem } from "#core/dialects/dialect.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import { readVector } from "../../../../test/support/read-vector.ts";
import { decodeRequest } from "./decode-request.ts";

function decoded(body: Json): ChatRequest {
  const result = decodeRequest(body);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function problem(body: Json): RequestProblem {
  const result = decodeRequest(body);
  if (result.ok) throw new Error("Cannot test the problem: wanted one, got a request");
  return result.error;
}

const minimal = { model: "m", messages: [{ role: "user", content: "hi" }] };

describe("decodeRequest", () => {
  test("the least that a client may send is a request", () => {
    expect(decoded(minimal)).toEqual({
      model: "m",
      stream: false,
      messages: [{ role: "user", parts: [{ type: "text", text: "hi" }] }],
      tools: [],
      toolChoice: { type: "default" },
      output: { type: "text" },
      parameters: {},
      thinking: {},
      safety: [],
      includeUsage: false,
    });
  });

  test("every documented field is read, and what has no neutral word is kept", () => {
    const request = decoded(readVector("openai-chat/request-full.json") as JsonObject);
    expect(request).toMatchObject({
      model: "gemini-3.8-flash",
      stream: true,
      includeUsage: true,
      toolChoice: { type: "required", names: ["weather", "time"] },
      parallelToolCalls: true,
      output: { type: "json-schema", name: "report", strict: true, notation: "json-schema" },
      thinking: { budgetTokens: 512, include: true },
      user: "u-1",
      metadata: { team: "a" },
      serviceTier: "flex",
    });
    expect(request.parameters).toEqual({
      temperature: 0.5,
      topP: 0.9,
      maxOutputTokens: 400,
      stop: ["END"],
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: -0.1,
      candidateCount: 2,
      logprobs: true,
      topLogprobs: 3,
    });
    expect(request.extra).toEqual({
      dialect: "openai-chat",
      fields: {
        stream_options: { include_obfuscation: false },
        logit_bias: { "50256": -100 },
        verbosity: "low",
      },
    });
    expect(request.tools.map((tool) => [tool.type, tool.name])).toEqual([
      ["function", "weather"],
      ["function", "time"],
      ["built-in", "custom"],
    ]);
  });

  test("messages become turns: developer is system, results that follow each other are one turn", () => {
    const { messages } = decoded(readVector("openai-chat/request-full.json") as JsonObject);
    expect(messages.map(({ role }) => role)).toEqual([
      "system",
      "user",
      "assistant",
      "tool",
      "assistant",
      "user",
    ]);
    expect(messages[1]?.parts).toEqual([
      {
        type: "text",
        text: "What is this?",
        extra: { dialect: "openai-chat", fields: { cache_control: { type: "ephemeral" } } },
      },
      {
        type: "media",
        kind: "image",
        mimeType: "image/png",
        source: { type: "inline", base64: "iVBORw0KGgo=" },
        detail: "low",
      },
      { type: "media", kind: "image", source: { type: "url", url: "https://example.org/cat.jpg" } },
      { type: "media", kind: "audio", mimeType: "audio/wav", source: { type: "inline", base64: "UklGRg==" } },
      {
        type: "media",
        kind: "document",
        mimeType: "application/pdf",
        source: { type: "inline", base64: "JVBERi0=" },
        filename: "a.pdf",
      },
      { type: "media", kind: "document", source: { type: "file", id: "file-1" } },
    ]);
    expect(messages[2]?.parts).toEqual([
      { type: "thinking", text: "They want the weather." },
      { type: "text", text: "Let me look.", thoughtSignature: "c2ln" },
      {
        type: "tool-call",
        id: "call_a",
        name: "weather",
        argumentsJson: '{"city":"Oslo"}',
        thoughtSignature: "c2lnMg==",
      },
      { type: "tool-call", id: "call_b", name: "time", argumentsJson: "{}" },
    ]);
    expect(messages[3]?.parts).toEqual([
      { type: "tool-result", callId: "call_a", content: '{"celsius":3}' },
      { type: "tool-result", callId: "call_b", content: "12:00" },
    ]);
    expect(messages[4]?.parts).toEqual([{ type: "refusal", text: "I would rather not." }]);
  });

  test("law: a message of a role and a text is read as one with more to it", () => {
    const roles = ["system", "developer", "user", "assistant", "tool", "function", "king", "", null];
    const role = fc.constantFrom<Json>(...roles);
    const content = fc.oneof(fc.string(), fc.constantFrom<Json>("", null, 1, {}));
    const messages = fc.array(fc.tuple(role, content), { maxLength: 3 });
    fc.assert(
      fc.property(messages, (told) => {
        const plain = told.map(([role, content]) => ({ role, content }));
        const named = plain.map((message) => ({ ...message, name: null }));
        expect(decodeRequest({ model: "m", messages: plain })).toEqual(
          decodeRequest({ model: "m", messages: named }),
        );
      }),
    );
  });

  test("null is the same as absent", () => {
    expect(
      decoded({ ...minimal, temperature: null, stop: null, tools: null, response_format: null }),
    ).toEqual(decoded(minimal));
  });

  test.each<[string, Json]>([
    ["body", []],
    ["body", "text"],
    ["model", { messages: minimal.messages }],
    ["model", { ...minimal, model: 5 }],
    ["messages", { model: "m" }],
    ["messages", { model: "m", messages: [] }],
    ["messages", { model: "m", messages: { role: "user" } }],
    ["messages[0]", { model: "m", messages: ["hi"] }],
    ["messages[0].role", { model: "m", messages: [{ content: "hi" }] }],
    ["messages[0].role", { model: "m", messages: [{ role: "king", content: "hi" }] }],
    ["messages[0].content", { model: "m", messages: [{ role: "user" }] }],
    ["messages[0].content[0].type", { model: "m", messages: [{ role: "user", content: [{}] }] }],
    [
      "messages[0].content[0].image_url.url",
      { model: "m", messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: 1 } }] }] },
    ],
    [
      "messages[0].content[0].image_url.url",
      {
        model: "m",
        messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:,x" } }] }],
      },
    ],
    [
      "messages[0].content[0].type",
      { model: "m", messages: [{ role: "system", content: [{ type: "file" }] }] },
    ],
    ["messages[0].tool_call_id", { model: "m", messages: [{ role: "tool", content: "x" }] }],
    [
      "messages[0].tool_calls[0].id",
      { model: "m", messages: [{ role: "assistant", tool_calls: [{ function: { name: "a" } }] }] },
    ],
    ["stream", { ...minimal, stream: "yes" }],
    ["n", { ...minimal, n: 1.5 }],
    ["stop", { ...minimal, stop: [1] }],
    ["reasoning_effort", { ...minimal, reasoning_effort: "huge" }],
    ["response_format.type", { ...minimal, response_format: { type: "xml" } }],
    ["response_format.json_schema", { ...minimal, response_format: { type: "json_schema" } }],
    ["tools[0].function", { ...minimal, tools: [{ type: "function" }] }],
    ["tool_choice", { ...minimal, tool_choice: "maybe" }],
    ["metadata", { ...minimal, metadata: { a: 1 } }],
    [
      "google.thinking_config",
      { ...minimal, reasoning_effort: "low", google: { thinking_config: { thinking_budget: 1 } } },
    ],
  ])("the first wrong field is named: %s", (field, body) => {
    expect(problem(body)).toMatchObject({ code: "invalid-request", field });
  });

  test.each<[string, Json]>([
    ["messages[0].role", { model: "m", messages: [{ role: "function", name: "f", content: "x" }] }],
    [
      "messages[0].function_call",
      { model: "m", messages: [{ role: "assistant", function_call: { name: "f" } }] },
    ],
    ["functions", { ...minimal, functions: [] }],
    ["tool_choice.type", { ...minimal, tool_choice: { type: "custom", custom: { name: "sql" } } }],
  ])("what nothing behind us can serve is said so: %s", (field, body) => {
    expect(problem(body)).toMatchObject({ code: "unsupported-feature", field });
  });

  test("a message never quotes what the client wrote", () => {
    expect(problem({ ...minimal, reasoning_effort: "my secret" }).message).not.toContain("secret");
  });

  test("too deep a nesting is a problem, not an overflow", () => {
    const deep = JSON.parse(`{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`) as JsonObject;
    expect(problem({ ...minimal, ...deep })).toMatchObject({ code: "invalid-request", field: "body" });
  });
});
