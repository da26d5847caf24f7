import { describe, expect, test } from "vitest";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { promptCacheDefaults } from "#core/routing/affinity.ts";
import { exampleDeployment, exampleRoute, exampleVariant } from "#core/routing/example.fixture.ts";
import type { RequiredTags } from "#core/routing/required-tags.ts";
import { single } from "#core/routing/strategies/single.ts";
import { judgeChat } from "#core/scoring/judge/judge-chat.ts";
import { sseFraming } from "#features/gateway/framing.ts";
import { Gateway } from "#features/gateway/gateway.ts";
import { Healths } from "#features/gateway/health/healths.ts";
import type { EvaluationAsk } from "#features/gateway/offline/evaluation-ask.ts";
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

/** A route whose answers are scored, a share of them. */
function world({
  sample = 1,
  requires,
}: { readonly sample?: number; readonly requires?: RequiredTags } = {}) {
  const time = new FakeTime();
  const healths = new Healths(() => time.nowMs());
  const upstream = new FakeUpstream();
  const records: RequestRecord[] = [];
  const asks: EvaluationAsk[] = [];
  const variant = (name: string, region: string) =>
    exampleVariant(name, { pool: [{ ...exampleDeployment(name), tags: { region } }] });
  const judge = exampleRoute([variant("judge", "us")], { name: "judge", strategy: single("judge") });
  const route = exampleRoute([variant("chat", "eu")], {
    strategy: single("chat"),
    ...(requires && { requires }),
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
  const snapshot: GatewaySnapshot = {
    versions: { configuration: "test", statusEpoch: 0, prices: "test" },
    resolve: (name) => (name === "judge" ? judge : route),
    rung: rungsOf(() => connection, { healths }),
    suggestions: () => [],
    evaluations: () => [{ name: "quality", sample }],
  };
  const gateway = new Gateway({
    upstream,
    timers: time,
    clock: time,
    random: { unit: () => 0, bytes: (length) => new Uint8Array(length) },
    snapshot: () => snapshot,
    settle: () => undefined,
    keep: () => undefined,
    pseudonym: (kind) => `hidden ${kind}`,
    record: (make) => records.push(make()),
    evaluate: (ask) => asks.push(ask),
  });
  const send = (stream = false) => {
    const body = { model: "route", stream, messages: [{ role: "user", content: "hi" }] };
    const client = new MemoryClient();
    const startedAtMs = time.nowMs();
    const over = gateway.chat(
      {
        requestId: "request-1",
        startedAtMs,
        startedMs: time.monotonicMs(),
        queueMs: 0,
        dialect: openaiChat,
        tags: {},
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
  return { send, upstream, records, asks };
}

const question = { instructions: "Judge", material: "Hello", schema: { type: "object" } };

describe("an answer of the sample", () => {
  test.each([false, true])("is handed over whole once its client has it (streamed: %s)", async (stream) => {
    const { send, upstream, records, asks } = world();
    const { client, over } = send(stream);
    expect(asks).toEqual([]);
    if (stream) {
      const choice = { index: 0, delta: { content: "Hello" }, finish_reason: "stop" };
      upstream.startStream();
      upstream.frames({ ...whole, choices: [choice] }, "[DONE]");
      upstream.last.listener.ended();
    } else upstream.answer(200, whole);
    await over;
    expect(client.ending).toBe("end");
    expect(asks).toMatchObject([
      {
        evaluation: "quality",
        record: { requestId: "request-1", outcome: "completed" },
        truncated: false,
        response: { candidates: [{ parts: [{ type: "text", text: "Hello" }] }] },
      },
    ]);
    expect(asks[0]?.record).toBe(records[0]);
  });

  test("that failed, or whose client left, is handed over without an answer, to be counted", async () => {
    const failing = world();
    const { over } = failing.send();
    failing.upstream.answer(400, { error: { message: "no" } });
    await over;
    expect(failing.asks).toMatchObject([{ record: { outcome: "failed" } }]);
    expect(failing.asks[0]).not.toHaveProperty("response");
    const left = world();
    const sent = left.send();
    sent.client.leave();
    await sent.over;
    expect(left.asks).toMatchObject([{ record: { outcome: "aborted" } }]);
  });

  test("is judged off-line, under no route, on nobody's account", async () => {
    const { send, upstream, records, asks } = world();
    const { over } = send();
    upstream.answer(200, whole);
    await over;
    const run = must(asks[0]?.judge(judgeChat("judge", question)) ?? expect.unreachable()).run(
      new AbortController().signal,
    );
    expect(bodyText(upstream.last.call.body)).toContain("Judge");
    upstream.answer(200, whole);
    const { record, response } = await run;
    expect(response?.candidates).toHaveLength(1);
    expect(records[1]).toBe(record);
    expect(record).toMatchObject({
      capture: "metadata",
      decision: {
        route: "evaluation:quality",
        shadowOf: { kind: "evaluation", request: "request-1", evaluation: "quality" },
      },
    });
    // A judge's answer is not scored itself.
    expect(asks).toHaveLength(1);
  });

  test("is judged only where its route's requests may go", async () => {
    const { send, upstream, asks } = world({ requires: { region: ["eu"] } });
    const { over } = send();
    upstream.answer(200, whole);
    await over;
    expect(asks[0]?.judge(judgeChat("judge", question)).ok).toBe(false);
  });
});

test("requests outside the sample are neither handed over nor is their answer collected", async () => {
  const { send, upstream, asks, records } = world({ sample: 1e-12 });
  const { over } = send();
  upstream.answer(200, whole);
  await over;
  expect(asks).toEqual([]);
  expect(records).toHaveLength(1);
});
