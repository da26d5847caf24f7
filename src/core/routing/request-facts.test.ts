import { expect, test } from "vitest";
import type { ChatRequest } from "#core/llm/request.ts";
import { estimatedPartTokens, estimatedTextTokens } from "./estimated-tokens.ts";
import { chatFacts, embeddingFacts } from "./request-facts.ts";

const request: ChatRequest = {
  model: "route",
  stream: true,
  messages: [
    { role: "system", parts: [{ type: "text", text: "Be brief." }] },
    {
      role: "user",
      parts: [
        { type: "text", text: "What is this?" },
        { type: "media", kind: "image", source: { type: "url", url: "https://example.com/a.png" } },
      ],
    },
    { role: "assistant", parts: [{ type: "tool-call", name: "look", argumentsJson: "{}" }] },
    { role: "tool", parts: [{ type: "tool-result", content: { seen: true } }] },
  ],
  tools: [{ type: "function", name: "look", notation: "json-schema" }],
  toolChoice: { type: "default" },
  output: { type: "json-schema", schema: { type: "object" }, notation: "json-schema" },
  parameters: { maxOutputTokens: 50 },
  thinking: {},
  safety: [],
  includeUsage: false,
};

test("the facts of a chat request", () => {
  const { inputTokens, ...facts } = chatFacts(request, { tags: { tier: "free" } });
  expect(facts).toEqual({
    operation: "chat",
    stream: true,
    maxOutputTokens: 50,
    mediaKinds: new Set(["image"]),
    hasTools: true,
    hasSchema: true,
    turns: 2,
    tags: { tier: "free" },
  });
  // 1,000 for the image; the rest is a few words, a tool and a schema.
  expect(inputTokens).toBeGreaterThan(1_020);
  expect(inputTokens).toBeLessThan(1_060);
});

test("the facts of an embedding request hold the longest input, since each has the context to itself", () => {
  const facts = embeddingFacts({
    model: "m",
    inputs: ["a".repeat(400), "b"],
    encoding: "float",
    batch: true,
  });
  expect(facts).toMatchObject({ operation: "embeddings", inputTokens: 100, hasTools: false });
});

test("a request says whether it wants thinking, and what it requires of deployments", () => {
  const thinks = (thinking: ChatRequest["thinking"]) => chatFacts({ ...request, thinking }).thinks;
  expect([{}, { level: "none" as const }, { budgetTokens: 0 }].map(thinks)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect([{ level: "low" as const }, { budgetTokens: -1 }].map(thinks)).toEqual([true, true]);
  expect(chatFacts(request, { tags: { "require.region": "eu", tier: "free" } }).requires).toEqual({
    region: ["eu"],
  });
  expect(chatFacts(request, { tags: { tier: "free" } }).requires).toBeUndefined();
});

test("a text's tokens are a quarter of its bytes", () => {
  expect(estimatedTextTokens("")).toBe(0);
  expect(estimatedTextTokens("four")).toBe(1);
  expect(estimatedTextTokens("fours")).toBe(2);
  expect(estimatedTextTokens("日本語")).toBe(3);
});

test("inline sound counts by its size", () => {
  const base64 = Buffer.alloc(500_000).toString("base64");
  const tokens = estimatedPartTokens({ type: "media", kind: "audio", source: { type: "inline", base64 } });
  expect(tokens).toBeGreaterThanOrEqual(1_000);
  expect(tokens).toBeLessThanOrEqual(1_001);
});
