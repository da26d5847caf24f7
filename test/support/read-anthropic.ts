import type { Reading } from "./reading.ts";
import { anthropic } from "#core/dialects/anthropic/anthropic.ts";
import { textOf } from "#core/dialects/fields.ts";
import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { ok } from "#core/kernel/result.ts";
import type { FinishReason } from "#core/llm/finish-reason.ts";
import type { Part } from "#core/llm/message.ts";
import { partsOfResponse } from "#core/llm/parts-of-response.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";

/** Anthropic's dialect with what its clients make of answers: what they would send back, why it ended, what it took. */
export const readAnthropic: Reading = {
  ...anthropic,
  client: {
    decodeResponse: (body) => ok(answerOf(asObject(body))),
    startStream: (): Message => ({ content: [] }),
    // The state is always one that this reader made.
    decodeFrame: (state, data) => readEvent(state as Message, asObject(JSON.parse(data))),
  },
};

/** A message that a client puts together from events. */
interface Message {
  readonly head?: JsonObject;
  readonly content: readonly JsonObject[];
}

const reasons: Readonly<Record<string, FinishReason>> = {
  end_turn: "stop",
  max_tokens: "length",
  tool_use: "tool-calls",
  refusal: "content-filter",
};

function answerOf(message: JsonObject): ChatResponse {
  const word = textOf(message["stop_reason"]);
  const usage = asObject(message["usage"] ?? null);
  const thinking = asObject(usage["output_tokens_details"] ?? {})["thinking_tokens"];
  const cached = Number(usage["cache_read_input_tokens"]);
  return {
    candidates: [
      {
        index: 0,
        parts: partsSentBack(message["content"] ?? []),
        finish: { reason: reasons[word] ?? "other", raw: word },
      },
    ],
    usage: {
      inputTokens: Number(usage["input_tokens"]) + cached,
      cachedInputTokens: cached,
      toolInputTokens: 0,
      outputTokens: Number(usage["output_tokens"]) - Number(thinking),
      thinkingTokens: Number(thinking),
    },
  };
}

/** The content as the next request has it: a client sends back what it got. */
function partsSentBack(content: Json): readonly Part[] {
  const messages = [
    { role: "user", content: "x" },
    { role: "assistant", content },
  ];
  const request = anthropic.server.decodeRequest({ model: "m", max_tokens: 1, messages }, {});
  if (!request.ok) throw new Error(request.error.message);
  return request.value.messages[1]?.parts ?? [];
}

function readEvent(message: Message, event: JsonObject): readonly [Message, readonly StreamPart[]] {
  const index = Number(event["index"]);
  switch (event["type"]) {
    case "message_start":
      return [{ head: asObject(event["message"] ?? null), content: [] }, []];
    case "content_block_start":
      return [
        { ...message, content: withBlock(message, index, asObject(event["content_block"] ?? null)) },
        [],
      ];
    case "content_block_delta": {
      const block = message.content[index];
      if (!block) throw new Error(`a delta of the block ${index}, which never began`);
      const delta = asObject(event["delta"] ?? null);
      return [{ ...message, content: withBlock(message, index, extended(block, delta)) }, []];
    }
    case "content_block_stop":
      return [message, []];
    case "message_delta": {
      const head = { ...message.head, ...asObject(event["delta"] ?? null), usage: event["usage"] ?? null };
      return [{ ...message, head }, []];
    }
    case "message_stop": {
      const content = message.content.map(withInput);
      return [message, partsOfResponse(answerOf({ ...message.head, content }))];
    }
    default:
      throw new Error(`an event that no client knows: ${textOf(event["type"])}`);
  }
}

function withBlock({ content }: Message, index: number, block: JsonObject): readonly JsonObject[] {
  if (index > content.length) throw new Error(`the block ${index} begins before the one before it`);
  return [...content.slice(0, index), block, ...content.slice(index + 1)];
}

function extended(block: JsonObject, delta: JsonObject): JsonObject {
  switch (delta["type"]) {
    case "text_delta":
      return { ...block, text: `${textOf(block["text"])}${textOf(delta["text"])}` };
    case "thinking_delta":
      return { ...block, thinking: `${textOf(block["thinking"])}${textOf(delta["thinking"])}` };
    case "signature_delta":
      return { ...block, signature: textOf(delta["signature"]) };
    case "input_json_delta":
      return { ...block, json: `${textOf(block["json"])}${textOf(delta["partial_json"])}` };
    default:
      throw new Error(`a delta that no client knows: ${textOf(delta["type"])}`);
  }
}

function withInput({ json, ...block }: JsonObject): JsonObject {
  return typeof json === "string" ? { ...block, input: JSON.parse(json) as Json } : block;
}

function asObject(value: Json): JsonObject {
  if (!isJsonObject(value)) throw new Error("wanted an object in an answer");
  return value;
}
