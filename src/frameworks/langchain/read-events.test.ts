import type { ChatModelStreamEvent } from "@langchain/core/language_models/event";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "#core/kernel/json.ts";
import { chunk, ScriptedTransport, usageChunk } from "../../../test/support/scripted-transport.ts";
import { RoutedChatModel } from "./index.ts";

function streamOf(chunks: readonly JsonObject[]) {
  const transport = new ScriptedTransport({ chunks, trailers: { "x-signalbox-cost-usd": "0.00012" } });
  return new RoutedChatModel({ model: "chat", transport }).streamEvents("Hi");
}

async function eventsOf(chunks: readonly JsonObject[]): Promise<readonly ChatModelStreamEvent[]> {
  const events: ChatModelStreamEvent[] = [];
  for await (const event of streamOf(chunks)) events.push(event);
  return events;
}

const call = (index: number, id: string, args: string) => ({
  index,
  id,
  type: "function",
  function: { name: "weather", arguments: args },
});

const answer = [
  chunk({ role: "assistant", reasoning_content: "I th" }),
  chunk({ reasoning_content: "ink" }),
  chunk({ content: "Look" }),
  chunk({ content: "ing" }),
  chunk({
    tool_calls: [
      { ...call(0, "a", '{"city":'), extra_content: { google: { thought_signature: "c2ln" } } },
      call(1, "b", "{}"),
    ],
  }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '"Bern"}' } }] }),
  chunk({}, "tool_calls"),
  usageChunk,
];

describe("content-block events", () => {
  test("come in order: a block starts before it grows, grows before it ends, and each ends once", async () => {
    const events = await eventsOf(answer);
    expect(events.map((event) => ("index" in event ? `${event.event} ${event.index}` : event.event))).toEqual(
      [
        "message-start",
        "content-block-start 0",
        "content-block-delta 0",
        "content-block-delta 0",
        "content-block-finish 0",
        "content-block-start 1",
        "content-block-delta 1",
        "content-block-delta 1",
        "content-block-finish 1",
        "content-block-start 2",
        "content-block-delta 2",
        "content-block-start 3",
        "content-block-delta 3",
        "content-block-delta 2",
        "content-block-finish 2",
        "content-block-finish 3",
        "message-finish",
      ],
    );
  });

  test("give text, thoughts, calls, tokens and how it was routed", async () => {
    const stream = streamOf(answer);
    expect(await stream.text).toBe("Looking");
    expect(await stream.reasoning).toBe("I think");
    expect(await stream.toolCalls).toMatchObject([
      { id: "a", name: "weather", args: { city: "Bern" } },
      { id: "b", args: {} },
    ]);
    expect(await stream.usage).toMatchObject({ input_tokens: 11, output_tokens: 7, total_tokens: 18 });
    const message = await stream;
    expect(message.response_metadata).toMatchObject({
      finish_reason: "tool_use",
      model_name: "gemini-3.8-flash",
      signalbox: { route: "chat", deployment: "google-flash", cost_usd: 0.00012 },
    });
  });

  test("keep the signatures of calls on their blocks, from where they are sent back", async () => {
    const message = await streamOf(answer);
    const transport = new ScriptedTransport({ chunks: [chunk({ content: "Sunny" }, "stop")] });
    await new RoutedChatModel({ model: "chat", transport }).streamEvents([message]).output;
    expect(transport.bodies[0]?.["messages"]).toMatchObject([
      {
        role: "assistant",
        content: "Looking",
        tool_calls: [
          { id: "a", extra_content: { google: { thought_signature: "c2ln" } } },
          { id: "b", function: { arguments: "{}" } },
        ],
      },
    ]);
  });

  test("arguments that are no JSON object make an invalid call", async () => {
    const events = await eventsOf([
      chunk({ tool_calls: [call(0, "a", '{"city":')] }),
      chunk({}, "tool_calls"),
    ]);
    expect(events).toContainEqual(
      expect.objectContaining({
        event: "content-block-finish",
        content: expect.objectContaining({ type: "invalid_tool_call", args: '{"city":' }),
      }),
    );
  });

  test("a refusal is a block of its own", async () => {
    const events = await eventsOf([chunk({ refusal: "I will" }), chunk({ refusal: " not" }, "stop")]);
    expect(events).toContainEqual({
      event: "content-block-finish",
      index: 0,
      content: { type: "refusal", refusal: "I will not" },
    });
  });

  test("a stream without a finish reason fails, after what it gave", async () => {
    const stream = streamOf([chunk({ content: "Hel" })]);
    const texts: string[] = [];
    const reading = (async () => {
      for await (const text of stream.text) texts.push(text);
    })();
    await expect(reading).rejects.toThrow(/finish reason is wanted/);
    expect(texts).toEqual(["Hel"]);
  });
});
