import type { EmbeddingPath, EncodedRequest, RequestProblem } from "#core/dialects/dialect.ts";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { EmbeddingRequest } from "#core/llm/embedding.ts";
import { modelName } from "./decode-request.ts";
import { extraOf, withExtra } from "./extra-fields.ts";
import type { Fields } from "./fields.ts";
import { Notes } from "./notes.ts";
import { present } from "#core/kernel/present.ts";
import { readBody } from "./read-body.ts";

/** Reads an embedContent or batchEmbedContents body. */
export function decodeEmbeddingRequest(
  body: Json,
  path: EmbeddingPath,
): Result<EmbeddingRequest, RequestProblem> {
  return readBody(body, (request) =>
    path.batch === true ? decodeBatch(request, path) : decodeOne(request, path),
  );
}

function decodeOne(request: Fields, path: EmbeddingPath): EmbeddingRequest {
  return {
    model: modelName(request, path.model),
    inputs: [inputOf(request)],
    ...options(request),
    encoding: "float",
    batch: false,
    ...extraOf(request),
  };
}

/** All inputs of a batch go to one model in one way; a batch that mixes ways is refused rather than split. */
function decodeBatch(request: Fields, path: EmbeddingPath): EmbeddingRequest {
  const items = request.children("requests");
  if (items.length === 0) request.invalid("requests", "at least one request");
  const read = items.map((item) => {
    item.value("model");
    return { item, input: inputOf(item), options: options(item), extra: extraOf(item) };
  });
  const [first] = read;
  const same = JSON.stringify([first?.options, first?.extra]);
  for (const { item, options, extra } of read) {
    if (JSON.stringify([options, extra]) === same) continue;
    item.problems.unsupported(item.path, "all requests of one batch must have the same options");
  }
  return {
    model: modelName(request, path.model),
    inputs: read.map(({ input }) => input),
    ...first?.options,
    encoding: "float",
    batch: true,
    ...first?.extra,
  };
}

/** The text of `content`: of several parts all, without anything between. */
function inputOf(request: Fields): string {
  const content = request.child("content");
  if (!content) request.invalid("content", "an object");
  const parts = content?.children("parts") ?? [];
  for (const part of parts) {
    if (!part.has("text")) part.problems.unsupported(part.path, "only texts can be embedded");
  }
  return parts.map((part) => part.text("text") ?? "").join("");
}

function options(request: Fields): Pick<EmbeddingRequest, "taskType" | "title" | "dimensions"> {
  return present({
    taskType: request.text("taskType"),
    title: request.text("title"),
    dimensions: request.integer("outputDimensionality"),
  });
}

/** Writes an embedContent or batchEmbedContents body, as `batch` says. */
export function encodeEmbeddingRequest(
  request: EmbeddingRequest,
  model: string,
): Result<EncodedRequest, RequestProblem> {
  const notes = new Notes();
  notes.foreign(request.extra, "");
  if (request.user !== undefined) notes.dropped("user", "Gemini takes no id of an end user");
  const requests = request.inputs.map((input) => encodeInput(input, request, model));
  const [only, another] = requests;
  if (!only) notes.invalid("input", "wanted at least one text, got none");
  if (!request.batch && another) notes.invalid("input", "wanted one text, got several");
  const body = request.batch || !only ? { requests } : only;
  return notes.problem ? failed(notes.problem) : ok({ body, warnings: notes.warnings });
}

function encodeInput(text: string, request: EmbeddingRequest, model: string): JsonObject {
  const written = {
    model: `models/${model}`,
    content: { parts: [{ text }] },
    ...present({
      taskType: request.taskType,
      title: request.title,
      outputDimensionality: request.dimensions,
    }),
  };
  return withExtra(written, request.extra);
}
