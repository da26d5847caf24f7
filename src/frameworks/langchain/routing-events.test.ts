import { concat } from "@langchain/core/utils/stream";
import type { AIMessageChunk } from "@langchain/core/messages";
import { expect, test } from "vitest";
import {
  chunk,
  routedHeaders,
  ScriptedTransport,
  usageChunk,
} from "../../../test/support/scripted-transport.ts";
import { RoutedChatModel, routingOf, SignalboxError, usageOf, type ChatTransport } from "./index.ts";

type Heard = readonly [name: string, data: unknown];

/** What a model's callbacks hear while it is used. */
async function heardOf(
  transport: ChatTransport,
  use: (model: RoutedChatModel) => Promise<unknown>,
): Promise<readonly Heard[]> {
  const heard: Heard[] = [];
  const listener = {
    handleCustomEvent: (name: string, data: unknown) => void heard.push([name, data]),
    awaitHandlers: true,
  };
  await use(new RoutedChatModel({ model: "chat", transport, callbacks: [listener] }));
  return heard;
}

async function read(chunks: AsyncIterable<AIMessageChunk>): Promise<AIMessageChunk | undefined> {
  let sum: AIMessageChunk | undefined;
  for await (const one of chunks) sum = sum ? concat(sum, one) : one;
  return sum;
}

const request_id = routedHeaders["x-signalbox-request-id"];

test("a stream that another deployment went on with tells of that attempt, too", async () => {
  const transport = new ScriptedTransport({
    chunks: [chunk({ content: "Hello" }, "stop"), usageChunk],
    trailers: { "x-signalbox-resumed": "google-lite", "x-signalbox-cost-usd": "0.002" },
  });
  const heard = await heardOf(transport, async (model) => read(await model.stream("Hi")));
  expect(heard.map(([name]) => name)).toEqual([
    "signalbox:decision",
    "signalbox:attempt",
    "signalbox:attempt",
    "signalbox:attempt",
  ]);
  expect(heard.at(-1)?.[1]).toEqual({
    request_id,
    attempt: 3,
    answered: true,
    deployment: "google-lite",
    resumed: true,
  });
});

test("a call that failed tells its route and attempts, none of which answered", async () => {
  const failing = () =>
    Promise.reject(
      new SignalboxError("Overloaded", {
        status: 503,
        headers: {
          "x-signalbox-request-id": "r",
          "x-signalbox-route": "chat",
          "x-signalbox-attempts": "2",
        },
      }),
    );
  const transport = { identity: "failing", complete: failing, stream: failing };
  const heard = await heardOf(transport, (model) => expect(model.invoke("Hi")).rejects.toThrow("Overloaded"));
  expect(heard).toEqual([
    ["signalbox:decision", { request_id: "r", route: "chat", attempts: 2 }],
    ["signalbox:attempt", { request_id: "r", attempt: 1, answered: false }],
    ["signalbox:attempt", { request_id: "r", attempt: 2, answered: false }],
  ]);
});

test("each fact about the answer as a whole stands on one chunk, what it cost on the last", async () => {
  const transport = new ScriptedTransport({
    chunks: [chunk({ content: "Hel" }), chunk({ content: "lo" }), chunk({}, "stop"), usageChunk],
    trailers: { "x-signalbox-cost-usd": "0.002" },
  });
  const model = new RoutedChatModel({ model: "chat", transport });
  const chunks: AIMessageChunk[] = [];
  for await (const one of await model.stream("Hi")) chunks.push(one);
  const told = chunks.map((one) => ({
    route: routingOf(one)?.route,
    cost: routingOf(one)?.cost_usd,
    model: one.response_metadata["model_name"],
    finish: one.response_metadata["finish_reason"],
    tokens: usageOf(one)?.total_tokens,
  }));
  expect(told).toEqual([
    { route: "chat", model: "gemini-3.8-flash" },
    {},
    { finish: "stop" },
    { cost: 0.002, tokens: 18 },
  ]);
});

test("content blocks show thoughts, of a whole answer and of a sum of chunks", async () => {
  const transport = new ScriptedTransport({
    chunks: [
      chunk({ reasoning_content: "I th" }),
      chunk({ reasoning_content: "ink" }),
      chunk({ content: "Yes" }, "stop"),
    ],
  });
  const sum = await read(await new RoutedChatModel({ model: "chat", transport }).stream("Hi"));
  expect(sum?.contentBlocks).toEqual([
    { type: "reasoning", reasoning: "I think" },
    { type: "text", text: "Yes" },
  ]);
});
