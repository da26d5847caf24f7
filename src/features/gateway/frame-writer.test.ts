import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anthropic } from "#core/dialects/anthropic/anthropic.ts";
import { gemini } from "#core/dialects/gemini/gemini.ts";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { openaiResponses } from "#core/dialects/openai-responses/openai-responses.ts";
import type { AnswerContext } from "#core/dialects/dialect.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import { passingWriter, translatingWriter } from "#features/gateway/frame-writer.ts";

const context: AnswerContext = {
  responseId: "ours",
  model: "chat",
  createdSeconds: 1,
  nowSeconds: () => 1,
  includeUsage: false,
};
const text: StreamPart = { type: "text-delta", candidate: 0, text: "hi" };
const finish: StreamPart = { type: "finish", candidate: 0, finish: { reason: "stop", raw: "stop" } };
const end: StreamPart = { type: "end" };
const usage: StreamPart = {
  type: "usage",
  usage: { inputTokens: 1, cachedInputTokens: 0, toolInputTokens: 0, outputTokens: 1, thinkingTokens: 0 },
};

describe("passed frames", () => {
  test("are as they came, but for the id", () => {
    const writer = passingWriter(openaiChat, context);
    expect(writer.frame('{"id":"theirs","x": 1.0}', [text])).toEqual(['{"id":"ours","x": 1.0}']);
    expect(passingWriter(gemini, context).frame('{"responseId":"theirs"}', [text])).toEqual([
      '{"responseId":"ours"}',
    ]);
  });

  test("of one stream all have our id, however the upstream writes its own, and no other id changes", () => {
    const writer = passingWriter(openaiChat, context);
    const frames = [
      '{"id":"theirs","x":1}',
      '{"id":"theirs","x":2}',
      '{"x":{"id":"theirs"},"id":"theirs"}',
      '{ "id" : "theirs" }',
      '{"id":"another"}',
      '{"x":3}',
      '{"text":"\\"id\\":\\"theirs\\"","id":"theirs"}',
      '{"x":{"id":"theirs"}}',
      '{"x":3,"a\\"id":"theirs"}',
    ];
    expect(frames.flatMap((frame) => writer.frame(frame, [text]))).toEqual([
      '{"id":"ours","x":1}',
      '{"id":"ours","x":2}',
      '{"x":{"id":"theirs"},"id":"ours"}',
      '{ "id" : "ours" }',
      '{"id":"ours"}',
      '{"x":3}',
      '{"text":"\\"id\\":\\"theirs\\"","id":"ours"}',
      '{"x":{"id":"theirs"}}',
      '{"x":3,"a\\"id":"theirs"}',
    ]);
  });

  test("of a stream whose first one has two ids are as they came, too", () => {
    const writer = passingWriter(openaiChat, { ...context, responseId: "ours-a-long-one" });
    expect(writer.frame('{"id":"theirs-1","id":"theirs-1","x":1}', [text])).toEqual([
      '{"id":"ours-a-long-one","id":"ours-a-long-one","x":1}',
    ]);
    expect(writer.frame('{"id":"theirs-1","x":2}', [text])).toEqual(['{"id":"ours-a-long-one","x":2}']);
  });

  test("law: have our id where they would have it without those before them", () => {
    const member = fc.constantFrom(
      '"id":"theirs"',
      '"id":{"id":"theirs"}',
      '"x":{"id":"theirs"}',
      '"x":[{"id":"theirs"}]',
      '"x\\"id":"theirs"',
      '"x":"\\"id\\":\\"theirs\\""',
      '"x":1',
    );
    // Of two writings of the key in one frame the first is enough: parsers disagree on which one counts.
    const frame = fc.oneof(
      { weight: 9, arbitrary: fc.array(member, { maxLength: 4 }).map((members) => `{${members.join()}}`) },
      { weight: 1, arbitrary: fc.constant('{ "id" : "theirs" }') },
    );
    const written = (frames: readonly string[]) => {
      const writer = passingWriter(openaiChat, { ...context, responseId: "ours-a-long-one" });
      return frames.flatMap((one) => writer.frame(one, [text]));
    };
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 6 }), (frames) => {
        expect(written(frames)).toEqual(frames.flatMap((one) => written([one])));
      }),
      { numRuns: 1_000 },
    );
  });

  test("come in one line, for clients that read line by line", () => {
    const written = passingWriter(gemini, context).frame('{\n"responseId":\n"theirs",\n"a": "b\\nc"}', [
      text,
    ]);
    expect(written).toEqual(['{ "responseId": "ours", "a": "b\\nc"}']);
  });

  test("of usage alone pass only to clients that asked for usage", () => {
    const frame = '{"id":"theirs","usage":{}}';
    expect(passingWriter(openaiChat, context).frame(frame, [usage])).toEqual([]);
    expect(passingWriter(openaiChat, { ...context, includeUsage: true }).frame(frame, [usage])).toHaveLength(
      1,
    );
    expect(passingWriter(openaiChat, context).frame(frame, [text, usage])).toHaveLength(1);
  });

  test("end with the dialect's end mark, which is held back until the stream has proven whole", () => {
    const writer = passingWriter(openaiChat, context);
    expect(writer.frame("[DONE]", [end])).toEqual([]);
    expect(writer.end()).toEqual(["[DONE]"]);
  });

  test("end with the dialect's end mark also where the upstream forgot it", () => {
    expect(passingWriter(openaiChat, context).end()).toEqual(["[DONE]"]);
    expect(passingWriter(gemini, context).end()).toEqual([]);
  });
});

test("translated frames carry our id, and end with the client's end mark whatever the upstream's was", () => {
  const writer = translatingWriter(openaiChat.server, context);
  const payloads = [
    ...writer.frame("unused", [{ type: "response-start" }, text]),
    ...writer.frame("unused", [finish]),
  ];
  for (const payload of payloads) expect(JSON.parse(payload)).toMatchObject({ id: "ours" });
  expect(payloads.join("")).toContain('"hi"');
  expect(writer.end()).toEqual(["[DONE]"]);
});

test("a dialect whose streams begin with usage is told that of a frame before its words", () => {
  const [start] = translatingWriter(anthropic.server, context).frame("unused", [text, usage]);
  expect(JSON.parse(start ?? "")).toMatchObject({
    type: "message_start",
    message: { usage: { input_tokens: 1, output_tokens: 0 } },
  });
});

test("an error goes on counting the events of the stream that it ends", () => {
  const error = { status: 502, code: "upstream-failed", message: "It broke", requestId: "ours" } as const;
  const writer = translatingWriter(openaiResponses.server, context);
  const payloads = writer.frame("unused", [{ type: "response-start" }, text]);
  expect(JSON.parse(writer.error(error))).toMatchObject({ type: "error", sequence_number: payloads.length });
  expect(JSON.parse(passingWriter(openaiChat, context).error(error))).toMatchObject({
    error: { message: "It broke" },
  });
});
