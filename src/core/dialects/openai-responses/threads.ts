import type { StoredExchange, StoredTurn, ThreadServer } from "#core/dialects/dialect.ts";
import { listOf } from "#core/dialects/fields.ts";
import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeResponse } from "./encode-response.ts";

/** `previous_response_id`: requests that go on from the answers of earlier ones. */
export const threads: ThreadServer = {
  readTurn,
  decodeRequest: (body, turns) => {
    const earlier = turns.flatMap(({ items }) => items);
    return decodeRequest({ ...body, input: [...earlier, ...itemsOf(body["input"])] });
  },
};

function readTurn({ responseId, request, response }: StoredExchange): StoredTurn | undefined {
  if (!isJsonObject(request) || request["store"] === false) return undefined;
  const output = outputOf(responseId, response);
  // A picture that a model made is no item that a request may have here.
  if (output.some(({ type }) => type === "image_generation_call")) return undefined;
  const previousId = request["previous_response_id"];
  return {
    items: [...itemsOf(request["input"]), ...output],
    ...(typeof previousId === "string" && { previousId }),
  };
}

/** The items that the client was given: the same ids, and the same ids of calls, are made of the answer's. */
function outputOf(responseId: string, response: StoredExchange["response"]): readonly JsonObject[] {
  const context = { responseId, model: "", createdSeconds: 0, nowSeconds: () => 0, includeUsage: false };
  return listOf(encodeResponse(response, context)["output"]);
}

/** What `input` says, as items. */
function itemsOf(input: Json | undefined): readonly JsonObject[] {
  return typeof input === "string" ? [{ role: "user", content: input }] : listOf(input);
}
