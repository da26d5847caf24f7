import type { Json, JsonObject } from "#core/kernel/json.ts";
import type { Result } from "#core/kernel/result.ts";
import type { EmbeddingRequest, EmbeddingResponse } from "#core/llm/embedding.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { isList } from "#core/kernel/json.ts";
import { type Fields } from "./fields.ts";
import { readAnswer } from "./malformed-answer.ts";
import { count } from "./usage.ts";

/** Reads the answer of embedContent or batchEmbedContents. */
export function decodeEmbeddingResponse(body: Json): Result<EmbeddingResponse, UpstreamFailure> {
  return readAnswer(body, (answer) => {
    const one = answer.child("embedding");
    const vectors = (one ? [one] : answer.children("embeddings")).map(vectorOf);
    if (vectors.length === 0) answer.invalid("embeddings", "at least one vector");
    const tokens = answer.child("usageMetadata")?.value("promptTokenCount");
    return { vectors, ...(tokens !== undefined && { inputTokens: count(tokens) }) };
  });
}

function vectorOf(embedding: Fields): readonly number[] {
  const values = embedding.value("values");
  const isVector = isList(values) && values.length > 0;
  if (!isVector || !values.every((value) => typeof value === "number")) {
    embedding.invalid("values", "an array of numbers");
    return [];
  }
  return values;
}

/** Writes the answer in the shape that the request asked for. */
export function encodeEmbeddingResponse(response: EmbeddingResponse, request: EmbeddingRequest): JsonObject {
  const embeddings = response.vectors.map((values) => ({ values }));
  const { inputTokens } = response;
  return {
    ...(request.batch ? { embeddings } : { embedding: embeddings[0] ?? { values: [] } }),
    ...(inputTokens !== undefined && { usageMetadata: { promptTokenCount: inputTokens } }),
  };
}
