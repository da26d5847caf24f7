import type { EncodedRequest, RequestProblem, Warning } from "#core/dialects/dialect.ts";
import { encodeEmbeddingRequest as encodeForGemini } from "#core/dialects/gemini/embedding-request.ts";
import { decodeEmbeddingResponse as decodeFromGemini } from "#core/dialects/gemini/embedding-response.ts";
import type { Fields } from "#core/dialects/gemini/fields.ts";
import { readAnswer } from "#core/dialects/gemini/malformed-answer.ts";
import { modelPath } from "#core/dialects/gemini/paths.ts";
import { count } from "#core/dialects/gemini/usage.ts";
import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { EmbeddingRequest, EmbeddingResponse } from "#core/llm/embedding.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";

/** Path below the base URL for an embedding call. */
export function embeddingPath(model: string): string {
  return modelPath(model, embedsContent(model) ? "embedContent" : "predict");
}

/** The newer models have embedContent, one text a call; the others predict: js-genai 3.3.0, `tIsVertexEmbedContentModel`. */
function embedsContent(model: string): boolean {
  return (model.includes("gemini") && model !== "gemini-embedding-001") || model.includes("maas");
}

/** Writes an embedContent or a predict body, as the model wants it. */
export function encodeEmbeddingRequest(
  request: EmbeddingRequest,
  model: string,
): Result<EncodedRequest, RequestProblem> {
  const one = embedsContent(model);
  if (one && request.inputs.length > 1) return failed(oneOnly(model));
  // Written by the Gemini dialect first, for what it notes of the request.
  const encoded = encodeForGemini({ ...request, batch: true }, model);
  if (!encoded.ok) return encoded;
  const body = one ? contentBody(request) : predictBody(request);
  return ok({ body, warnings: [...encoded.value.warnings, ...droppedExtra(request)] });
}

/** What the Gemini API alone knows; fields of other dialects are named already. */
function droppedExtra({ extra }: EmbeddingRequest): readonly Warning[] {
  if (extra?.dialect !== "gemini") return [];
  return Object.keys(extra.fields).map((field) => ({
    code: "dropped-field",
    field,
    message: `"${field}" was left out: Vertex AI has no such field for embeddings`,
  }));
}

function oneOnly(model: string): RequestProblem {
  return {
    code: "unsupported-feature",
    message: `Cannot send "input" to Vertex AI: ${model} embeds one text a call, got several`,
    field: "input",
  };
}

function contentBody({ inputs, taskType, title, dimensions }: EmbeddingRequest): JsonObject {
  const config = present({ taskType, title, outputDimensionality: dimensions });
  return {
    content: { role: "user", parts: inputs.map((text) => ({ text })) },
    ...(Object.keys(config).length > 0 && { embedContentConfig: config }),
  };
}

function predictBody({ inputs, taskType, title, dimensions }: EmbeddingRequest): JsonObject {
  return {
    instances: inputs.map((content) => ({ content, ...present({ task_type: taskType, title }) })),
    ...(dimensions !== undefined && { parameters: { outputDimensionality: dimensions } }),
  };
}

/** Reads the answer of embedContent or of predict, whichever it is. */
export function decodeEmbeddingResponse(body: Json): Result<EmbeddingResponse, UpstreamFailure> {
  if (!isJsonObject(body) || body["predictions"] === undefined) return decodeFromGemini(body);
  return readAnswer(body, (answer) => {
    const embeddings = answer.children("predictions").map((prediction) => {
      const embedding = prediction.child("embeddings");
      if (!embedding) prediction.invalid("embeddings", "an object");
      return embedding;
    });
    const found = embeddings.filter((embedding) => embedding !== undefined);
    if (found.length === 0) answer.invalid("predictions", "at least one vector");
    return { vectors: found.map(vectorOf), ...tokensOf(found) };
  });
}

function vectorOf(embedding: Fields): readonly number[] {
  const values = embedding.value("values");
  const isVector = isList(values) && values.length > 0;
  if (isVector && values.every((value) => typeof value === "number")) return values;
  embedding.invalid("values", "an array of numbers");
  return [];
}

function tokensOf(embeddings: readonly Fields[]): { readonly inputTokens?: number } {
  const counts = embeddings.flatMap((embedding) => {
    const tokens = embedding.child("statistics")?.value("tokenCount");
    return tokens === undefined ? [] : [count(tokens)];
  });
  return counts.length === 0 ? {} : { inputTokens: counts.reduce((sum, tokens) => sum + tokens, 0) };
}
