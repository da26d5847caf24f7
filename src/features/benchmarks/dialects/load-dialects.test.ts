import { describe, expect, test } from "vitest";
import type { JsonObject } from "#core/kernel/json.ts";
import { geminiLoad } from "./gemini-load.ts";
import { openAiLoad } from "./openai-load.ts";

const turns = [
  { by: "user", text: "Hello" },
  { by: "model", text: "Hi" },
  { by: "user", text: "And?" },
] as const;

describe("the address", () => {
  const order = { model: "some-model", stream: true };
  test.each([
    ["http://a:1", "http://a:1/v1/chat/completions"],
    ["http://a:1/", "http://a:1/v1/chat/completions"],
    ["https://a/v1", "https://a/v1/chat/completions"],
    ["https://a/v1beta/openai/", "https://a/v1beta/openai/chat/completions"],
    ["https://a/x/chat/completions", "https://a/x/chat/completions"],
  ])("of OpenAI's dialect below %s", (base, url) => {
    expect(openAiLoad.url(base, order)).toBe(url);
  });

  test.each([
    ["http://a:1", true, "http://a:1/v1beta/models/some-model:streamGenerateContent?alt=sse"],
    ["http://a:1/gemini/v1beta", false, "http://a:1/gemini/v1beta/models/some-model:generateContent"],
  ])("of Gemini's below %s, streamed: %s", (base, stream, url) => {
    expect(geminiLoad.url(base, { ...order, stream })).toBe(url);
  });
});

describe("the body", () => {
  test("of OpenAI's dialect asks for the usage of a stream", () => {
    expect(openAiLoad.body({ model: "m", stream: true, turns, outputTokensMax: 9 })).toEqual({
      model: "m",
      messages: [
        { role: "user", content: "Hello" },
        { role: "assistant", content: "Hi" },
        { role: "user", content: "And?" },
      ],
      max_tokens: 9,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(openAiLoad.body({ model: "m", stream: false, turns: [] })).toEqual({ model: "m", messages: [] });
  });

  test("of Gemini's has contents and their bound", () => {
    expect(geminiLoad.body({ model: "m", stream: true, turns, outputTokensMax: 9 })).toEqual({
      contents: [
        { role: "user", parts: [{ text: "Hello" }] },
        { role: "model", parts: [{ text: "Hi" }] },
        { role: "user", parts: [{ text: "And?" }] },
      ],
      generationConfig: { maxOutputTokens: 9 },
    });
  });

  test("keys go where each dialect has them", () => {
    expect(openAiLoad.headers("k")).toEqual({ authorization: "Bearer k" });
    expect(geminiLoad.headers("k")).toEqual({ "x-goog-api-key": "k" });
    expect([openAiLoad.headers(undefined), geminiLoad.headers(undefined)]).toEqual([{}, {}]);
  });
});

describe("an event of OpenAI's dialect", () => {
  const choice = (delta: JsonObject, finish_reason: string | null = null) => ({
    choices: [{ delta, finish_reason }],
  });
  test.each([
    [choice({ role: "assistant", content: "" }), "role", ""],
    [choice({ content: "Hi" }), "content", "Hi"],
    [choice({ reasoning_content: "Hm" }), "reasoning", ""],
    [choice({ reasoning: "Hm" }), "reasoning", ""],
    [choice({ reasoning: "Hm", content: "Hi" }), "content", "Hi"],
    [choice({ tool_calls: [{ index: 0 }] }), "tool", ""],
    [choice({ tool_calls: null, content: null }), "role", ""],
    [{ choices: [] }, "usage", ""],
  ])("%j is %s", (data, kind, text) => {
    expect(openAiLoad.readEvent(data)).toEqual({ kind, text, isFinal: false });
  });

  test("tells the end, the usage with its thinking, and errors", () => {
    expect(openAiLoad.readEvent(choice({}, "stop"))).toEqual({ kind: "role", text: "", isFinal: true });
    const usage = {
      prompt_tokens: 7,
      completion_tokens: 9,
      completion_tokens_details: { reasoning_tokens: 4 },
    };
    expect(openAiLoad.readEvent({ choices: [], usage }).usage).toEqual({ input: 7, output: 9, reasoning: 4 });
    expect(openAiLoad.readEvent({ choices: [], usage: null })).not.toHaveProperty("usage");
    expect(openAiLoad.readEvent({ error: { code: 503, message: "secret" } }).error).toBe("503");
    expect(openAiLoad.readEvent({ error: "secret" }).error).toBe("without a code");
  });
});

describe("an event of Gemini's dialect", () => {
  const parts = (...list: readonly JsonObject[]) => ({ candidates: [{ content: { parts: list } }] });
  test.each([
    [parts({ text: "Hi" }), "content", "Hi"],
    [parts({ text: "Hm", thought: true }), "reasoning", ""],
    [parts({ text: "Hm", thought: true }, { text: "Hi" }), "content", "Hi"],
    [parts({ functionCall: { name: "f" } }), "tool", ""],
    [parts({ text: "" }), "role", ""],
    [{ candidates: [{}] }, "role", ""],
    [{}, "usage", ""],
  ])("%j is %s", (data, kind, text) => {
    expect(geminiLoad.readEvent(data)).toEqual({ kind, text, isFinal: false });
  });

  test("tells the end, the usage with its thinking, and errors", () => {
    const data = {
      candidates: [{ finishReason: "STOP" }],
      usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 5, thoughtsTokenCount: 4 },
    };
    expect(geminiLoad.readEvent(data)).toEqual({
      kind: "role",
      text: "",
      isFinal: true,
      usage: { input: 7, output: 9, reasoning: 4 },
    });
    expect(geminiLoad.readEvent({ error: { status: "UNAVAILABLE" } }).error).toBe("UNAVAILABLE");
  });
});

test("an answer that comes whole has its text and usage", () => {
  const usage = { prompt_tokens: 1, completion_tokens: 2 };
  expect(openAiLoad.readWhole({ choices: [{ message: { content: "Hi" } }], usage })).toEqual({
    text: "Hi",
    usage: { input: 1, output: 2, reasoning: 0 },
  });
  const candidates = [{ content: { parts: [{ text: "H" }, { text: "i" }] } }];
  expect(geminiLoad.readWhole({ candidates, usageMetadata: { promptTokenCount: 1 } })).toEqual({
    text: "Hi",
    usage: { input: 1, output: 0, reasoning: 0 },
  });
  expect([openAiLoad.readWhole({}), geminiLoad.readWhole({})]).toEqual([{ text: "" }, { text: "" }]);
});
