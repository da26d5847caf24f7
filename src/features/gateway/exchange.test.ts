import { describe, expect, test } from "vitest";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import {
  Exchange,
  type Deadlines,
  type ExchangeEnd,
  type ExchangeReader,
} from "#features/gateway/exchange.ts";
import { FakeTime } from "../../../test/support/fake-time.ts";
import { FakeUpstream } from "../../../test/support/fake-upstream.ts";
import { MemoryClient } from "../../../test/support/memory-client.ts";

const malformed: UpstreamFailure = { kind: "malformed-answer", message: "no" };
const call = { url: "https://provider.example/", headers: {}, body: "", privateNetwork: false };

/** An exchange whose reader takes `content` for content, `part` for a part of a whole answer, `bad` for a failure, and anything else for nothing. */
function begin(deadlines: Deadlines = {}) {
  const time = new FakeTime();
  const upstream = new FakeUpstream();
  const client = new MemoryClient();
  const reader: ExchangeReader & { whole: boolean } = {
    whole: true,
    started: () => undefined,
    data: (chunk) => {
      const text = Buffer.from(chunk).toString();
      if (text === "bad") return malformed;
      return text === "content" || text === "part" ? text : "nothing";
    },
    ended: () => (reader.whole ? undefined : malformed),
  };
  let end: ExchangeEnd | undefined;
  const contents: number[] = [];
  const over = new Promise<ExchangeEnd>((resolve) => {
    const exchange = new Exchange(
      { upstream, timers: time, clock: time },
      {
        deadlines,
        client,
        reader,
        onContent: (ms) => contents.push(ms),
        onEnd(result) {
          end = result;
          resolve(result);
        },
      },
    );
    exchange.begin(call);
  });
  const say = (text: string): void => upstream.last.listener.data(Buffer.from(text));
  return { time, upstream, client, reader, over, say, contents, ended: () => end };
}

describe("an exchange", () => {
  test("that ends whole is completed, and tells status and times", async () => {
    const { time, upstream, over, say } = begin();
    time.advance(2);
    upstream.last.listener.sent();
    time.advance(3);
    upstream.last.listener.started(200, { server: "upstream" });
    time.advance(5);
    say("content");
    time.advance(1);
    say("content");
    time.advance(4);
    upstream.last.listener.ended();
    expect(await over).toEqual({
      outcome: "completed",
      status: 200,
      headers: { server: "upstream" },
      connectMs: 2,
      firstByteMs: 5,
      firstContentMs: 10,
      lastContentMs: 11,
      totalMs: 15,
    });
  });

  test("that ends short, or reads what it cannot, has failed, and its call is aborted", async () => {
    const short = begin();
    short.reader.whole = false;
    short.upstream.last.listener.ended();
    expect(await short.over).toMatchObject({ outcome: "failed", failure: malformed });
    const wrong = begin();
    wrong.say("bad");
    expect(await wrong.over).toMatchObject({ outcome: "failed", failure: malformed });
    expect(wrong.upstream.last.aborted).toBe(true);
  });

  test("is over once: what comes later changes nothing", async () => {
    const { upstream, client, over, say, time } = begin({ totalMs: 10 });
    upstream.last.listener.failed("reset", "ECONNRESET");
    say("bad");
    upstream.last.listener.ended();
    client.leave();
    time.advance(100);
    expect(await over).toMatchObject({ outcome: "failed", failure: { kind: "reset" } });
    expect(time.waiting).toBe(0);
  });

  test("of a client that is gone already is never begun", async () => {
    const client = new MemoryClient();
    client.closed = true;
    const upstream = new FakeUpstream();
    const time = new FakeTime();
    const reader: ExchangeReader = {
      started: () => undefined,
      data: () => "nothing",
      ended: () => undefined,
    };
    const ends: ExchangeEnd[] = [];
    new Exchange(
      { upstream, timers: time, clock: time },
      { deadlines: {}, client, reader, onContent: () => undefined, onEnd: (end) => ends.push(end) },
    ).begin(call);
    expect(ends).toMatchObject([{ outcome: "aborted" }]);
    expect(upstream.calls).toEqual([]);
  });
});

describe("deadlines", () => {
  test("the first token's is not met by anything but content", async () => {
    const { time, upstream, say, over } = begin({ firstTokenMs: 10 });
    upstream.last.listener.started(200, {});
    time.advance(9);
    say("keep-alive");
    time.advance(1);
    expect(await over).toMatchObject({ failure: { kind: "first-token-timeout" } });
  });

  test("the idle one begins with content, begins again with more, and not with anything else", async () => {
    const { time, say, ended, over } = begin({ firstTokenMs: 10, idleMs: 10 });
    say("content");
    time.advance(9);
    say("content");
    time.advance(9);
    say("keep-alive");
    expect(ended()).toBeUndefined();
    time.advance(1);
    expect(await over).toMatchObject({ failure: { kind: "idle-timeout" } });
  });

  test("the idle one holds within the body of a whole answer too, which tells no first content", async () => {
    const { time, say, contents, over } = begin({ idleMs: 10 });
    time.advance(50);
    say("part");
    time.advance(9);
    say("part");
    time.advance(10);
    expect(await over).toMatchObject({ failure: { kind: "idle-timeout" }, totalMs: 69 });
    expect(contents).toEqual([]);
  });

  test("the total one ends an answer under way", async () => {
    const { time, say, over } = begin({ totalMs: 10, idleMs: 100 });
    time.advance(9);
    say("content");
    time.advance(1);
    expect(await over).toMatchObject({ failure: { kind: "total-timeout" }, totalMs: 10 });
  });
});

describe("a client slower than its upstream", () => {
  test("holds it once, however much still comes, and its slowness is no idleness", async () => {
    const { time, client, upstream, say, ended } = begin({ idleMs: 10 });
    let waits = 0;
    const whenWritable = client.whenWritable.bind(client);
    client.whenWritable = (callback) => {
      waits++;
      whenWritable(callback);
    };
    client.congested = true;
    for (let count = 0; count < 20; count++) say("content");
    expect([waits, upstream.last.paused]).toEqual([1, true]);
    time.advance(1_000);
    await Promise.resolve();
    expect(ended()).toBeUndefined();
  });

  test("holds the first token's deadline as well: a blocked answer was shown, and its end is still to come", async () => {
    const { time, client, upstream, say, ended, over } = begin({ firstTokenMs: 10 });
    client.congested = true;
    say("nothing");
    time.advance(1_000);
    expect(ended()).toBeUndefined();
    expect(upstream.last.paused).toBe(true);
    client.drain();
    time.advance(9);
    expect(ended()).toBeUndefined();
    time.advance(1);
    expect(await over).toMatchObject({ failure: { kind: "first-token-timeout" }, totalMs: 1_010 });
  });

  test("that has caught up is idle after the deadline, counted from then", async () => {
    const { time, client, upstream, say, over } = begin({ idleMs: 10 });
    client.congested = true;
    say("content");
    time.advance(1_000);
    client.drain();
    expect(upstream.last.paused).toBe(false);
    time.advance(10);
    expect(await over).toMatchObject({ failure: { kind: "idle-timeout" }, totalMs: 1_010 });
  });

  test("that has not read what came before this call does not use up the time until its first token", async () => {
    const { time, client, upstream, say, ended, over } = begin({ firstTokenMs: 10 });
    client.congested = true;
    say("keep-alive");
    time.advance(1_000);
    await Promise.resolve();
    expect(ended()).toBeUndefined();
    client.drain();
    expect(upstream.last.paused).toBe(false);
    time.advance(10);
    expect(await over).toMatchObject({ failure: { kind: "first-token-timeout" }, totalMs: 1_010 });
  });

  test("may be held again", () => {
    const { client, upstream, say } = begin();
    client.congested = true;
    say("content");
    client.drain();
    client.congested = true;
    say("content");
    expect(upstream.last.paused).toBe(true);
  });
});
