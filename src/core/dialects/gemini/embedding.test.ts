import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "#core/kernel/json.ts";
import type { EmbeddingRequest } from "#core/llm/embedding.ts";
import { damaged, jsonValues } from "../../../../test/support/arbitraries.ts";
import { decodeEmbeddingRequest, encodeEmbeddingRequest } from "./embedding-request.ts";
import { decodeEmbeddingResponse, encodeEmbeddingResponse } from "./embedding-response.ts";

const one = {
  model: "models/gemini-embedding-001",
  content: { parts: [{ text: "hello " }, { text: "world" }] },
  taskType: "RETRIEVAL_DOCUMENT",
  title: "t",
  outputDimensionality: 256,
};
const two = { ...one, content: { parts: [{ text: "b" }] } };
const wanted: EmbeddingRequest = {
  model: "gemini-embedding-001",
  inputs: ["hello world"],
  taskType: "RETRIEVAL_DOCUMENT",
  title: "t",
  dimensions: 256,
  encoding: "float",
  batch: false,
};

describe("an embedding request", () => {
  test("for one text is read, the path's model first", () => {
    expect(decodeEmbeddingRequest(one, {})).toEqual({ ok: true, value: wanted });
    expect(decodeEmbeddingRequest(one, { model: "mine" })).toMatchObject({ value: { model: "mine" } });
  });

  test("for several texts is read", () => {
    const read = decodeEmbeddingRequest(
      { requests: [one, two] },
      { model: "gemini-embedding-001", batch: true },
    );
    expect(read).toEqual({ ok: true, value: { ...wanted, inputs: ["hello world", "b"], batch: true } });
  });

  test.each<readonly [string, Json, string, string]>([
    ["no requests", {}, "requests", "invalid-request"],
    [
      "options that differ",
      { requests: [one, { ...two, title: "u" }] },
      "requests[1]",
      "unsupported-feature",
    ],
    [
      "an image",
      { requests: [{ content: { parts: [{ inlineData: {} }] } }] },
      "requests[0].content.parts[0]",
      "unsupported-feature",
    ],
    ["no content", { requests: [{}] }, "requests[0].content", "invalid-request"],
  ])("with %s is refused by its field", (_name, body, field, code) => {
    expect(decodeEmbeddingRequest(body, { model: "m", batch: true })).toMatchObject({
      ok: false,
      error: { field, code },
    });
  });

  test("is written for one text or for a list, as asked", () => {
    const item = { ...one, content: { parts: [{ text: "hello world" }] } };
    expect(encodeEmbeddingRequest(wanted, "gemini-embedding-001")).toEqual({
      ok: true,
      value: { body: item, warnings: [] },
    });
    expect(encodeEmbeddingRequest({ ...wanted, batch: true }, "gemini-embedding-001")).toMatchObject({
      value: { body: { requests: [item] } },
    });
    expect(encodeEmbeddingRequest({ ...wanted, inputs: ["a", "b"] }, "m")).toMatchObject({ ok: false });
    expect(encodeEmbeddingRequest({ ...wanted, inputs: [] }, "m")).toMatchObject({ ok: false });
  });
});

describe("an embedding answer", () => {
  test.each([
    [{ embedding: { values: [0.1, -0.2] } }, wanted],
    [{ embeddings: [{ values: [0.1] }, { values: [0.2] }] }, { ...wanted, batch: true }],
    [
      { embeddings: [{ values: [1] }], usageMetadata: { promptTokenCount: 3 } },
      { ...wanted, batch: true },
    ],
  ])("%j is the same again when it is written", (body, request) => {
    const read = decodeEmbeddingResponse(body);
    if (!read.ok) throw new Error(read.error.message);
    expect(encodeEmbeddingResponse(read.value, request)).toEqual(body);
  });

  test("law: any JSON is read or refused, never thrown on", () => {
    fc.assert(
      fc.property(fc.oneof(jsonValues, damaged(fc.constant({ requests: [one, two] }))), (body) => {
        for (const batch of [true, false]) {
          const read = decodeEmbeddingRequest(body, { model: "m", batch });
          if (read.ok) encodeEmbeddingRequest(read.value, "m");
        }
        expect(decodeEmbeddingResponse(body).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
