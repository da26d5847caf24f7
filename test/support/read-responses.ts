import type { Reading } from "./reading.ts";
import { openaiResponses } from "#core/dialects/openai-responses/openai-responses.ts";
import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { ok } from "#core/kernel/result.ts";
import type { Finish } from "#core/llm/response.ts";
import type { Part } from "#core/llm/message.ts";
import { partsOfResponse } from "#core/llm/parts-of-response.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";

/** The Responses API with what its clients make of answers: what they would send back, why it ended, what it took. */
export const readResponses: Reading = {
  ...openaiResponses,
  client: {
    decodeResponse: (body) => ok(answerOf(asObject(body))),
    startStream: (): Output => ({ items: [], events: 0 }),
    // The state is always one that this reader made.
    decodeFrame: (state, data) => readEvent(state as Output, asObject(JSON.parse(data))),
  },
};

/** The output that a client puts together from events. */
interface Output {
  readonly items: readonly JsonObject[];
  /** How many events came. */
  readonly events: number;
}

function answerOf(response: JsonObject): ChatResponse {
  const output = response["output"] ?? [];
  const usage = response["usage"] === undefined ? undefined : asObject(response["usage"]);
  const finish = finishOf(response, JSON.stringify(output).includes('"function_call"'));
  return {
    candidates: [{ index: 0, parts: partsSentBack(output), ...(finish && { finish }) }],
    ...(usage && { usage: usageOf(usage) }),
  };
}

function finishOf(response: JsonObject, hasCalls: boolean): Finish | undefined {
  if (response["status"] === "completed") {
    return { reason: hasCalls ? "tool-calls" : "stop", raw: "completed" };
  }
  const { reason } = asObject(response["incomplete_details"] ?? null);
  return {
    reason: reason === "max_output_tokens" ? "length" : "content-filter",
    raw: JSON.stringify(reason),
  };
}

function usageOf(usage: JsonObject) {
  const thinking = Number(asObject(usage["output_tokens_details"] ?? null)["reasoning_tokens"]);
  return {
    inputTokens: Number(usage["input_tokens"]),
    cachedInputTokens: Number(asObject(usage["input_tokens_details"] ?? null)["cached_tokens"]),
    toolInputTokens: 0,
    outputTokens: Number(usage["output_tokens"]) - thinking,
    thinkingTokens: thinking,
  };
}

/** The output as the next request has it: a client sends back what it got. */
function partsSentBack(output: Json): readonly Part[] {
  const items = Array.isArray(output) ? (output as readonly Json[]) : [];
  const input = [{ role: "user", content: "x" }, ...items];
  const request = openaiResponses.server.decodeRequest({ model: "m", input }, {});
  if (!request.ok) throw new Error(request.error.message);
  return request.value.messages[1]?.parts ?? [];
}

function readEvent(output: Output, event: JsonObject): readonly [Output, readonly StreamPart[]] {
  if (event["sequence_number"] !== output.events) {
    throw new Error(`the event ${output.events} has the number ${JSON.stringify(event["sequence_number"])}`);
  }
  const [items, read] = itemsAfter(output.items, event);
  return [{ items, events: output.events + 1 }, read];
}

function itemsAfter(
  items: readonly JsonObject[],
  event: JsonObject,
): readonly [readonly JsonObject[], readonly StreamPart[]] {
  const index = Number(event["output_index"]);
  switch (event["type"]) {
    case "response.output_item.added":
      if (index !== items.length) throw new Error(`the item ${index} begins out of its order`);
      return [[...items, asObject(event["item"] ?? null)], []];
    case "response.output_item.done": {
      const item = asObject(event["item"] ?? null);
      if (items[index]?.["id"] !== item["id"]) throw new Error(`the item ${index} is not the one that began`);
      return [items.with(index, item), []];
    }
    case "response.completed":
    case "response.incomplete": {
      const response = asObject(event["response"] ?? null);
      // What the last event repeats is what the events before it told.
      if (JSON.stringify(response["output"]) !== JSON.stringify(items)) {
        throw new Error(`the answer is not the sum of its items: ${JSON.stringify(items)}`);
      }
      return [items, partsOfResponse(answerOf(response))];
    }
    default:
      if (event["item_id"] !== undefined && items[index]?.["id"] !== event["item_id"]) {
        throw new Error(`${JSON.stringify(event["type"])} of an item that is not there`);
      }
      return [items, []];
  }
}

function asObject(value: Json): JsonObject {
  if (!isJsonObject(value)) throw new Error("wanted an object in an answer");
  return value;
}
