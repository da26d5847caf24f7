import { promptCacheDefaults } from "#core/routing/affinity.ts";
import { describe, expect, test } from "vitest";
import { gemini } from "#core/dialects/gemini/gemini.ts";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import type { Dialect } from "#core/dialects/dialect.ts";
import type { Json } from "#core/kernel/json.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import { exampleDeployment, exampleRoute, exampleVariant } from "#core/routing/example.fixture.ts";
import { defaultResilience, type RouteResilience } from "#core/routing/route-resilience.ts";
import type { Arrival } from "#features/gateway/asked.ts";
import { sseFraming } from "#features/gateway/framing.ts";
import { Gateway } from "#features/gateway/gateway.ts";
import type { GatewaySnapshot } from "#features/gateway/plan.ts";
import { Healths } from "#features/gateway/health/healths.ts";
import { rungsOf } from "#features/gateway/rung.ts";
import type { RequestRecord } from "#features/traffic/index.ts";
import { FakeTime } from "../../../test/support/fake-time.ts";
import { bodyText, FakeUpstream } from "../../../test/support/fake-upstream.ts";
import { MemoryClient } from "../../../test/support/memory-client.ts";

function withModel(name: string): Deployment {
  const deployment = exampleDeployment(name);
  const { model } = deployment;
  return { ...deployment, provider: name, model: { ...model, upstream: { ...model.upstream, id: name } } };
}

/** A route of a variant with two deployments, and a fallback to another model. */
function world(written: Partial<RouteResilience> = {}) {
  const time = new FakeTime();
  const healths = new Healths(() => time.nowMs());
  const upstream = new FakeUpstream();
  const records: RequestRecord[] = [];
  // Each its own provider and model, so that a limit of one says nothing of the other.
  const pool = [{ ...withModel("one"), weight: 3 }, withModel("two")];
  const main = { ...exampleVariant("main"), pool };
  const lite = { ...exampleVariant("lite"), pool: [withModel("lite")] };
  const snapshotOf = (resilience: Partial<RouteResilience>): GatewaySnapshot => {
    const route = exampleRoute([main, lite], {
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
    return {
      versions: { configuration: "test", statusEpoch: 0, prices: "test" },
      resolve: () => route,
      rung: rungsOf(() => connection, { healths }),
      suggestions: () => [],
    };
  };
  let snapshot = snapshotOf(written);
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
  const send = (dialect: Dialect, body: { readonly [name: string]: Json }, from: Partial<Arrival> = {}) => {
    const client = new MemoryClient();
    // Only Gemini's path says so.
    const decoded = dialect.server.decodeRequest(body, { model: "route", stream: true });
    if (!decoded.ok) throw new Error(decoded.error.message);
    const arrival = {
      requestId: "request-1",
      startedAtMs: time.nowMs(),
      startedMs: time.monotonicMs(),
      queueMs: 0,
      dialect,
      tags: {},
      ...from,
    };
    const call = { request: decoded.value, body: Buffer.from(JSON.stringify(body)), framing: sseFraming() };
    return { client, done: gateway.chat(arrival, call, client) };
  };
  const ask = (body: { readonly [name: string]: Json } = {}, from: Partial<Arrival> = {}) =>
    send(openaiChat, { model: "route", messages: [{ role: "user", content: "hi" }], ...body }, from);
  /** Answers every call that is made until the request is over. */
  const allFail = async ({ done }: { readonly done: Promise<void> }, status = 504): Promise<void> => {
    const over = done.then(() => true);
    let answered = upstream.calls.length - 1;
    while (!(await Promise.race([over, settled()]))) {
      if (answered === upstream.calls.length) time.advance(1_000);
      else {
        upstream.answer(status, { error: { message: "no", type: "invalid_request_error" } });
        answered = upstream.calls.length;
      }
    }
  };
  const replace = (resilience: Partial<RouteResilience>) => (snapshot = snapshotOf(resilience));
  return { time, upstream, records, ask, send, allFail, replace };
}

const answer = (content: string, finish_reason = "stop") => ({
  id: "up-1",
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
});
const settled = () => new Promise<false>((resolve) => setImmediate(() => resolve(false)));

describe("an answer", () => {
  test("by the other deployment of its variant says so, and one as decided says nothing", async () => {
    const { upstream, ask, records } = world();
    const first = ask();
    upstream.answer(200, answer("hello"));
    await first.done;
    const second = ask();
    upstream.answer(504, {});
    await settled();
    upstream.answer(200, answer("hello"));
    await second.done;
    expect(first.client.headers["x-signalbox-degraded"]).toBeUndefined();
    expect(second.client.headers["x-signalbox-degraded"]).toBe("elsewhere");
    expect(records.map(({ decision }) => decision?.degraded)).toEqual([undefined, "elsewhere"]);
  });

  test.each([
    [{}, 50, "shorter"],
    [{ max_tokens: 80 }, 50, "shorter"],
    [{ max_tokens: 20 }, 20, "fallback"],
  ])("by a fallback with a bound, where %j is asked: %d tokens, %s", async (body, tokens, step) => {
    const { upstream, ask, records } = world({ fallbackOutputTokens: new Map([["lite", 50]]) });
    const { client, done } = ask(body);
    upstream.answer(504, {});
    await settled();
    upstream.answer(504, {});
    await settled();
    const sent: unknown = JSON.parse(bodyText(upstream.last.call.body));
    upstream.answer(200, answer("short"));
    await done;
    expect(sent).toMatchObject({ model: "lite" });
    expect(Object.entries(sent ?? {}).filter(([name]) => name.startsWith("max_"))).toEqual([
      [expect.anything(), tokens],
    ]);
    expect(client.headers["x-signalbox-degraded"]).toBe(step);
    expect(records[0]?.decision?.degraded).toBe(step);
  });
});

describe("a kept answer", () => {
  const keptAnswers = { ageMsMax: 60_000, shared: false };
  const key = (keyId: string) => ({ principal: { kind: "key" as const, keyId, scopes: [] } });

  /** A world in which a request was answered. */
  async function answered(
    resilience: Partial<RouteResilience> = { keptAnswers },
    body = {},
    from = key("a"),
  ) {
    const made = world(resilience);
    const { done } = made.ask(body, from);
    made.upstream.answer(200, answer("kept words"));
    await done;
    return made;
  }

  test("is given when nobody answers, with its age, at no cost, and the record tells", async () => {
    const { time, ask, allFail, records } = await answered();
    time.advance(2_500);
    const again = ask({}, key("a"));
    await allFail(again);
    expect(again.client.status).toBe(200);
    expect(again.client.text).toContain("kept words");
    expect(again.client.ending).toBe("end");
    expect(again.client.headers).toMatchObject({
      "x-signalbox-degraded": "cached",
      "x-signalbox-cache": "stale",
      age: "2",
      "x-signalbox-variant": "main",
      "x-signalbox-attempts": "3",
    });
    expect(records[1]).toMatchObject({ outcome: "completed", status: 200, finishReason: "stop" });
    expect(records[1]?.decision?.degraded).toBe("cached");
    expect(records[1]?.attempts.map(({ outcome }) => outcome)).toEqual(["failed", "failed", "failed"]);
    expect(records[1]?.usage).toBeUndefined();
    expect(records[1]?.errorCode).toBeUndefined();
  });

  test("of a whole answer is given as a stream, in the other dialect", async () => {
    const { send, allFail } = await answered();
    const contents = [{ role: "user", parts: [{ text: "hi" }] }];
    const again = send(gemini, { contents }, key("a"));
    await allFail(again);
    expect(again.client.headers["content-type"]).toContain("text/event-stream");
    const texts = again.client.payloads.map((payload) => JSON.stringify(payload)).join("");
    expect(texts).toContain("kept words");
    expect(texts).toContain('"finishReason":"STOP"');
  });

  test("of a stream is given whole", async () => {
    const { upstream, ask, allFail } = world({ keptAnswers });
    const first = ask({ stream: true });
    upstream.startStream();
    upstream.frames(
      { id: "up-1", choices: [{ index: 0, delta: { content: "kept " } }] },
      { id: "up-1", choices: [{ index: 0, delta: { content: "words" } }] },
      { id: "up-1", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
      "[DONE]",
    );
    upstream.last.listener.ended();
    await first.done;
    const again = ask();
    await allFail(again);
    expect(JSON.parse(again.client.text)).toMatchObject({
      id: "request-1",
      choices: [{ message: { content: "kept words" }, finish_reason: "stop" }],
    });
  });

  const tools = [{ type: "function", function: { name: "pay", parameters: { type: "object" } } }];
  test.each([
    ["to another caller", {}, key("b")],
    ["to a request that wants none", {}, { ...key("a"), uncached: true }],
    ["for another question", { messages: [{ role: "user", content: "ho" }] }, key("a")],
    ["with tools", { tools }, key("a")],
  ])("is not given %s", async (_, body, from) => {
    const { ask, allFail } = await answered();
    const again = ask(body, from);
    await allFail(again);
    expect(again.client.headers["x-signalbox-cache"]).toBeUndefined();
    expect(again.client.status).toBe(502);
  });

  test("is given to another caller where the route shares its answers", async () => {
    const { ask, allFail } = await answered({ keptAnswers: { ...keptAnswers, shared: true } });
    const again = ask({}, key("b"));
    await allFail(again);
    expect(again.client.headers["x-signalbox-cache"]).toBe("stale");
  });

  test("is not given for a request that is itself at fault", async () => {
    const { ask, allFail } = await answered();
    const again = ask({}, key("a"));
    await allFail(again, 400);
    expect(again.client.status).toBe(400);
  });

  test("is not given when it is too old, nor after a configuration without kept answers", async () => {
    const old = await answered();
    old.time.advance(60_001);
    const late = old.ask({}, key("a"));
    await old.allFail(late);
    expect(late.client.status).toBe(502);
    const { replace, ask, allFail } = await answered();
    replace({});
    await allFail(ask({}, key("a")));
    replace({ keptAnswers });
    const after = ask({}, key("a"));
    await allFail(after);
    expect(after.client.headers["x-signalbox-cache"]).toBeUndefined();
  });

  test("is none where the route keeps none any more when it ends", async () => {
    const { upstream, ask, allFail, replace } = world({ keptAnswers });
    const first = ask();
    const { listener } = upstream.last;
    replace({});
    await allFail(ask({ messages: [{ role: "user", content: "ho" }] }));
    listener.started(200, { "content-type": "application/json" });
    listener.data(Buffer.from(JSON.stringify(answer("kept words"))));
    listener.ended();
    await first.done;
    replace({ keptAnswers });
    const again = ask();
    await allFail(again);
    expect(first.client.text).toContain("kept words");
    expect(again.client.headers["x-signalbox-cache"]).toBeUndefined();
  });

  test.each([
    ["that was cut by its length", { keptAnswers }, answer("kept words", "length"), {}],
    ["of a request that wants none kept", { keptAnswers }, answer("kept words"), { uncached: true }],
    ["of a route that keeps none", {}, answer("kept words"), {}],
  ])("is none %s", async (_, resilience, body, from) => {
    const { upstream, ask, allFail } = world(resilience);
    const first = ask({}, from);
    upstream.answer(200, body);
    await first.done;
    const again = ask();
    await allFail(again);
    expect(again.client.status).toBe(502);
  });
});

test("an attempt that is made while too few are as they should be says so", async () => {
  const { upstream, ask, records } = world({ attemptsMax: 1 });
  const first = ask();
  upstream.answer(429, { error: { message: "slow down" } }, { "retry-after": "30" });
  await first.done;
  const next = ask();
  upstream.answer(200, answer("fine"));
  await next.done;
  expect(records.map(({ attempts: [one] }) => [one?.deployment, one?.chosen])).toEqual([
    ["one", undefined],
    ["two", "panic"],
  ]);
});
