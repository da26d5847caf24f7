import { describe, expect, test } from "vitest";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { promptCacheDefaults } from "#core/routing/affinity.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import {
  exampleDeployment,
  exampleExperiment,
  exampleRoute,
  exampleVariant,
} from "#core/routing/example.fixture.ts";
import type { RequiredTags } from "#core/routing/required-tags.ts";
import type { Route } from "#core/routing/route.ts";
import { single } from "#core/routing/strategies/single.ts";
import type { Arrival } from "#features/gateway/asked.ts";
import { sseFraming } from "#features/gateway/framing.ts";
import { Gateway } from "#features/gateway/gateway.ts";
import { Healths } from "#features/gateway/health/healths.ts";
import type { ShadowAsk } from "#features/gateway/offline/shadow-ask.ts";
import type { GatewaySnapshot } from "#features/gateway/plan.ts";
import { rungsOf } from "#features/gateway/rung.ts";
import type { RequestRecord } from "#features/traffic/index.ts";
import { FakeTime } from "../../../test/support/fake-time.ts";
import { bodyText, FakeUpstream } from "../../../test/support/fake-upstream.ts";
import { MemoryClient } from "../../../test/support/memory-client.ts";
import { must } from "../../../test/support/must.ts";

const whole = {
  id: "up-1",
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 },
};

function withModel(name: string): Deployment {
  const deployment = exampleDeployment(name);
  const { model } = deployment;
  return { ...deployment, provider: name, model: { ...model, upstream: { ...model.upstream, id: name } } };
}

/** A route that gives all to its control; a treatment answers the same once more for a share of the units. */
function world({
  sample = 1,
  isJudged = false,
  judgeRegion = "eu",
  route: changed = {},
}: {
  readonly sample?: number;
  readonly isJudged?: boolean;
  readonly judgeRegion?: string;
  readonly route?: Partial<Route>;
} = {}) {
  const time = new FakeTime();
  const healths = new Healths(() => time.nowMs());
  const upstream = new FakeUpstream();
  const records: RequestRecord[] = [];
  const asks: ShadowAsk[] = [];
  const settledFor: string[] = [];
  const variant = (name: string, region = "eu") =>
    exampleVariant(name, { pool: [{ ...withModel(name), tags: { region } }] });
  const judge = exampleRoute([variant("judge", judgeRegion)], { name: "judge", strategy: single("judge") });
  const treatment = variant("treatment");
  const control = variant("control");
  const route = exampleRoute([control], { strategy: single("control"), ...changed });
  const connection = {
    name: "provider",
    dialect: openaiChat,
    baseUrl: "http://upstream/v1",
    headers: {},
    privateNetwork: true,
    emulated: false,
    promptCache: promptCacheDefaults,
  };
  const sampling = exampleExperiment({
    name: "quiet",
    coverage: sample,
    variants: [{ variant: "treatment", weight: 1 }],
  });
  const snapshot: GatewaySnapshot = {
    versions: { configuration: "test", statusEpoch: 0, prices: "test" },
    resolve: (name) => (name === "judge" ? judge : route),
    rung: rungsOf(() => connection, { healths }),
    suggestions: () => [],
    shadows: (name) => (name === "route" ? [{ sampling, control: "control", isJudged }] : undefined),
    variant: (name) => (name === "treatment" ? treatment : undefined),
  };
  const gateway = new Gateway({
    upstream,
    timers: time,
    clock: time,
    random: { unit: () => 0, bytes: (length) => new Uint8Array(length) },
    snapshot: () => snapshot,
    settle: ({ kind }) => settledFor.push(kind),
    keep: () => undefined,
    pseudonym: (kind, name) => `hidden ${kind} ${name.length}`,
    record: (make) => records.push(make()),
    shadow: (ask) => asks.push(ask),
  });
  const send = (from: Partial<Arrival> = {}, stream = false) => {
    const body = { model: "route", stream, messages: [{ role: "user", content: "hi" }] };
    const client = new MemoryClient();
    const over = gateway.chat(
      {
        requestId: "request-1",
        startedAtMs: time.nowMs(),
        startedMs: time.monotonicMs(),
        queueMs: 0,
        dialect: openaiChat,
        tags: {},
        ...from,
      },
      {
        request: must(openaiChat.server.decodeRequest(body, {})),
        body: Buffer.from(JSON.stringify(body)),
        framing: sseFraming(),
      },
      client,
    );
    return { client, over };
  };
  const modelAsked = () => /"model":"(\w+)"/.exec(bodyText(upstream.last.call.body))?.[1];
  return { send, upstream, records, asks, settledFor, time, healths, modelAsked, treatment };
}

/** The second answer of the newest ask, ready to be asked for. */
function second(asks: readonly ShadowAsk[]) {
  const ask = asks.at(-1);
  if (!ask) expect.unreachable("nothing was handed over");
  return must(ask.shadow());
}

describe("a request of the sample", () => {
  test("is handed over when its client has the whole answer, and not before", async () => {
    const { send, upstream, asks, records, modelAsked } = world();
    const { client, over } = send({ unit: "someone" });
    expect(asks).toEqual([]);
    expect(modelAsked()).toBe("control");
    upstream.answer(200, whole);
    await over;
    expect(client.ending).toBe("end");
    expect(client.headers).toMatchObject({
      "x-signalbox-shadow": "quiet@1",
      "x-signalbox-variant": "control",
    });
    expect(upstream.calls).toHaveLength(1);
    const [ask] = asks;
    expect(ask).toMatchObject({ unit: "hidden unit 7", record: { requestId: "request-1" } });
    expect(ask?.record).toBe(records[0]);
    expect(ask).not.toHaveProperty("response");
  });

  test("is answered once more by the treatment, on nobody's account and under no route", async () => {
    const { send, upstream, asks, records, settledFor, modelAsked } = world();
    const { over } = send({
      unit: "someone",
      principal: { kind: "key", keyId: "k1", scopes: ["data"] },
      deadlineMs: 5,
    });
    upstream.answer(200, whole);
    await over;
    const run = second(asks).run(new AbortController().signal);
    expect(modelAsked()).toBe("treatment");
    upstream.answer(200, whole);
    const { record, response } = await run;
    expect(records[1]).toBe(record);
    expect(record).toMatchObject({
      outcome: "completed",
      model: "route",
      decision: {
        route: "shadow:quiet",
        variant: "treatment",
        shadowOf: { kind: "shadow", request: "request-1", experiment: "quiet", phase: 1 },
      },
      unit: { id: "hidden unit 7" },
    });
    expect(record).not.toHaveProperty("keyId");
    expect(record.requestId).not.toBe("request-1");
    expect(response?.candidates[0]?.parts).toMatchObject([{ text: "Hello" }]);
    expect(settledFor).toEqual(["key"]);
  });

  test("whose treatment fails fails alone, without a fallback and without waiting", async () => {
    const { send, upstream, asks, time } = world();
    const { over } = send();
    upstream.answer(200, whole);
    await over;
    const run = second(asks).run(new AbortController().signal);
    upstream.answer(400, { error: { message: "no", type: "invalid_request_error" } });
    expect(await run).toMatchObject({ record: { outcome: "failed", attempts: [{ variant: "treatment" }] } });
    expect(time.waiting).toBe(0);
  });

  test("that is ended before its time is aborted at its provider", async () => {
    const { send, upstream, asks } = world();
    const { over } = send();
    upstream.answer(200, whole);
    await over;
    const stopping = new AbortController();
    const run = second(asks).run(stopping.signal);
    stopping.abort();
    expect(await run).toMatchObject({ record: { outcome: "aborted" } });
    expect(upstream.last.aborted).toBe(true);
  });

  test("brings its answer along, streamed or not, where a judge is to read it", async () => {
    for (const stream of [false, true]) {
      const { send, upstream, asks } = world({ isJudged: true });
      const { over } = send({}, stream);
      if (stream) {
        upstream.startStream();
        upstream.frames({
          id: "up",
          choices: [{ index: 0, delta: { content: "Hello" }, finish_reason: "stop" }],
        });
        upstream.frames("[DONE]");
        upstream.last.listener.ended();
      } else upstream.answer(200, whole);
      await over;
      expect(asks[0]?.response?.candidates[0]?.parts).toMatchObject([{ type: "text", text: "Hello" }]);
    }
  });
});

test("a request whose client left has nothing to compare with", async () => {
  const { send, asks, records } = world();
  const { client, over } = send();
  client.leave();
  await over;
  expect(records.map(({ outcome }) => outcome)).toEqual(["aborted"]);
  expect(asks).toEqual([]);
});

test("units stay in the sample or out of it, whatever they ask", async () => {
  const { send, upstream, asks } = world({ sample: 0.3 });
  const sampled = async (unit: string) => {
    const before = asks.length;
    const { client, over } = send({ unit });
    upstream.answer(200, whole);
    await over;
    expect(client.headers["x-signalbox-shadow"] !== undefined).toBe(asks.length > before);
    return asks.length > before;
  };
  const first: boolean[] = [];
  for (let unit = 0; unit < 60; unit++) first.push(await sampled(`unit-${unit}`));
  for (const [unit, isIn] of first.entries()) expect(await sampled(`unit-${unit}`)).toBe(isIn);
  const share = first.filter(Boolean).length / first.length;
  expect(share).toBeGreaterThan(0.15);
  expect(share).toBeLessThan(0.45);
});

test("what may not leave a region to be answered does not leave it to be judged, either", async () => {
  const judged = async (judgeRegion: string, requires?: RequiredTags) => {
    const made = world({ isJudged: true, judgeRegion, ...(requires && { route: { requires } }) });
    const { over } = made.send();
    made.upstream.answer(200, whole);
    await over;
    const [ask] = made.asks;
    if (!ask) expect.unreachable("nothing was handed over");
    return ask.judge({ ...ask.request, model: "judge" });
  };
  expect((await judged("us")).ok).toBe(true);
  expect((await judged("eu", { region: ["eu"] })).ok).toBe(true);
  expect(await judged("us", { region: ["eu"] })).toMatchObject({
    error: expect.stringContaining('judge has the tag region: "us", wanted is eu'),
  });
});

test("a deployment that cools down is left to clients", async () => {
  const { send, upstream, asks } = world();
  const ask = async () => {
    const { over } = send();
    upstream.answer(200, whole);
    await over;
    return second(asks).run(new AbortController().signal);
  };
  const limited = ask();
  await new Promise<void>((resolve) => setImmediate(resolve));
  upstream.answer(429, { error: { message: "later" } }, { "retry-after": "30" });
  expect((await limited).record.attempts.map(({ failure }) => failure)).toEqual(["rate-limited"]);
  const { record } = await ask();
  expect(record).toMatchObject({ outcome: "failed", attempts: [] });
});
