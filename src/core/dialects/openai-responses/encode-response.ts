import type { AnswerContext } from "#core/dialects/dialect.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import { partsOfResponse } from "#core/llm/parts-of-response.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import { eventsOf } from "./encode-stream.ts";
import { encodeResponseObject, responseStatus } from "./response-object.ts";
import { startStream } from "./stream-state.ts";

/** Writes a whole answer: what the last event of a stream of it would repeat. */
export function encodeResponse(response: ChatResponse, context: AnswerContext): JsonObject {
  let state = startStream(context);
  for (const part of partsOfResponse(response)) [state] = eventsOf(state, part);
  return encodeResponseObject(state, responseStatus(state).status);
}
