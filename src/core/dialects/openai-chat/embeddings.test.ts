import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "#core/kernel/json.ts";
import { decodeEmbeddingResponse, encodeEmbeddingRequest } from "./client-embeddings.ts";
import { readFloat32Base64, writeFloat32Base64 } from "./float32-base64.ts";
import { decodeEmbeddingRequest, encodeEmbeddingResponse } from "./server-embeddings.ts";

describe("embedding requests", () => {
  test("one text or several, with what OpenAI's SDK sends", () => {
    expect(
      decodeEmbeddingRequest({ model: "e", input: "a", encoding_format: "base64", dimensions: 3 }),
    ).toEqual({
      ok: true,
      value: { model: "e", inputs: ["a"], encoding: "base64", batch: true, dimensions: 3 },
    });
    expect(decodeEmbeddingRequest({ model: "e", input: ["a", "b"], x: 1 })).toMatchObject({
      value: { inputs: ["a", "b"], extra: { fields: { x: 1 } } },
    });
  });

  test.each<[Json, string, string]>([
    [{ model: "e", input: [1, 2] }, "unsupported-feature", "input"],
    [{ model: "e", input: [[1], [2]] }, "unsupported-feature", "input"],
    [{ model: "e", input: [] }, "invalid-request", "input"],
    [{ model: "e" }, "invalid-request", "input"],
    [{ input: "a" }, "invalid-request", "model"],
    [{ model: "e", input: "a", encoding_format: "hex" }, "invalid-request", "encoding_format"],
    [5, "invalid-request", "body"],
  ])("%j is %s", (body, code, field) => {
    expect(decodeEmbeddingRequest(body)).toMatchObject({ ok: false, error: { code, field } });
  });

  test("Gemini's task type and title are left out by name", () => {
    const request = {
      model: "r",
      inputs: ["a"],
      encoding: "float",
      batch: false,
      taskType: "CLUSTERING",
      title: "t",
    } as const;
    expect(encodeEmbeddingRequest(request, "e")).toMatchObject({
      ok: true,
      value: { body: { model: "e", input: "a" }, warnings: [{ field: "taskType" }, { field: "title" }] },
    });
  });
});

describe("embedding answers", () => {
  const request = { model: "e", inputs: ["a"], batch: true } as const;

  test("numbers or base64, as the client asked; usage only where reported", () => {
    const response = { vectors: [[1, -0.5]] };
    expect(encodeEmbeddingResponse(response, { ...request, encoding: "float" })).toEqual({
      object: "list",
      data: [{ object: "embedding", index: 0, embedding: [1, -0.5] }],
      model: "e",
    });
    expect(
      encodeEmbeddingResponse({ ...response, inputTokens: 3 }, { ...request, encoding: "base64" }),
    ).toMatchObject({
      data: [{ embedding: "AACAPwAAAL8=" }],
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
  });

  test("vectors are put into the order of the inputs", () => {
    const body = {
      data: [
        { index: 1, embedding: [2] },
        { index: 0, embedding: "AACAPw==" },
      ],
      usage: { prompt_tokens: 2 },
    };
    expect(decodeEmbeddingResponse(body)).toEqual({
      ok: true,
      value: { vectors: [[1], [2]], inputTokens: 2 },
    });
  });

  test.each<Json>([
    {},
    { data: 1 },
    { data: [{ embedding: ["x"] }] },
    { data: [{ embedding: "AAA=" }] },
    { data: [5] },
  ])("%j is malformed", (body) => {
    expect(decodeEmbeddingResponse(body)).toMatchObject({ ok: false, error: { kind: "malformed-answer" } });
  });

  test("law: floats survive base64", () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true })), (numbers) => {
        expect(readFloat32Base64(writeFloat32Base64(numbers))).toEqual(numbers);
      }),
    );
  });
});
