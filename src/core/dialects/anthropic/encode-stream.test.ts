import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AnswerContext } from "#core/dialects/dialect.ts";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import type { Usage } from "#core/llm/usage.ts";
import { encodePart, endStream } from "./encode-stream.ts";
import { startStream } from "./stream-state.ts";

const context: AnswerContext = {
  responseId: "r-1",
  model: "route",
  createdSeconds: 1000,
  nowSeconds: () => 1000,
  includeUsage: true,
};
const usage: Usage = {
  inputTokens: 10,
  cachedInputTokens: 4,
  toolInputTokens: 0,
  outputTokens: 2,
  thinkingTokens: 1,
};
const stop: StreamPart = { type: "finish", candidate: 0, finish: { reason: "stop", raw: "STOP" } };

function written(parts: readonly StreamPart[]): readonly JsonObject[] {
  let state = startStream(context);
  const payloads = parts.flatMap((part) => {
    const [next, made] = encodePart(state, part);
    state = next;
    return made;
  });
  return [...payloads, ...endStream(state)].map((payload) => {
    // The framing takes the event's name from there.
    expect(payload).toMatch(/^\{"type":"[a-z_]+"/);
    return JSON.parse(payload) as JsonObject;
  });
}

function text(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" ? `${value}` : "nothing";
}

/** Events in short: the block they are about, and what is new. */
function short(parts: readonly StreamPart[]): readonly string[] {
  return written(parts).map(({ type, index, content_block, delta }) => {
    const what = (content_block ?? delta ?? {}) as JsonObject;
    const said =
      what["text"] ?? what["thinking"] ?? what["partial_json"] ?? what["signature"] ?? what["name"];
    switch (type) {
      case "content_block_start":
        return `${text(index)} ${text(what["type"])}${said === "" ? "" : ` ${text(said)}`}`;
      case "content_block_delta":
        return `${text(index)}: ${text(said)}`;
      case "content_block_stop":
        return `${text(index)}.`;
      case "message_delta":
        return text(what["stop_reason"]);
      default:
        return text(type);
    }
  });
}

const words = (text: string): StreamPart => ({ type: "text-delta", candidate: 0, text });
const thought = (text: string): StreamPart => ({ type: "thinking-delta", candidate: 0, text });
const begun = (toolCall: number, thoughtSignature?: string): StreamPart => ({
  type: "tool-call-start",
  candidate: 0,
  toolCall,
  id: `id-${toolCall}`,
  name: `f${toolCall}`,
  ...(thoughtSignature !== undefined && { thoughtSignature }),
});
const more = (toolCall: number, argumentsJson: string): StreamPart => ({
  type: "tool-call-delta",
  candidate: 0,
  toolCall,
  argumentsJson,
});

describe("a streamed answer", () => {
  test("begins with the message, ends with why and what it took", () => {
    const [start, ...rest] = written([
      { type: "response-start", model: "gemini-3.8-flash" },
      { type: "usage", usage: { ...usage, outputTokens: 1 } },
      words("Hi"),
      stop,
      { type: "usage", usage },
    ]);
    expect(start).toEqual({
      type: "message_start",
      message: {
        id: "r-1",
        type: "message",
        role: "assistant",
        model: "gemini-3.8-flash",
        container: null,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        stop_details: null,
        usage: {
          input_tokens: 6,
          cache_creation: null,
          cache_creation_input_tokens: 0,
          server_tool_use: null,
          inference_geo: null,
          service_tier: null,
          cache_read_input_tokens: 4,
          output_tokens: 0,
          output_tokens_details: { thinking_tokens: 0 },
        },
      },
    });
    expect(rest).toEqual([
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "", citations: null } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hi" } },
      { type: "content_block_stop", index: 0 },
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn", stop_sequence: null, stop_details: null, container: null },
        usage: {
          input_tokens: 6,
          cache_creation: null,
          cache_creation_input_tokens: 0,
          server_tool_use: null,
          inference_geo: null,
          service_tier: null,
          cache_read_input_tokens: 4,
          output_tokens: 3,
          output_tokens_details: { thinking_tokens: 1 },
        },
      },
      { type: "message_stop" },
    ]);
  });

  test("shows thoughts and words in blocks that follow one another", () => {
    expect(short([thought("Hm"), thought("m"), words("So"), words("!"), words(""), stop])).toEqual([
      "message_start",
      "0 thinking",
      "0: Hm",
      "0: m",
      "0.",
      "1 text",
      "1: So",
      "1: !",
      "1.",
      "end_turn",
      "message_stop",
    ]);
  });

  test("puts a call's signature on the thought before it, or on an empty one", () => {
    const call = [begun(0, "c2ln"), more(0, "{}"), stop];
    const signed = "0: signalbox.tool-call.c2ln";
    expect(short([thought("Hm"), ...call]).slice(1, 6)).toEqual([
      "0 thinking",
      "0: Hm",
      signed,
      "0.",
      "1 tool_use f0",
    ]);
    expect(short(call).slice(1, 5)).toEqual(["0 thinking", signed, "0.", "1 tool_use f0"]);
    const ownSignature: StreamPart = {
      type: "thinking-delta",
      candidate: 0,
      text: "Hm",
      thoughtSignature: "dA==",
    };
    expect(short([ownSignature, ...call]).slice(1, 8)).toEqual([
      "0 thinking",
      "0: Hm",
      "0: signalbox.thinking.dA==",
      "0.",
      "1 thinking",
      "1: signalbox.tool-call.c2ln",
      "1.",
    ]);
  });

  test("ends a call when the next begins", () => {
    expect(short([begun(0), more(0, '{"a"'), more(0, ":1}"), begun(1), more(1, "{}"), stop])).toEqual([
      "message_start",
      "0 tool_use f0",
      '0: {"a"',
      "0: :1}",
      "0.",
      "1 tool_use f1",
      "1: {}",
      "1.",
      "tool_use",
      "message_stop",
    ]);
  });

  test("goes on in its block when another provider goes on with it", () => {
    const again: StreamPart = { type: "response-start", model: "other" };
    expect(short([words("Once "), again, words("upon"), stop])).toEqual([
      "message_start",
      "0 text",
      "0: Once ",
      "0: upon",
      "0.",
      "end_turn",
      "message_stop",
    ]);
  });

  test("takes the arguments of several calls in turns", () => {
    expect(short([begun(0), begun(1), more(0, "{"), more(1, "{}"), more(0, "}"), words("x"), stop])).toEqual([
      "message_start",
      "0 tool_use f0",
      "1 tool_use f1",
      "0: {",
      "1: {}",
      "0: }",
      "0.",
      "1.",
      "2 text",
      "2: x",
      "2.",
      "tool_use",
      "message_stop",
    ]);
  });

  test("does not pass a call for one that can be made whose arguments broke off", () => {
    expect(short([begun(0), more(0, '{"a":'), stop]).slice(-2)).toEqual(["refusal", "message_stop"]);
    const cut: StreamPart = { type: "finish", candidate: 0, finish: { reason: "length", raw: "length" } };
    expect(short([begun(0), more(0, '{"a":'), cut]).slice(-2)).toEqual(["max_tokens", "message_stop"]);
  });

  test("ends in a refusal where the prompt was blocked or the model declined", () => {
    expect(short([{ type: "blocked", block: { raw: "SAFETY" } }])).toEqual([
      "message_start",
      "refusal",
      "message_stop",
    ]);
    expect(short([{ type: "refusal-delta", candidate: 0, text: "No" }, stop])).toContain("refusal");
  });

  test("shows a file in one piece, and no alternatives", () => {
    const part = { type: "media", kind: "image", source: { type: "url", url: "https://x/a.png" } } as const;
    expect(
      short([
        { type: "media", candidate: 0, part },
        { type: "text-delta", candidate: 1, text: "other" },
        stop,
      ]),
    ).toEqual(["message_start", "0 image nothing", "0.", "end_turn", "message_stop"]);
  });

  test.each<readonly [string, readonly StreamPart[]]>([
    ["was cut", [words("half")]],
    [
      "failed",
      [words("half"), stop, { type: "error", failure: { kind: "server-error", message: "failed" } }],
    ],
  ])("that %s does not end well", (_name, parts) => {
    expect(short(parts)).not.toContain("message_stop");
  });

  test("law: blocks are numbered in order, each begins once and ends once before the message does", () => {
    const parts = fc.oneof(
      fc.constantFrom("a", "").map(words),
      fc.constantFrom("t", "").map(thought),
      fc
        .tuple(fc.nat(3), fc.option(fc.constant("c2ln"), { nil: undefined }))
        .map(([call, sign]) => begun(call, sign)),
      fc.tuple(fc.nat(3), fc.constantFrom("{}", "{", "}", "")).map(([call, text]) => more(call, text)),
    );
    fc.assert(
      fc.property(fc.array(parts), (answer) => {
        const events = written([...answer, stop]);
        const indexes = (type: string) =>
          events.filter((event) => event["type"] === type).map(({ index }) => index);
        const started = indexes("content_block_start");
        expect(started).toEqual(started.map((_index, at) => at));
        expect(indexes("content_block_stop").toSorted((a, b) => Number(a) - Number(b))).toEqual(started);
        const open = new Set<unknown>();
        for (const { type, index } of events) {
          if (type === "content_block_start") open.add(index);
          if (type === "content_block_delta") expect(open).toContain(index);
          if (type === "content_block_stop") open.delete(index);
          if (type === "message_delta") expect([...open]).toEqual([]);
        }
        expect(events.at(0)?.["type"]).toBe("message_start");
        expect(events.at(-1)?.["type"]).toBe("message_stop");
      }),
    );
  });
});
