import { describe, expect, test } from "vitest";
import type { Json } from "#core/kernel/json.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import { gemini } from "#core/dialects/gemini/gemini.ts";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { levelGemini } from "../../../../test/support/upstream-models.ts";
import { vertex } from "./vertex.ts";

function read(dialect: typeof gemini | typeof openaiChat, body: Json): ChatRequest {
  const decoded = dialect.server.decodeRequest(body, { model: "chat" });
  if (!decoded.ok) expect.unreachable(decoded.error.message);
  return decoded.value;
}

function written(request: ChatRequest) {
  const encoded = vertex.client.encodeRequest(request, levelGemini);
  if (!encoded.ok) expect.unreachable(encoded.error.message);
  return encoded.value;
}

const hello = [{ role: "user", content: "Hello" }];

describe("a request", () => {
  test("names the role of each turn, also where the client left it out", () => {
    expect(written(read(gemini, { contents: [{ parts: [{ text: "Hello" }] }] })).body["contents"]).toEqual([
      { role: "user", parts: [{ text: "Hello" }] },
    ]);
  });

  test("carries metadata as labels, and names what is none", () => {
    const metadata = { team: "support", Upper: "x", long: "v".repeat(64), "1st": "x", empty: "" };
    const { body, warnings } = written(read(openaiChat, { model: "chat", messages: hello, metadata }));
    expect(body["labels"]).toEqual({ team: "support", empty: "" });
    expect(warnings.map(({ field }) => field)).toEqual(["metadata.Upper", "metadata.long", "metadata.1st"]);
  });

  test("carries at most 64 labels", () => {
    const many = Object.fromEntries(Array.from({ length: 70 }, (_, index) => [`k${index}`, "v"]));
    const { body, warnings } = written({
      ...read(gemini, { contents: [{ parts: [{ text: "Hello" }] }] }),
      metadata: many,
    });
    expect(Object.keys(body["labels"] ?? {})).toHaveLength(64);
    expect(warnings).toHaveLength(6);
  });

  test("keeps labels and tier of a Gemini client, and leaves out by name what only the Gemini API has", () => {
    const { body, warnings } = written(
      read(gemini, {
        contents: [{ role: "user", parts: [{ text: "Hello" }] }],
        labels: { team: "support" },
        serviceTier: "priority",
        store: true,
        generationConfig: { temperature: 0.5, enableEnhancedCivicAnswers: true },
      }),
    );
    expect(body).toMatchObject({ labels: { team: "support" }, serviceTier: "priority" });
    expect(body["generationConfig"]).toEqual({ temperature: 0.5 });
    expect(body).not.toHaveProperty("store");
    expect(warnings.map(({ field }) => field)).toEqual(["store", "enableEnhancedCivicAnswers"]);
  });

  test("is called with a bearer token", () => {
    expect(vertex.client.credentialHeaders("t")).toEqual({ authorization: "Bearer t" });
  });
});

test("tokens are counted of contents, instructions, tools and settings only", () => {
  const { body } = written(
    read(gemini, {
      systemInstruction: { parts: [{ text: "Be brief" }] },
      contents: [{ parts: [{ text: "Hello" }] }],
      safetySettings: [{ category: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_NONE" }],
      labels: { team: "support" },
    }),
  );
  const counted = vertex.client.tokenCounting?.encode(body, "gemini-3.8-flash") ?? {};
  expect(Object.keys(counted)).toEqual(["contents", "systemInstruction"]);
});

describe("embeddings", () => {
  const request = {
    model: "m",
    encoding: "float",
    batch: true,
    dimensions: 8,
    taskType: "RETRIEVAL_QUERY",
  } as const;
  const encode = (inputs: readonly string[], model: string) =>
    vertex.client.encodeEmbeddingRequest({ ...request, inputs }, model);

  test("of gemini-embedding-001 and older ones are predicted", () => {
    expect(vertex.client.embeddingPath("gemini-embedding-001", true)).toBe(
      "/models/gemini-embedding-001:predict",
    );
    expect(encode(["one", "two"], "gemini-embedding-001")).toMatchObject({
      value: {
        body: {
          instances: [
            { content: "one", task_type: "RETRIEVAL_QUERY" },
            { content: "two", task_type: "RETRIEVAL_QUERY" },
          ],
          parameters: { outputDimensionality: 8 },
        },
      },
    });
    const answer = {
      predictions: [
        { embeddings: { values: [0.5, 1], statistics: { token_count: 3, truncated: false } } },
        { embeddings: { values: [1, 0.5], statistics: { token_count: 4, truncated: false } } },
      ],
    };
    expect(vertex.client.decodeEmbeddingResponse(answer)).toEqual({
      ok: true,
      value: {
        vectors: [
          [0.5, 1],
          [1, 0.5],
        ],
        inputTokens: 7,
      },
    });
  });

  test("of newer ones go one a call", () => {
    expect(vertex.client.embeddingPath("gemini-embedding-2", true)).toBe(
      "/models/gemini-embedding-2:embedContent",
    );
    expect(encode(["one"], "gemini-embedding-2")).toMatchObject({
      value: {
        body: {
          content: { role: "user", parts: [{ text: "one" }] },
          embedContentConfig: { taskType: "RETRIEVAL_QUERY", outputDimensionality: 8 },
        },
      },
    });
    expect(encode(["one", "two"], "gemini-embedding-2")).toMatchObject({
      ok: false,
      error: { field: "input" },
    });
  });

  test.each([
    { predictions: [] },
    { predictions: [{}] },
    { predictions: [{ embeddings: { values: ["x"] } }] },
    { predictions: [{ embeddings: { values: [] } }] },
  ])("that are none are malformed: %j", (answer) => {
    expect(vertex.client.decodeEmbeddingResponse(answer)).toMatchObject({
      ok: false,
      error: { kind: "malformed-answer" },
    });
  });
});

describe("an answer", () => {
  test.each([
    ["ON_DEMAND", "standard"],
    ["ON_DEMAND_FLEX", "flex"],
    ["ON_DEMAND_PRIORITY", "priority"],
    ["PROVISIONED_THROUGHPUT", undefined],
  ])("with the traffic type %s was served as %s, and passes it on", (trafficType, serviceTier) => {
    const decoded = vertex.client.decodeResponse({
      candidates: [{ content: { role: "model", parts: [{ text: "Hi" }] }, finishReason: "STOP" }],
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2, trafficType },
      createTime: "2026-11-25T00:00:00Z",
    });
    expect(decoded.ok && decoded.value.usage?.serviceTier).toBe(serviceTier);
  });

  test("that Model Armor blocked is a filtered one", () => {
    const decoded = vertex.client.decodeResponse({
      candidates: [{ content: { role: "model", parts: [] }, finishReason: "MODEL_ARMOR" }],
    });
    expect(decoded.ok && decoded.value.candidates[0]?.finish).toEqual({
      reason: "content-filter",
      raw: "MODEL_ARMOR",
    });
  });
});

describe("a refusal", () => {
  const kind = (status: number, error: Json) =>
    vertex.client.decodeError(status, {}, JSON.stringify({ error }), 0).kind;

  test.each([
    [
      429,
      "Resource exhausted. Please try again later. Please refer to https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details.",
      "RESOURCE_EXHAUSTED",
      "overloaded",
    ],
    [
      429,
      "Resource has been exhausted. See https://cloud.google.com/vertex-ai/generative-ai/docs/quotas for details.",
      "RESOURCE_EXHAUSTED",
      "overloaded",
    ],
    [
      429,
      "Quota exceeded for aiplatform.googleapis.com/generate_content_requests_per_minute_per_project_per_base_model with base model: gemini-2.5-flash.",
      "RESOURCE_EXHAUSTED",
      "rate-limited",
    ],
    [401, "Request had invalid authentication credentials.", "UNAUTHENTICATED", "credential"],
    [403, "Permission 'aiplatform.endpoints.predict' denied on resource.", "PERMISSION_DENIED", "credential"],
    [
      404,
      "Publisher Model `projects/p/locations/europe-west4/publishers/google/models/gemini-9` was not found.",
      "NOT_FOUND",
      "model-gone",
    ],
    [400, "Please use a valid role: user, model.", "INVALID_ARGUMENT", "invalid-request"],
    [499, "The operation was cancelled.", "CANCELLED", "invalid-request"],
  ])("%i %s is %s: %s", (code, message, status, wanted) => {
    expect(kind(code, { code, message, status })).toBe(wanted);
  });
});
