import { ApiFailure, invalidArgument } from "../api-failure.ts";
import { readBatchRequest } from "../gemini/read-batch.ts";
import { serveGenerate } from "../gemini/serve-generate.ts";
import type { Json, JsonObject } from "../json.ts";
import type { EmulatedModel } from "../models.ts";
import { emptyDraft, type Draft } from "../service/draft.ts";
import type { KeptEndpoint } from "../service/endpoint.ts";
import type { World } from "../service/world.ts";
import type { Batch, BatchedRequest } from "./kept.ts";
import { pageOf } from "./page-of.ts";

const typePrefix = "type.googleapis.com/google.ai.generativelanguage.v1beta";

/** models/{m}:batchGenerateContent */
export function createBatch(model: EmulatedModel, body: string, world: World, draft: Draft): JsonObject {
  const { displayName, requests } = readBatchRequest(body);
  if (requests.length === 0)
    throw invalidArgument("* BatchGenerateContentRequest.batch: requests are required\n");
  const batch = world.kept.batches.add(draft.keyHash, (id) => ({
    id,
    model,
    displayName,
    requests,
    createdMs: world.now(),
    state: "PENDING",
    responses: [],
  }));
  return operation(batch);
}

/** batches: list, get, cancel, delete. A batch is done as soon as it is looked at after it was made. */
export function serveBatches(
  { method, id = "" }: KeptEndpoint,
  { url }: { readonly url: URL },
  world: World,
  draft: Draft,
): JsonObject {
  const { batches } = world.kept;
  const { keyHash } = draft;
  switch (method) {
    case "list": {
      const done = batches.all(keyHash).map((batch) => finished(batch, world, keyHash));
      const { items, nextPageToken } = pageOf(done, url.searchParams);
      return {
        ...(items.length === 0 ? {} : { operations: items.map(operation) }),
        ...(nextPageToken === undefined ? {} : { nextPageToken }),
      };
    }
    case "get":
      return operation(finished(known(id, world, keyHash), world, keyHash));
    case "cancel": {
      const batch = known(id, world, keyHash);
      if (batch.state === "PENDING") {
        batches.put(keyHash, id, { ...batch, state: "CANCELLED", endedMs: world.now() });
      }
      return {};
    }
    case "delete":
      known(id, world, keyHash);
      batches.remove(keyHash, id);
      return {};
    case "create":
    case "update":
      throw new ApiFailure(404, "Method not found.");
  }
}

function known(id: string, world: World, keyHash: string): Batch {
  const batch = world.kept.batches.find(keyHash, id);
  if (batch) return batch;
  throw new ApiFailure(404, `Batch batches/${id} not found.`);
}

function finished(batch: Batch, world: World, keyHash: string): Batch {
  if (batch.state !== "PENDING") return batch;
  const done: Batch = {
    ...batch,
    state: "SUCCEEDED",
    endedMs: world.now(),
    responses: batch.requests.map((one) => answered(one, batch.model, world, keyHash)),
  };
  world.kept.batches.put(keyHash, batch.id, done);
  return done;
}

/** What one request is answered with; a refusal stands in the place of its answer. */
function answered(
  { request, metadata }: BatchedRequest,
  model: EmulatedModel,
  world: World,
  keyHash: string,
): JsonObject {
  const told = metadata === undefined ? {} : { metadata };
  try {
    return { response: wholeAnswer(request, model, world, keyHash), ...told };
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    return { error: { code: error.code, message: error.message }, ...told };
  }
}

function wholeAnswer(request: JsonObject, model: EmulatedModel, world: World, keyHash: string): Json {
  const draft = { ...emptyDraft(world.now(), "/batch"), keyHash };
  const delivery = serveGenerate({ model, body: JSON.stringify(request), framing: "events" }, world, draft);
  const writes = [...(delivery?.actions ?? [])].map((action) =>
    action.kind === "write" ? String(action.bytes) : "",
  );
  return parsedAnswer(writes.join(""));
}

/** A fault may have left something else. */
function parsedAnswer(text: string): Json {
  try {
    // JSON.parse answers `any`; what it gives is JSON by definition.
    return JSON.parse(text) as Json;
  } catch {
    throw new ApiFailure(500, "The request could not be answered.");
  }
}

/** A batch as a long-running operation: its facts in `metadata`, its answers in both places that clients look at. */
function operation(batch: Batch): JsonObject {
  const { id, model, displayName, requests, createdMs, endedMs, state, responses } = batch;
  const name = `batches/${id}`;
  const isDone = state === "SUCCEEDED";
  const failed = responses.filter((response) => response["error"] !== undefined).length;
  const output = { inlinedResponses: { inlinedResponses: responses } };
  return {
    name,
    metadata: {
      "@type": `${typePrefix}.GenerateContentBatch`,
      name,
      model: `models/${model.id}`,
      displayName,
      createTime: new Date(createdMs).toISOString(),
      updateTime: new Date(endedMs ?? createdMs).toISOString(),
      ...(endedMs === undefined ? {} : { endTime: new Date(endedMs).toISOString() }),
      state: `BATCH_STATE_${state}`,
      batchStats: {
        requestCount: String(requests.length),
        ...(state === "PENDING" ? { pendingRequestCount: String(requests.length) } : {}),
        ...(isDone ? { successfulRequestCount: String(requests.length - failed) } : {}),
        ...(isDone && failed > 0 ? { failedRequestCount: String(failed) } : {}),
      },
      ...(isDone ? { output } : {}),
    },
    ...(state === "PENDING" ? {} : { done: true }),
    ...(isDone ? { response: { "@type": `${typePrefix}.GenerateContentBatchOutput`, ...output } } : {}),
  };
}
