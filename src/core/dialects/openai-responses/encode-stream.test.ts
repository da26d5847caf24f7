import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AnswerContext } from "#core/dialects/dialect.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import { answerStreams } from "../../../../test/support/arbitraries.ts";
import { readResponses } from "../../../../test/support/read-responses.ts";
import { openaiResponses } from "./openai-responses.ts";

const { server } = openaiResponses;
const context: AnswerContext = {
  responseId: "a-b",
  model: "route",
  createdSeconds: 7,
  nowSeconds: () => 7,
  includeUsage: true,
};
const start: StreamPart = { type: "response-start", model: "gemini-x" };
const stop: StreamPart = { type: "finish", candidate: 0, finish: { reason: "stop", raw: "STOP" } };
const text = (words: string, thoughtSignature?: string): StreamPart => ({
  type: "text-delta",
  candidate: 0,
  text: words,
  ...(thoughtSignature !== undefined && { thoughtSignature }),
});
const thought = (words: string, thoughtSignature?: string): StreamPart => ({
  type: "thinking-delta",
  candidate: 0,
  text: words,
  ...(thoughtSignature !== undefined && { thoughtSignature }),
});
const call = (toolCall: number, more: object = {}): StreamPart => ({
  type: "tool-call-start",
  candidate: 0,
  toolCall,
  id: `call_${toolCall}`,
  name: "w",
  ...more,
});
const args = (toolCall: number, argumentsJson: string): StreamPart => ({
  type: "tool-call-delta",
  candidate: 0,
  toolCall,
  argumentsJson,
});

/** The events of a stream, and its state before the end. */
function streamed(...parts: readonly StreamPart[]) {
  let state = server.startStream(context);
  const payloads: string[] = [];
  for (const part of parts) {
    const [next, written] = server.encodePart(state, part);
    state = next;
    payloads.push(...written);
  }
  payloads.push(...server.endStream(state));
  return { state, payloads, events: payloads.map(parsed) };
}

function parsed(payload: string): JsonObject {
  const event: unknown = JSON.parse(payload);
  if (!isJsonObject(event)) throw new Error("an event is no object");
  return event;
}

/** The names of events without what all streams begin with. */
function namesOf(events: readonly JsonObject[]): readonly string[] {
  return events.slice(2).map(({ type }) => JSON.stringify(type).replaceAll(/"|response\./g, ""));
}

function outputOf(events: readonly JsonObject[]) {
  const response = events.at(-1)?.["response"];
  return isJsonObject(response) ? response["output"] : undefined;
}

describe("a stream of the Responses API", () => {
  test("tells words as they come, and repeats all of them at the end", () => {
    const { events, payloads } = streamed(start, text("Hel"), text("lo"), stop);
    expect(payloads.every((payload) => payload.startsWith('{"type":"response.'))).toBe(true);
    expect(events.map((event) => event["sequence_number"])).toEqual([...events.keys()]);
    expect(events[0]).toMatchObject({
      type: "response.created",
      response: { id: "a-b", model: "gemini-x", created_at: 7, status: "in_progress", output: [] },
    });
    expect(namesOf(events)).toEqual([
      "output_item.added",
      "content_part.added",
      "output_text.delta",
      "output_text.delta",
      "output_text.done",
      "content_part.done",
      "output_item.done",
      "completed",
    ]);
    const at = { item_id: "msg_ab0", output_index: 0, content_index: 0 };
    expect(events[4]).toMatchObject({ ...at, delta: "Hel" });
    expect(events[6]).toMatchObject({ ...at, text: "Hello" });
    expect(outputOf(events)).toEqual([
      {
        id: "msg_ab0",
        type: "message",
        status: "completed",
        role: "assistant",
        content: [{ type: "output_text", text: "Hello", annotations: [], logprobs: [] }],
      },
    ]);
  });

  test("tells thoughts as a summary, refusals as such", () => {
    const { events } = streamed(
      start,
      thought("hm"),
      { type: "refusal-delta", candidate: 0, text: "no" },
      stop,
    );
    expect(namesOf(events)).toEqual([
      "output_item.added",
      "reasoning_summary_part.added",
      "reasoning_summary_text.delta",
      "reasoning_summary_text.done",
      "reasoning_summary_part.done",
      "output_item.done",
      "output_item.added",
      "content_part.added",
      "refusal.delta",
      "refusal.done",
      "content_part.done",
      "output_item.done",
      "completed",
    ]);
    expect(outputOf(events)).toMatchObject([
      { id: "rs_ab0", type: "reasoning", summary: [{ type: "summary_text", text: "hm" }] },
      { id: "msg_ab1", content: [{ type: "refusal", refusal: "no" }] },
    ]);
  });

  test("tells calls whose arguments come side by side", () => {
    const { events } = streamed(
      start,
      call(0),
      call(1),
      args(1, "{"),
      args(0, '{"a":1}'),
      args(1, "}"),
      stop,
    );
    expect(namesOf(events)).toEqual([
      "output_item.added",
      "output_item.added",
      "function_call_arguments.delta",
      "function_call_arguments.delta",
      "function_call_arguments.delta",
      "function_call_arguments.done",
      "output_item.done",
      "function_call_arguments.done",
      "output_item.done",
      "completed",
    ]);
    expect(outputOf(events)).toMatchObject([
      { id: "fc_ab0", call_id: "call_0", arguments: '{"a":1}', status: "completed" },
      { id: "fc_ab1", call_id: "call_1", arguments: "{}", status: "completed" },
    ]);
  });

  test.each<[string, readonly StreamPart[], readonly JsonObject[]]>([
    [
      "a call is on a thought without words before it",
      [call(0, { thoughtSignature: "s" }), args(0, "{}")],
      [{ summary: [], encrypted_content: "signalbox.gemini.next-call.s" }, { type: "function_call" }],
    ],
    [
      "a call is on the thought before it, where there is one",
      [thought("hm"), call(0, { thoughtSignature: "s" })],
      [
        { summary: [{ text: "hm" }], encrypted_content: "signalbox.gemini.next-call.s" },
        { type: "function_call" },
      ],
    ],
    [
      "a text that comes at once is before it",
      [text("x", "s")],
      [{ encrypted_content: "signalbox.gemini.next-text.s" }, { content: [{ text: "x" }] }],
    ],
    [
      "a text that has begun is behind it",
      [text("x"), text("y", "s"), text("z")],
      [
        { content: [{ text: "xy" }] },
        { encrypted_content: "signalbox.gemini.last-text.s" },
        { content: [{ text: "z" }] },
      ],
    ],
    [
      "a text without words is on a thought without words",
      [text("", "s")],
      [{ type: "reasoning", encrypted_content: "signalbox.gemini.last-text.s" }],
    ],
    [
      "a thought is on it",
      [thought("hm", "s"), thought("well")],
      [
        { summary: [{ text: "hm" }], encrypted_content: "signalbox.gemini.thought.s" },
        { summary: [{ text: "well" }] },
      ],
    ],
  ])("the signature of %s", (_what, parts, output) => {
    const written = outputOf(streamed(start, ...parts, stop).events);
    expect(written).toHaveLength(output.length);
    expect(written).toMatchObject(output);
  });

  test("law: whatever comes, events are numbered, of items that have begun, and their sum is what the last one repeats", () => {
    fc.assert(
      fc.property(answerStreams, (parts) => {
        let reading = readResponses.client.startStream();
        // The reader throws on an event that does not follow from those before it.
        for (const payload of streamed(...parts).payloads) {
          [reading] = readResponses.client.decodeFrame(reading, payload);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("begins nothing for words that are none", () => {
    const { events } = streamed(start, text(""), thought(""), call(0), args(0, ""), stop);
    expect(outputOf(events)).toMatchObject([{ type: "function_call", arguments: "" }]);
  });

  test("ends a call that is whole when the next one begins", () => {
    const { events } = streamed(start, call(0), args(0, "{}"), call(1), args(1, "{}"), stop);
    expect(namesOf(events).slice(0, 5)).toEqual([
      "output_item.added",
      "function_call_arguments.delta",
      "function_call_arguments.done",
      "output_item.done",
      "output_item.added",
    ]);
  });

  test("gives a call an id of its own where the model gave none", () => {
    const { events } = streamed(
      start,
      { type: "tool-call-start", candidate: 0, toolCall: 0, name: "w" },
      stop,
    );
    expect(outputOf(events)).toMatchObject([{ call_id: "call_ab0" }]);
  });

  test("without a finish, or with an error, has no end", () => {
    const failure = { kind: "server-error", message: "x" } as const;
    expect(streamed(start, text("x")).events.at(-1)).toMatchObject({ type: "response.output_text.delta" });
    const broken = streamed(start, text("x"), stop, { type: "error", failure });
    expect(broken.events.some(({ type }) => type === "response.completed")).toBe(false);
  });

  test("an error is an event with the next number, in both places where clients look", () => {
    const { state, events } = streamed(start, text("x"));
    const error = { status: 502, code: "upstream-failed", message: "It broke", requestId: "r" } as const;
    expect(parsed(server.encodeErrorFrame(error, state))).toEqual({
      type: "error",
      sequence_number: events.length,
      code: "upstream_failed",
      message: "It broke",
      param: null,
      error: { message: "It broke", type: "server_error", param: null, code: "upstream_failed" },
    });
  });

  test("a piece that another deployment goes on with does not begin it anew", () => {
    const { events } = streamed(
      start,
      text("x"),
      { type: "response-start", model: "other" },
      text("y"),
      stop,
    );
    expect(events.filter(({ type }) => type === "response.created")).toHaveLength(1);
    expect(outputOf(events)).toMatchObject([{ content: [{ text: "xy" }] }]);
  });

  test("is cut, and says so, where it outgrows what is kept", () => {
    const { events } = streamed(start, text("x"), text("y".repeat(64 * 1024 * 1024)), text("z"), stop);
    expect(events.at(-1)).toMatchObject({
      type: "response.incomplete",
      response: {
        incomplete_details: { reason: "max_output_tokens" },
        output: [{ status: "incomplete", content: [{ text: "x" }] }],
      },
    });
  });

  test("a second answer that nobody can ask for is not told", () => {
    const { events } = streamed(start, text("x"), { type: "text-delta", candidate: 1, text: "y" }, stop);
    expect(outputOf(events)).toMatchObject([{ content: [{ text: "x" }] }]);
  });
});
