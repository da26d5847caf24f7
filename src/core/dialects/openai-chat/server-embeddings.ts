import type { EmbeddingServer, RequestProblem } from "#core/dialects/dialect.ts";
import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { EmbeddingRequest, EmbeddingResponse } from "#core/llm/embedding.ts";
import { extraOf } from "./extra-fields.ts";
import { isList } from "#core/kernel/json.ts";
import { kindOf } from "#core/dialects/kind-of.ts";
import { Fields } from "#core/dialects/fields.ts";
import { writeFloat32Base64 } from "./float32-base64.ts";
import { nestsTooDeep } from "#core/kernel/nesting.ts";
import { present } from "#core/kernel/present.ts";
import { Problems } from "#core/dialects/problems.ts";

/** Reads the body of POST /embeddings. Tokens in place of texts cannot be served: every model has its own. */
export function decodeEmbeddingRequest(body: Json): Result<EmbeddingRequest, RequestProblem> {
  const problems = new Problems();
  const isReadable = isJsonObject(body) && !nestsTooDeep(body);
  if (!isReadable) problems.invalid("body", "a JSON object of little nesting", kindOf(body));
  const request = readRequest(new Fields(isReadable ? body : {}, problems));
  return problems.first ? failed(problems.first) : ok(request);
}

function readRequest(request: Fields): EmbeddingRequest {
  return {
    model: request.requiredText("model").replace(/^models\//, ""),
    inputs: readInputs(request),
    encoding: request.word("encoding_format", ["float", "base64"]) ?? "float",
    batch: true,
    ...present({ dimensions: request.integer("dimensions"), user: request.text("user") }),
    ...extraOf(request.object, {
      model: true,
      input: true,
      encoding_format: true,
      dimensions: true,
      user: true,
    }),
  };
}

function readInputs(request: Fields): readonly string[] {
  const input = request.value("input");
  if (typeof input === "string") return [input];
  if (isList(input) && input.length > 0 && input.every((item) => typeof item === "string")) return input;
  if (isList(input) && input.length > 0 && input.every((item) => typeof item === "number" || isList(item))) {
    request.problems.unsupported(
      "input",
      "send texts in place of token numbers, which differ from model to model",
    );
  } else request.invalid("input", "a string or an array of at least one string");
  return [];
}

/** Writes the vectors, as numbers or base64 as the client asked. `usage` is there only when the provider reported it. */
export function encodeEmbeddingResponse(response: EmbeddingResponse, request: EmbeddingRequest): JsonObject {
  const tokens = response.inputTokens;
  return {
    object: "list",
    data: response.vectors.map((vector, index) => ({
      object: "embedding",
      index,
      embedding: request.encoding === "base64" ? writeFloat32Base64(vector) : vector,
    })),
    model: response.model ?? request.model,
    ...(tokens !== undefined && { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
  };
}

/** OpenAI's embeddings, as clients of ours ask for them. */
export const openaiEmbeddings: EmbeddingServer = {
  decodeRequest: (body) => decodeEmbeddingRequest(body),
  encodeResponse: encodeEmbeddingResponse,
};
