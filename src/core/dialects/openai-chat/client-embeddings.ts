import type { EncodedRequest, RequestProblem, Warning } from "#core/dialects/dialect.ts";
import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { EmbeddingRequest, EmbeddingResponse } from "#core/llm/embedding.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { errorObject, failureOfError } from "./decode-error.ts";
import { isList } from "#core/kernel/json.ts";
import { kindOf } from "#core/dialects/kind-of.ts";
import { listOf } from "#core/dialects/fields.ts";
import { readFloat32Base64 } from "./float32-base64.ts";
import { malformedAnswer } from "./malformed-answer.ts";
import { present } from "#core/kernel/present.ts";
import { droppedField } from "./warnings.ts";
import { withExtra } from "./extra-fields.ts";

/** Writes the body of POST /embeddings. Floats are asked for by silence: not every server knows `encoding_format`. */
export function encodeEmbeddingRequest(
  request: EmbeddingRequest,
  model: string,
): Result<EncodedRequest, RequestProblem> {
  const [only] = request.inputs;
  const written = {
    model,
    input: request.inputs.length === 1 && only !== undefined ? only : request.inputs,
    ...present({ dimensions: request.dimensions, user: request.user }),
  };
  return ok({ body: withExtra(written, request.extra), warnings: droppedFields(request) });
}

function droppedFields(request: EmbeddingRequest): readonly Warning[] {
  const foreign =
    request.extra && request.extra.dialect !== "openai-chat" ? Object.keys(request.extra.fields) : [];
  const own = (["taskType", "title"] as const).filter((field) => request[field] !== undefined);
  return [...own, ...foreign].map((field) => droppedField(field, "this dialect has no field for it"));
}

/** Reads the vectors, numbers or base64, into the order of the inputs. */
export function decodeEmbeddingResponse(body: Json): Result<EmbeddingResponse, UpstreamFailure> {
  const error = errorObject(body);
  if (error) return failed(failureOfError(error));
  if (!isJsonObject(body) || !isList(body["data"])) {
    return failed(malformedAnswer("an array in data", kindOf(isJsonObject(body) ? body["data"] : body)));
  }
  const items = listOf(body["data"]).map((item, position) => ({
    place: placeOf(item, position),
    vector: vectorOf(item),
  }));
  const vectors = items
    .toSorted((one, other) => one.place - other.place)
    .flatMap(({ vector }) => (vector ? [vector] : []));
  if (vectors.length < body["data"].length)
    return failed(malformedAnswer("numbers in each embedding", "something else"));
  return ok({ vectors, ...factsOf(body) });
}

function factsOf(body: JsonObject): Omit<EmbeddingResponse, "vectors"> {
  const { model, usage } = body;
  const tokens = isJsonObject(usage) ? usage["prompt_tokens"] : undefined;
  return {
    ...(typeof model === "string" && model !== "" && { model }),
    ...(typeof tokens === "number" && tokens >= 0 && { inputTokens: tokens }),
  };
}

function placeOf(item: JsonObject, position: number): number {
  return typeof item["index"] === "number" ? item["index"] : position;
}

function vectorOf(item: JsonObject): readonly number[] | undefined {
  const embedding = item["embedding"];
  if (typeof embedding === "string") return readFloat32Base64(embedding);
  return isList(embedding) && embedding.every((value) => typeof value === "number") ? embedding : undefined;
}
