import { describe, expect, test } from "vitest";
import { gemini } from "#core/dialects/gemini/gemini.ts";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import type { Json } from "#core/kernel/json.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import { chatFacts, embeddingFacts } from "#core/routing/request-facts.ts";
import { defaultResilience } from "#core/routing/route-resilience.ts";
import { costBoundsOf } from "#features/gateway/cost-bounds.ts";
import { MemoryClient } from "../../../test/support/memory-client.ts";

const arrival = {
  requestId: "019b0000-0000-7000-8000-000000000001",
  startedAtMs: 0,
  startedMs: 0,
  queueMs: 0,
  dialect: openaiChat,
  tags: {},
};

function boundsOf(request: ChatRequest) {
  const asked = {
    arrival,
    client: new MemoryClient(),
    model: "r",
    stream: false,
    facts: chatFacts(request),
    request,
  };
  return costBoundsOf(asked, defaultResilience);
}

function ofOpenai(fields: { readonly [name: string]: Json }) {
  const messages = [{ role: "user", content: "hi" }];
  const decoded = openaiChat.server.decodeRequest({ model: "r", messages, ...fields }, {});
  if (!decoded.ok) expect.unreachable(decoded.error.message);
  return boundsOf(decoded.value);
}

function ofGemini(part: Json, fields: { readonly [name: string]: Json } = {}) {
  const body = { contents: [{ role: "user", parts: [{ text: "hi" }, part] }], ...fields };
  const decoded = gemini.server.decodeRequest(body, { model: "r" });
  if (!decoded.ok) expect.unreachable(decoded.error.message);
  return boundsOf(decoded.value);
}

describe("what bounds the cost of a request", () => {
  test("is the bound of its answer, for each answer that it asks for", () => {
    expect(ofOpenai({ max_tokens: 100 })).toMatchObject({
      outputTokensMax: 100,
      answers: 1,
      readsMore: false,
    });
    expect(ofOpenai({ max_tokens: 100, n: 8 })).toMatchObject({ outputTokensMax: 100, answers: 8 });
  });

  test("is no bound below 1, which some servers take for none", () => {
    expect(ofOpenai({ max_tokens: -1 }).outputTokensMax).toBeUndefined();
    expect(ofOpenai({ max_tokens: 0, n: -3 })).toMatchObject({ answers: 1 });
  });

  test("is not our count of the prompt where that only names what the model reads", () => {
    const film = { fileData: { fileUri: "https://www.youtube.com/watch?v=x", mimeType: "video/mp4" } };
    expect(ofGemini(film).readsMore).toBe(true);
    expect(ofGemini({ text: "" }, { cachedContent: "cachedContents/x" }).readsMore).toBe(true);
    expect(ofGemini({ text: "" }, { tools: [{ urlContext: {} }] }).readsMore).toBe(true);
    expect(ofGemini({ inlineData: { data: "AAAA", mimeType: "video/mp4" } }).readsMore).toBe(false);
    expect(
      ofGemini({ fileData: { fileUri: "https://a.example/b.png", mimeType: "image/png" } }).readsMore,
    ).toBe(false);
  });

  test("is the prompt alone where vectors are asked for: of all texts together", () => {
    const request = {
      model: "r",
      inputs: ["one two", "three four"],
      encoding: "float" as const,
      batch: true,
    };
    const facts = embeddingFacts(request);
    const asked = { arrival, client: new MemoryClient(), model: "r", stream: false, facts, promptTokens: 5 };
    expect(costBoundsOf(asked, defaultResilience)).toMatchObject({ promptTokens: 5, answers: 0 });
  });
});
