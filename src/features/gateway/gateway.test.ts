import { promptCacheDefaults } from "#core/routing/affinity.ts";
import { describe, expect, test } from "vitest";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import type { Route, RouteDeadlines } from "#core/routing/route.ts";
import { byPriority } from "#core/routing/strategies/priority.ts";
import type { PriceSchedule } from "#core/pricing/price-schedule.ts";
import type { CapturePolicy } from "#core/routing/capture-policy.ts";
import type { Variant } from "#core/routing/variant.ts";
import type { ExchangedContent } from "#features/gateway/collected-content.ts";
import {
  Gateway,
  Healths,
  rungsOf,
  sseFraming,
  type Arrival,
  type GatewaySnapshot,
} from "#features/gateway/index.ts";
import type { RequestRecord } from "#features/traffic/index.ts";
import { FakeTime } from "../../../test/support/fake-time.ts";
import { FakeUpstream } from "../../../test/support/fake-upstream.ts";
import { MemoryClient } from "../../../test/support/memory-client.ts";

const requestId = "019b0000-0000-7000-8000-000000000001";

function deployment(name: string): Deployment {
  return {
    name,
    provider: "in-house",
    weight: 1,
    model: {
      id: "qwen",
      operations: ["chat"],
      outputSharesContext: false,
      media: [],
      tools: true,
      structuredOutput: true,
      upstream: {
        id: "qwen",
        thinking: { mode: "none" },
        ignoresSampling: false,
        needsThoughtSignatures: false,
        acceptsPrefill: true,
      },
    },
  };
}

function variant(name: string, price?: PriceSchedule): Variant {
  const pool = [{ ...deployment(`${name}-deployment`), ...(price && { price }) }];
  return { name, hash: name, modelId: "qwen", pool, parameters: {} };
}

function world(deadlines: RouteDeadlines = {}, capture: CapturePolicy = "metadata", price?: PriceSchedule) {
  const route: Route = {
    name: "support",
    kind: "route",
    capture,
    strategy: byPriority(["first"]),
    variants: new Map([
      ["first", variant("first", price)],
      ["second", variant("second", price)],
    ]),
    fallbacks: ["second"],
    deadlines,
  };
  const time = new FakeTime();
  const healths = new Healths(() => time.nowMs());
  const snapshot: GatewaySnapshot = {
    versions: { configuration: "test", statusEpoch: 0, prices: "test" },
    resolve: (name) => (name === "support" ? route : undefined),
    rung: rungsOf(
      () => ({
        name: "in-house",
        dialect: openaiChat,
        baseUrl: "http://upstream/v1",
        headers: {},
        privateNetwork: true,
        emulated: false,
        promptCache: promptCacheDefaults,
      }),
      { healths },
    ),
    suggestions: () => ["support"],
  };
  const upstream = new FakeUpstream();
  const client = new MemoryClient();
  const records: RequestRecord[] = [];
  const kept: ExchangedContent[] = [];
  const gateway = new Gateway({
    upstream,
    timers: time,
    clock: time,
    random: { unit: () => 0.5, bytes: (length) => new Uint8Array(length) },
    snapshot: () => snapshot,
    settle: () => undefined,
    keep: (content) => kept.push(content),
    pseudonym: (kind, name) => `${kind} ${name}`,
    record: (make) => records.push(make()),
  });
  const arrival: Arrival = {
    requestId,
    startedAtMs: time.nowMs(),
    startedMs: time.monotonicMs(),
    queueMs: 0,
    dialect: openaiChat,
    tags: { tier: "free" },
    unit: "ann",
    conversation: "c-1",
  };
  const ask = (body: object) => {
    const text = JSON.stringify({ model: "support", messages: [{ role: "user", content: "hi" }], ...body });
    const decoded = openaiChat.server.decodeRequest(JSON.parse(text), {});
    if (!decoded.ok) throw new Error(decoded.error.message);
    return gateway.chat(
      arrival,
      { request: decoded.value, body: Buffer.from(text), framing: sseFraming() },
      client,
    );
  };
  return { time, upstream, client, records, kept, ask };
}

const role = { id: "up-1", choices: [{ index: 0, delta: { role: "assistant", content: "" } }] };
const words = (content: string) => ({ id: "up-1", choices: [{ index: 0, delta: { content } }] });
const finish = { id: "up-1", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
const usage = { id: "up-1", choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } };
const whole = {
  id: "up-1",
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: "hello" }, finish_reason: "stop" }],
  usage: usage.usage,
};

/** Lets the promises between two rungs settle. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("before the first content", () => {
  test("a failure moves on silently, and both attempts are recorded", async () => {
    const { upstream, client, records, ask } = world();
    const done = ask({});
    upstream.answer(503, { error: { message: "busy" } });
    await settled();
    expect(client.status).toBeUndefined();
    upstream.answer(200, whole);
    await done;
    expect(client.status).toBe(200);
    expect(client.headers["x-signalbox-deployment"]).toBe("second-deployment");
    expect(client.headers["x-signalbox-attempts"]).toBe("2");
    expect(records[0]?.attempts.map(({ outcome, failure }) => [outcome, failure])).toEqual([
      ["failed", "overloaded"],
      ["completed", undefined],
    ]);
  });

  test("role-only deltas and keep-alives do not count: the first-token deadline passes and another rung answers", async () => {
    const { time, upstream, client, ask } = world({ firstTokenMs: 1_000 });
    const done = ask({ stream: true });
    upstream.startStream();
    upstream.frames(role);
    upstream.last.listener.data(Buffer.from(": keep-alive\n\n"));
    expect(client.status).toBeUndefined();
    time.advance(1_000);
    expect(upstream.calls[0]?.aborted).toBe(true);
    await settled();
    upstream.startStream();
    upstream.frames(role, words("hello"), finish, "[DONE]");
    upstream.last.listener.ended();
    await done;
    expect(client.headers["x-signalbox-deployment"]).toBe("second-deployment");
    expect(client.payloads.at(-1)).toBe("[DONE]");
  });

  test("a request that is at fault is not tried elsewhere", async () => {
    const { upstream, client, ask } = world();
    const done = ask({});
    upstream.answer(400, {
      error: { message: "temperature must be at most 2", type: "invalid_request_error" },
    });
    await done;
    expect(upstream.calls).toHaveLength(1);
    expect(client.status).toBe(400);
    expect(client.text).toContain("temperature must be at most 2");
  });

  test("when every rung failed the client gets the last failure's status and retry-after", async () => {
    const { upstream, client, records, ask } = world({ totalMs: 5_000 });
    const done = ask({});
    upstream.answer(500, "oops");
    await settled();
    upstream.answer(
      429,
      { error: { message: "slow down", code: "rate_limit_exceeded" } },
      { "retry-after": "7" },
    );
    await done;
    expect(client.status).toBe(429);
    // The time that was told and a little more by chance, so that not all come back at once.
    expect(client.headers["retry-after"]).toBe("8");
    expect(records[0]?.outcome).toBe("failed");
  });
});

describe("after the first content", () => {
  test("a cut stream ends in a typed error frame and a broken connection; no other rung is asked", async () => {
    const { upstream, client, records, ask } = world();
    const done = ask({ stream: true });
    upstream.startStream();
    upstream.frames(role, words("hel"));
    upstream.last.listener.failed("reset", "ECONNRESET");
    await done;
    expect(upstream.calls).toHaveLength(1);
    expect(client.ending).toBe("broken-off");
    expect(client.payloads.at(-1)).toMatchObject({
      error: { message: expect.stringContaining("closed the connection") },
    });
    expect(records[0]).toMatchObject({ outcome: "failed", status: 200, attempts: [{ failure: "reset" }] });
  });

  test("an end without a finish reason is never a clean end", async () => {
    const { upstream, client, ask } = world();
    const done = ask({ stream: true });
    upstream.startStream();
    upstream.frames(role, words("hel"), "[DONE]");
    upstream.last.listener.ended();
    await done;
    expect(client.ending).toBe("broken-off");
    expect(client.payloads).not.toContain("[DONE]");
  });

  test("silence past the idle deadline ends the stream, keep-alives notwithstanding", async () => {
    const { time, upstream, client, records, ask } = world({ idleMs: 500 });
    const done = ask({ stream: true });
    upstream.startStream();
    upstream.frames(role, words("hel"));
    time.advance(400);
    upstream.last.listener.data(Buffer.from(": keep-alive\n\n"));
    time.advance(100);
    await done;
    expect(client.ending).toBe("broken-off");
    expect(records[0]?.attempts[0]?.failure).toBe("idle-timeout");
  });

  test("frames go out as they arrive, but for the id and a usage frame nobody asked for", async () => {
    const { upstream, client, records, ask } = world();
    const done = ask({ stream: true });
    upstream.startStream();
    upstream.frames(role, words("hel"));
    expect(client.payloads).toHaveLength(2);
    upstream.frames(words("lo"));
    expect(client.payloads).toHaveLength(3);
    upstream.frames(finish, usage, "[DONE]");
    upstream.last.listener.ended();
    await done;
    expect(client.payloads).toEqual([
      { ...role, id: requestId },
      { ...words("hel"), id: requestId },
      { ...words("lo"), id: requestId },
      { ...finish, id: requestId },
      "[DONE]",
    ]);
    expect(records[0]?.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
    expect(records[0]?.upstreamResponseId).toBe("up-1");
  });

  test("a slow client pauses the upstream, and its slowness is not the upstream's idleness", async () => {
    const { time, upstream, client, ask } = world({ idleMs: 500 });
    const done = ask({ stream: true });
    upstream.startStream();
    client.congested = true;
    upstream.frames(role, words("hel"));
    expect(upstream.last.paused).toBe(true);
    time.advance(10_000);
    expect(client.ending).toBeUndefined();
    client.drain();
    expect(upstream.last.paused).toBe(false);
    upstream.frames(finish);
    upstream.last.listener.ended();
    await done;
    expect(client.ending).toBe("end");
  });
});

describe("a client that goes away", () => {
  test.each([true, false])("cancels its upstream call at once (stream: %s)", async (stream) => {
    const { upstream, client, records, ask } = world();
    const done = ask({ stream });
    client.leave();
    await done;
    expect(upstream.last.aborted).toBe(true);
    expect(upstream.calls).toHaveLength(1);
    expect(records[0]).toMatchObject({ outcome: "aborted", status: 499, attempts: [{ outcome: "aborted" }] });
  });
});

describe("time", () => {
  test("the total deadline bounds all attempts together", async () => {
    const { time, upstream, client, ask } = world({ totalMs: 1_000 });
    const done = ask({});
    time.advance(600);
    upstream.answer(503, "busy");
    await settled();
    time.advance(400);
    await done;
    expect(upstream.calls[1]?.aborted).toBe(true);
    expect(client.status).toBe(504);
  });

  test("no timer outlives its request", async () => {
    const { time, upstream, ask } = world({ firstTokenMs: 1_000, idleMs: 1_000, totalMs: 5_000 });
    const done = ask({ stream: true });
    upstream.startStream();
    upstream.frames(words("hello"), finish);
    upstream.last.listener.ended();
    await done;
    expect(time.waiting).toBe(0);
  });
});

test("the record holds the decision: candidates, propensity, draw and snapshot", async () => {
  const { upstream, records, ask } = world();
  const done = ask({});
  upstream.answer(200, whole);
  await done;
  expect(records[0]?.decision).toMatchObject({
    route: "support",
    variant: "first",
    propensity: 1,
    draw: 0.5,
    ladder: ["first-deployment", "second-deployment"],
    snapshot: { configuration: "test", statusEpoch: 0, prices: "test" },
  });
});

test("a first frame of 5 MB, an image as a rule, goes out like any other", async () => {
  const { upstream, client, ask } = world();
  const done = ask({ stream: true });
  upstream.startStream();
  upstream.frames(words("x".repeat(5_000_000)), finish);
  upstream.last.listener.ended();
  await done;
  expect(client.status).toBe(200);
  expect(client.text.length).toBeGreaterThan(5_000_000);
});

describe("of whom a request was for", () => {
  const recorded = async (capture: CapturePolicy) => {
    const { upstream, records, ask } = world({}, capture);
    const done = ask({});
    upstream.answer(200, whole);
    await done;
    return records[0];
  };

  test("the record tells pseudonyms, tags and the upstream's id", async () => {
    expect(await recorded("metadata")).toMatchObject({
      capture: "metadata",
      unit: { id: "unit ann", source: "header" },
      conversation: "conversation c-1",
      tags: { tier: "free" },
      upstreamResponseId: "up-1",
    });
  });

  test("nothing is kept where the route captures nothing, but what money and health need is", async () => {
    const record = await recorded("off");
    expect(record).toMatchObject({
      capture: "off",
      tags: {},
      usage: { inputTokens: 3 },
      outcome: "completed",
    });
    expect(record).not.toHaveProperty("unit");
    expect(record).not.toHaveProperty("conversation");
    expect(record).not.toHaveProperty("upstreamResponseId");
  });
});

describe("content", () => {
  test("is given away with the answer put together, where the route keeps it", async () => {
    const { upstream, kept, ask } = world({}, "full");
    const done = ask({ stream: true });
    upstream.startStream();
    upstream.frames(role, words("hel"), words("lo"), finish);
    upstream.last.listener.ended();
    await done;
    expect(JSON.parse(Buffer.from(kept[0]?.body ?? []).toString())).toMatchObject({ stream: true });
    expect(kept).toMatchObject([
      {
        requestId,
        truncated: false,
        response: { candidates: [{ parts: [{ type: "text", text: "hello" }], finish: { reason: "stop" } }] },
      },
    ]);
  });

  test("of a whole answer is the answer; of a request that failed it is the request alone", async () => {
    const { upstream, kept, ask } = world({}, "full");
    const done = ask({});
    upstream.answer(200, whole);
    await done;
    expect(kept[0]?.response?.candidates[0]?.parts).toMatchObject([{ type: "text", text: "hello" }]);
    const other = world({}, "full");
    const failing = other.ask({});
    other.upstream.answer(400, { error: { message: "no" } });
    await failing;
    expect(other.kept).toMatchObject([{ requestId }]);
    expect(other.kept[0]).not.toHaveProperty("response");
  });

  test.each(["off", "metadata"] as const)(
    "is not even put together where the route keeps %s",
    async (capture) => {
      const { upstream, kept, ask } = world({}, capture);
      const done = ask({});
      upstream.answer(200, whole);
      await done;
      expect(kept).toEqual([]);
    },
  );
});

describe("what a request cost", () => {
  const price: PriceSchedule = { periods: [{ rates: { input: 100_000, output: 300_000 } }] };

  test("is told by the header of a whole answer, to the pico-dollar", async () => {
    const { upstream, client, records, ask } = world({}, "metadata", price);
    const done = ask({});
    upstream.last.listener.sent();
    upstream.answer(200, whole);
    await done;
    expect(client.headers["x-signalbox-cost-usd"]).toBe("0.0000009");
    expect(records[0]).toMatchObject({
      cost: { picoDollars: 900_000, estimated: false, unpricedAttempts: 0 },
      attempts: [{ cost: { picoDollars: 900_000, estimated: false } }],
    });
  });

  test("holds every attempt: one that was refused nothing, one whose answer was no answer what it used", async () => {
    const { upstream, client, records, ask } = world({}, "metadata", price);
    const done = ask({});
    upstream.last.listener.sent();
    upstream.answer(200, { ...whole, choices: [{ ...whole.choices[0], finish_reason: null }] });
    await settled();
    upstream.last.listener.sent();
    upstream.answer(200, whole);
    await done;
    expect(records[0]?.attempts.map(({ outcome, cost }) => [outcome, cost?.picoDollars])).toEqual([
      ["failed", 900_000],
      ["completed", 900_000],
    ]);
    expect(client.headers["x-signalbox-cost-usd"]).toBe("0.0000018");
  });

  test("of a stream that the client left is an estimate of the prompt and of what came", async () => {
    const { upstream, client, records, ask } = world({}, "metadata", price);
    const done = ask({ stream: true });
    upstream.last.listener.sent();
    upstream.startStream();
    upstream.frames(role, words("four words of text"));
    client.leave();
    await done;
    const [attempt] = records[0]?.attempts ?? [];
    expect(attempt).toMatchObject({
      outcome: "aborted",
      usage: { inputTokens: 1, outputTokens: 5 },
      cost: { picoDollars: 1 * 100_000 + 5 * 300_000, estimated: true },
    });
    expect(records[0]?.cost).toMatchObject({ estimated: true });
  });

  test("is an estimate, too, where the provider reports what cannot be", async () => {
    const { upstream, records, ask } = world({}, "metadata", price);
    const done = ask({});
    upstream.last.listener.sent();
    upstream.answer(200, { ...whole, usage: { ...whole.usage, completion_tokens: -2 } });
    await done;
    expect(records[0]).toMatchObject({
      usage: { inputTokens: 1, outputTokens: 2 },
      cost: { estimated: true },
    });
  });

  test("is not told where a price is not known, and the record says so", async () => {
    const { upstream, client, records, ask } = world();
    const done = ask({});
    upstream.last.listener.sent();
    upstream.answer(200, whole);
    await done;
    expect(client.headers).not.toHaveProperty("x-signalbox-cost-usd");
    expect(records[0]?.cost).toEqual({ picoDollars: 0, estimated: false, unpricedAttempts: 1 });
    expect(records[0]?.attempts[0]).toMatchObject({ usage: { inputTokens: 3 } });
  });
});
