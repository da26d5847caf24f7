import { expect, test } from "vitest";
import type { ChainEvent, ChainStream } from "#features/chains/index.ts";
import { FakeTime } from "../../../test/support/fake-time.ts";
import { chainStreamBody } from "./chain-stream-body.ts";

const answer = {
  output: "",
  version: 1,
  request_id: "r",
  route: "chat",
  variant: "v",
  deployment: "d",
  repairs: 0,
  requests: [],
};

function streamOf(events: AsyncIterable<ChainEvent>): ChainStream {
  return { requestId: "r", headers: {}, events, isText: true };
}

function world(time = new FakeTime()) {
  return { timers: time, failed: () => expect.unreachable("nothing failed") };
}

test("an event is readable as soon as it happened", async () => {
  const next = Promise.withResolvers<void>();
  async function* events(): AsyncGenerator<ChainEvent> {
    yield { type: "chunk", text: "a" };
    await next.promise;
    yield { type: "end", answer };
  }
  const reading = chainStreamBody(streamOf(events()), world())[Symbol.asyncIterator]();
  expect(String((await reading.next()).value)).toBe('event: chunk\ndata: {"text":"a"}\n\n');
  next.resolve();
  expect(String((await reading.next()).value)).toBe(`event: end\ndata: ${JSON.stringify(answer)}\n\n`);
  expect(await reading.next()).toMatchObject({ done: true });
});

test("a client that does not read holds the chain back after a bounded number of bytes", async () => {
  let made = 0;
  async function* events(): AsyncGenerator<ChainEvent> {
    for (; made < 1_000; made++) yield { type: "chunk", text: "x".repeat(1_000) };
    yield { type: "end", answer };
  }
  const body = chainStreamBody(streamOf(events()), world());
  await expect.poll(() => body.readableLength > 0 && made, { interval: 1 }).toBeGreaterThan(10);
  for (let turn = 0; turn < 1_000; turn++) await Promise.resolve();
  const held = made;
  expect(held).toBeLessThan(50);
  let read = 0;
  for await (const piece of body) read += String(piece).length;
  expect(made).toBe(1_000);
  expect(read).toBeGreaterThan(1_000_000);
});

test("a client that goes away while it is waited for lets the run end", async () => {
  const ended = Promise.withResolvers<void>();
  async function* events(): AsyncGenerator<ChainEvent> {
    try {
      for (let sent = 0; sent < 1_000; sent++) yield { type: "chunk", text: "x".repeat(1_000) };
    } finally {
      ended.resolve();
    }
  }
  const body = chainStreamBody(streamOf(events()), world());
  await expect.poll(() => body.readableLength, { interval: 1 }).toBeGreaterThan(0);
  body.destroy();
  await ended.promise;
});

test("a client that reads nothing for a minute is given up", async () => {
  const time = new FakeTime();
  async function* events(): AsyncGenerator<ChainEvent> {
    for (let sent = 0; sent < 1_000; sent++) yield { type: "chunk", text: "x".repeat(1_000) };
  }
  const body = chainStreamBody(streamOf(events()), world(time));
  await expect.poll(() => body.readableLength, { interval: 1 }).toBeGreaterThan(0);
  for (let turn = 0; turn < 1_000; turn++) await Promise.resolve();
  time.advance(59_999);
  expect(body.destroyed).toBe(false);
  time.advance(1);
  expect(body.destroyed).toBe(true);
});

test("what fails in the run is told to the client as an event, and heard", async () => {
  const mistake = new Error("a secret of ours");
  // oxlint-disable-next-line require-yield -- it breaks before its first item
  async function* events(): AsyncGenerator<ChainEvent> {
    throw mistake;
  }
  const heard: unknown[] = [];
  const body = chainStreamBody(streamOf(events()), {
    timers: new FakeTime(),
    failed: (error) => heard.push(error),
  });
  let text = "";
  for await (const piece of body) text += String(piece);
  expect(text).toMatch(/^event: error\ndata: \{"error":\{"code":"internal"/);
  expect(text).not.toContain("secret");
  expect(heard).toEqual([mistake]);
});
