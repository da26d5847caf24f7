import { promptCacheDefaults } from "#core/routing/affinity.ts";
import { describe, expect, test } from "vitest";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import type { PriceSchedule } from "#core/pricing/price-schedule.ts";
import { exampleDeployment, exampleRoute, exampleVariant } from "#core/routing/example.fixture.ts";
import { defaultResilience, type RouteResilience } from "#core/routing/route-resilience.ts";
import { sseFraming } from "#features/gateway/framing.ts";
import { Gateway } from "#features/gateway/gateway.ts";
import { Healths } from "#features/gateway/health/healths.ts";
import { rungsOf } from "#features/gateway/rung.ts";
import type { RequestRecord } from "#features/traffic/index.ts";
import { FakeTime } from "../../../test/support/fake-time.ts";
import { FakeUpstream } from "../../../test/support/fake-upstream.ts";
import { MemoryClient } from "../../../test/support/memory-client.ts";

const price: PriceSchedule = { periods: [{ rates: { input: 1_000_000, output: 1_000_000 }, factors: {} }] };

/** A route of a variant with two deployments, and a fallback to another model. */
function world(resilience: Partial<RouteResilience> = {}) {
  const time = new FakeTime();
  const healths = new Healths(() => time.nowMs());
  const upstream = new FakeUpstream();
  const records: RequestRecord[] = [];
  const pool = (...names: string[]) => names.map((name) => ({ ...exampleDeployment(name), price }));
  const main = { ...exampleVariant("main"), pool: pool("one", "two") };
  const [other] = pool("other");
  const lite = other && {
    ...other,
    model: { ...other.model, id: "lite", upstream: { ...other.model.upstream, id: "lite" } },
  };
  const route = exampleRoute([main, { ...exampleVariant("lite"), pool: lite ? [lite] : [] }], {
    fallbacks: ["lite"],
    resilience: { ...defaultResilience, ...resilience },
  });
  const connection = {
    name: "provider",
    dialect: openaiChat,
    baseUrl: "http://upstream/v1",
    headers: {},
    privateNetwork: true,
    emulated: false,
    promptCache: promptCacheDefaults,
  };
  const snapshot = {
    versions: { configuration: "test", statusEpoch: 0, prices: "test" },
    resolve: () => route,
    rung: rungsOf(() => connection, { healths }),
    suggestions: () => [],
  };
  const gateway = new Gateway({
    upstream,
    timers: time,
    clock: time,
    random: { unit: () => 0, bytes: (length) => new Uint8Array(length) },
    snapshot: () => snapshot,
    settle: () => undefined,
    keep: () => undefined,
    pseudonym: (kind, name) => `${kind} ${name}`,
    record: (make) => records.push(make()),
  });
  const ask = (body: object = {}) => {
    const client = new MemoryClient();
    const text = JSON.stringify({ model: "route", messages: [{ role: "user", content: "hi" }], ...body });
    const decoded = openaiChat.server.decodeRequest(JSON.parse(text), {});
    if (!decoded.ok) throw new Error(decoded.error.message);
    const arrival = {
      requestId: "request-1",
      startedAtMs: time.nowMs(),
      startedMs: time.monotonicMs(),
      queueMs: 0,
      dialect: openaiChat,
      tags: {},
    };
    const call = { request: decoded.value, body: Buffer.from(text), framing: sseFraming() };
    return { client, done: gateway.chat(arrival, call, client) };
  };
  return { time, upstream, records, ask };
}

const answer = (content: string | null, finish_reason = "stop") => ({
  id: "up-1",
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
});
const words = (content: string) => ({ id: "up-1", choices: [{ index: 0, delta: { content } }] });
const finish = (reason: string) => ({
  id: "up-1",
  choices: [{ index: 0, delta: {}, finish_reason: reason }],
});
const settled = () => new Promise((resolve) => setImmediate(resolve));
const forBlocked = { fallbackCauses: new Map([["lite", ["blocked"] as const]]) };

describe("an answer that a filter blocked", () => {
  test("is the answer where the route says nothing", async () => {
    const { upstream, ask } = world();
    const { client, done } = ask();
    upstream.answer(200, answer(null, "content_filter"));
    await done;
    expect(upstream.calls).toHaveLength(1);
    expect(client.headers["x-signalbox-degraded"]).toBeUndefined();
  });

  test("goes to the fallback for that, past the same model, and the header tells", async () => {
    const { upstream, ask, records } = world(forBlocked);
    const { client, done } = ask();
    upstream.answer(200, answer(null, "content_filter"));
    await settled();
    upstream.answer(200, answer("hello"));
    await done;
    expect(client.headers["x-signalbox-degraded"]).toBe("fallback");
    expect(client.text).toContain("hello");
    expect(records[0]?.attempts.map(({ variant }) => variant)).toEqual(["main", "lite"]);
  });

  test("of a stream is held back until it is known that the fallback has none, and is given then", async () => {
    const { upstream, ask } = world(forBlocked);
    const { client, done } = ask({ stream: true });
    upstream.startStream();
    upstream.frames(finish("content_filter"), "[DONE]");
    upstream.last.listener.ended();
    await settled();
    expect([client.status, upstream.calls.length]).toEqual([undefined, 2]);
    upstream.answer(400, { error: { message: "no", type: "invalid_request_error" } });
    await done;
    expect(client.status).toBe(200);
    expect(client.headers["x-signalbox-variant"]).toBe("main");
    expect(client.text).toContain("content_filter");
    expect(client.payloads.at(-1)).toBe("[DONE]");
  });

  test("with content before it is never taken back", async () => {
    const { upstream, ask } = world(forBlocked);
    const { client, done } = ask({ stream: true });
    upstream.startStream();
    upstream.frames(words("hel"), finish("content_filter"), "[DONE]");
    upstream.last.listener.ended();
    await done;
    expect(upstream.calls).toHaveLength(1);
    expect(client.text).toContain("hel");
  });
});

test("a fallback that is not for errors is not asked after one", async () => {
  const { upstream, ask } = world({
    attemptsMax: 8,
    fallbackCauses: new Map([["lite", ["context"] as const]]),
  });
  const { client, done } = ask();
  upstream.answer(504, { error: { message: "late" } });
  await settled();
  upstream.answer(504, { error: { message: "late" } });
  await done;
  expect(upstream.calls).toHaveLength(2);
  expect(client.headers["x-signalbox-route"]).toBe("route");
  expect(client.status).not.toBe(200);
});

test("one attempt is all where the route says so", async () => {
  const { upstream, ask } = world({ attemptsMax: 1 });
  const { client, done } = ask();
  upstream.answer(503, { error: { message: "busy" } });
  await done;
  expect([upstream.calls.length, client.status]).toEqual([1, 503]);
});

describe("a hedge", () => {
  /** Sixty requests that showed content within 300 ms pay for three hedges. Then one that gets none for a second. */
  async function slowRequest(hedge: RouteResilience["hedge"], body: object = {}) {
    const made = world(hedge && { hedge });
    for (let request = 0; request < 60; request += 1) {
      const { done } = made.ask({ stream: true });
      made.upstream.startStream();
      // Each faster than those before it: none of them is slow enough to be hedged.
      made.time.advance(300 - 4 * request);
      made.upstream.frames(words("x"), finish("stop"), "[DONE]");
      made.upstream.last.listener.ended();
      await done;
    }
    const before = made.upstream.calls.length;
    const { client, done } = made.ask({ stream: true, max_tokens: 100, ...body });
    made.time.advance(1_000);
    await settled();
    return { ...made, client, done, asked: made.upstream.calls.length - before };
  }
  const hedge = { share: 0.05, spendMax: 1_000_000_000, tools: false };
  const tools = [{ type: "function", function: { name: "pay", parameters: { type: "object" } } }];

  test("goes to the other deployment of the variant, and the first content wins", async () => {
    const { asked, upstream, client, done, records } = await slowRequest(hedge);
    expect(asked).toBe(2);
    upstream.startStream();
    upstream.frames(words("fast"), finish("stop"), "[DONE]");
    upstream.last.listener.ended();
    await done;
    expect(client.text).toContain("fast");
    expect(records.at(-1)?.attempts.map(({ variant, outcome }) => [variant, outcome])).toEqual([
      ["main", "aborted"],
      ["main", "completed"],
    ]);
  });

  test.each([
    ["without being asked for", undefined, {}, 1],
    ["for more than the route may spend", { ...hedge, spendMax: 1000 }, {}, 1],
    ["with tools", hedge, { tools }, 1],
    ["with tools, where the route says they do no harm,", { ...hedge, tools: true }, { tools }, 2],
  ])("%s: %# attempts", async (_, written, body, attempts) => {
    expect((await slowRequest(written, body)).asked).toBe(attempts);
  });
});

describe("a request that may cost so much", () => {
  /** What 50 tokens cost. */
  const costMax = 50_000_000;

  test("is not asked of those that could cost more, but of a fallback that answers shorter", async () => {
    const { upstream, ask, records } = world({ costMax, fallbackOutputTokens: new Map([["lite", 10]]) });
    const { client, done } = ask({ max_tokens: 90 });
    upstream.answer(200, answer("hello"));
    await done;
    expect(client.headers["x-signalbox-degraded"]).toBe("shorter");
    expect(records[0]?.attempts.map(({ variant }) => variant)).toEqual(["lite"]);
  });

  test("is refused where everybody could cost more, and the client is told what is allowed", async () => {
    const { upstream, ask, records } = world({ costMax });
    const { client, done } = ask({ max_tokens: 90 });
    await done;
    expect(upstream.calls).toHaveLength(0);
    expect(client.status).toBe(400);
    expect(client.text).toContain("its route allows $0.00005, it can cost $0.00009");
    expect(records[0]).toMatchObject({ outcome: "failed", errorCode: "invalid-request", attempts: [] });
  });

  test("is asked of another while what is left is enough: a refused attempt costs nothing, a useless answer does", async () => {
    const { upstream, ask, records } = world({ costMax });
    const free = ask({ max_tokens: 30 });
    upstream.answer(504, "oops");
    await settled();
    upstream.answer(200, answer("hello"));
    await free.done;
    expect(free.client.status).toBe(200);
    const dear = ask({ max_tokens: 30 });
    const usage = { prompt_tokens: 3, completion_tokens: 27, total_tokens: 30 };
    upstream.answer(200, { id: "up-1", object: "chat.completion", choices: [], usage });
    await dear.done;
    expect(dear.client.status).toBe(502);
    expect(records[1]?.attempts).toHaveLength(1);
  });
});
