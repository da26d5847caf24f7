import { describe, expect, test } from "vitest";
import { verifyWebhook } from "#core/kernel/webhook-signature.ts";
import { httpConfig } from "#core/scoring/custom/custom-config.ts";
import type { ScoredAnswer } from "#core/scoring/scored-answer.ts";
import { postJson } from "#features/evaluations/targets/post-json.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { bodyText, FakeUpstream } from "../../../../test/support/fake-upstream.ts";
import { must } from "../../../../test/support/must.ts";
import { httpScorer } from "./http-scorer.ts";

const answer: ScoredAnswer = {
  text: "Paris",
  toolCalls: [{ name: "look_up", arguments: { city: "Paris" } }],
  finishReason: "stop",
  fields: { question: "Capital of France?", answer: "Paris" },
  item: "fr",
  target: "flash",
  latencyMs: 12,
  costUsd: 0.001,
  inputTokens: 5,
  outputTokens: undefined,
};
const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const written = { kind: "http", url: "http://scores.test/polite", secret_env: "SCORER_SECRET" };
const signal = new AbortController().signal;

function scorer(config: object = written, variable = (_name: string): string | undefined => secret) {
  const upstream = new FakeUpstream();
  const time = new FakeTime();
  const ports = { upstream, clock: time, timers: time };
  const made = httpScorer(httpConfig.parse(config), {
    ...ports,
    variable,
    post: (posted, own) => postJson(ports, posted, { timeoutMs: 60_000, answerBytesMax: 1_000 }, own),
  });
  return { upstream, time, made };
}

function asked() {
  const { upstream, time, made } = scorer();
  return { upstream, time, reply: Promise.resolve(must(made).score(answer, signal)) };
}

describe("a scorer behind an address", () => {
  test("is posted the answer with its item and target", async () => {
    const { upstream, reply } = asked();
    const { call } = upstream.last;
    expect(call.url).toBe("http://scores.test/polite");
    expect(JSON.parse(bodyText(call.body))).toEqual({
      target: "flash",
      item: { id: "fr", fields: answer.fields },
      answer: {
        text: "Paris",
        tool_calls: [{ name: "look_up", arguments: { city: "Paris" } }],
        finish_reason: "stop",
        latency_ms: 12,
        cost_usd: 0.001,
        input_tokens: 5,
      },
    });
    upstream.answer(200, { value: 0.5, passed: true, reason: "short" });
    expect(await reply).toEqual({ score: { kind: "scored", value: 0.5, passed: true, reason: "short" } });
  });

  test("knows by the signature who sends", async () => {
    const { upstream, time, reply } = asked();
    const { headers, body } = upstream.last.call;
    const message = {
      id: headers["webhook-id"] ?? "",
      timestamp: headers["webhook-timestamp"] ?? "",
      signature: headers["webhook-signature"] ?? "",
      body: bodyText(body),
      secret,
    };
    expect(verifyWebhook(message, time.nowMs()).ok).toBe(true);
    expect(verifyWebhook({ ...message, body: `${message.body} ` }, time.nowMs()).ok).toBe(false);
    upstream.answer(200, { value: 1 });
    await reply;
  });

  test("is not signed where no secret is named", async () => {
    const { upstream, made } = scorer({ kind: "http", url: "http://scores.test" });
    const reply = must(made).score(answer, signal);
    expect(upstream.last.call.headers).not.toHaveProperty("webhook-signature");
    upstream.answer(200, { value: 1 });
    await reply;
  });

  test.each([
    ["is not there", undefined],
    ["is none", "short"],
  ])("is refused where its secret %s, without a word of it", (_what, value) => {
    const { made } = scorer(written, () => value);
    expect(made).toMatchObject({ ok: false, error: { wanted: expect.stringContaining("SCORER_SECRET") } });
    expect(JSON.stringify(made)).not.toContain('"short"');
  });

  test("that is overloaded is asked again, under the same id", async () => {
    const { upstream, time, reply } = asked();
    upstream.answer(503, { message: "later" }, { "retry-after": "2" });
    await new Promise(setImmediate);
    expect(upstream.calls).toHaveLength(1);
    time.advance(2_000);
    await new Promise(setImmediate);
    expect(upstream.calls).toHaveLength(2);
    const ids = upstream.calls.map(({ call }) => call.headers["webhook-id"]);
    expect(ids[0]).toBe(ids[1]);
    upstream.answer(200, { value: 1 });
    expect((await reply).score).toMatchObject({ kind: "scored" });
  });

  test.each([
    ["refuses", 422, { message: "no such field" }, "scorer-failed"],
    ["answers prose", 200, "good!", "scorer-unreadable"],
    ["answers no value", 200, { score: 1 }, "scorer-unreadable"],
    ["answers too much", 200, { value: 1, reason: "x".repeat(2_000) }, "scorer-unreadable"],
  ])("that %s gives no score, and says why", async (_what, status, body, code) => {
    const { upstream, reply } = asked();
    upstream.answer(status, body);
    expect((await reply).score).toMatchObject({ kind: "unscored", code });
  });
});
