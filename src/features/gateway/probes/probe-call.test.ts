import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UndiciUpstream } from "#adapters/upstream/undici-upstream.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import type { Dialect } from "#core/dialects/dialect.ts";
import { gemini } from "#core/dialects/gemini/gemini.ts";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { vertex } from "#core/dialects/vertex/vertex.ts";
import { startEmulator, type Emulator } from "#emulator/start-emulator.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { FakeUpstream } from "../../../../test/support/fake-upstream.ts";
import { levelGemini } from "../../../../test/support/upstream-models.ts";
import { probeCall, type ProbeTarget } from "./probe-call.ts";

function target(dialect: Dialect, baseUrl: string, more: { key?: string; model?: string } = {}): ProbeTarget {
  return {
    deployment: "d",
    provider: "p",
    dialect,
    model: { ...levelGemini, id: more.model ?? "gemini-3.8-flash" },
    baseUrl,
    headers: { "content-type": "application/json", ...dialect.client.credentialHeaders(more.key ?? "key") },
    privateNetwork: true,
  };
}

describe("over real HTTP", () => {
  let emulator: Emulator;
  const upstream = new UndiciUpstream();
  beforeAll(async () => void (emulator = await startEmulator()));
  afterAll(async () => {
    await upstream[Symbol.asyncDispose]();
    await emulator.close();
  });
  const probe = (probed: ProbeTarget) =>
    probeCall({ upstream, clock: systemClock, timers: systemTimers }, probed, 5_000);
  const vertexPath = "/v1/projects/p/locations/global/publishers/google";

  test.each([
    ["the Gemini API", gemini, "/v1beta"],
    ["Vertex AI", vertex, vertexPath],
    ["an OpenAI-compatible server", openaiChat, "/v1"],
  ])("%s passes, and no token was generated", async (_name, dialect, path) => {
    expect(await probe(target(dialect, emulator.url + path))).toMatchObject({ outcome: "passed" });
    expect(emulator.ledger.rows().reduce((sum, row) => sum + row.outputTokensGenerated, 0)).toBe(0);
  });

  test.each([
    ["the Gemini API", gemini, "/v1beta"],
    ["Vertex AI", vertex, vertexPath],
    ["an OpenAI-compatible server", openaiChat, "/v1"],
  ])("%s that refuses the credential fails by it", async (_name, dialect, path) => {
    const result = await probe(target(dialect, emulator.url + path, { key: "invalid-key" }));
    expect(result).toMatchObject({ outcome: "failed", failure: { kind: "credential" } });
  });

  test.each([
    ["the Gemini API", gemini, "/v1beta"],
    ["Vertex AI", vertex, vertexPath],
  ])("%s tells of a model that is gone", async (_name, dialect, path) => {
    const result = await probe(target(dialect, emulator.url + path, { model: "gemini-0" }));
    expect(result).toMatchObject({ outcome: "failed", failure: { kind: "model-gone" } });
  });

  test("an address where nobody listens fails to connect", async () => {
    expect(await probe(target(gemini, "http://127.0.0.1:9"))).toMatchObject({
      outcome: "failed",
      failure: { kind: "connect" },
    });
  });
});

describe("within its time", () => {
  const world = () => ({ upstream: new FakeUpstream(), time: new FakeTime() });

  test("a probe without an answer is aborted and failed", async () => {
    const { upstream, time } = world();
    const probing = probeCall({ upstream, clock: time, timers: time }, target(gemini, "https://x"), 5_000);
    time.advance(5_000);
    expect(await probing).toEqual({
      outcome: "failed",
      failure: { kind: "total-timeout", message: "A probe got no answer within 5000 ms" },
      totalMs: 5_000,
    });
    expect(upstream.last.aborted).toBe(true);
  });

  test("a good answer ends it before its body, and leaves no timer", async () => {
    const { upstream, time } = world();
    const probing = probeCall({ upstream, clock: time, timers: time }, target(gemini, "https://x"), 5_000);
    upstream.last.listener.started(200, {});
    expect(await probing).toMatchObject({ outcome: "passed" });
    expect([upstream.last.aborted, time.waiting]).toEqual([true, 0]);
  });

  test("an error without an end is read no further than 64 KB", async () => {
    const { upstream, time } = world();
    const probing = probeCall({ upstream, clock: time, timers: time }, target(gemini, "https://x"), 5_000);
    upstream.last.listener.started(503, {});
    for (let chunk = 0; chunk < 3; chunk++) upstream.last.listener.data(Buffer.alloc(32_768, "x"));
    expect(await probing).toMatchObject({ outcome: "failed", failure: { kind: "overloaded" } });
    expect(upstream.last.aborted).toBe(true);
  });

  test("without a credential no call is made", async () => {
    const { upstream, time } = world();
    const failure = { kind: "credential", message: "none" } as const;
    const without = { ...target(gemini, "https://x"), missingCredential: () => failure };
    expect(await probeCall({ upstream, clock: time, timers: time }, without, 5_000)).toMatchObject({
      failure,
    });
    expect(upstream.calls).toEqual([]);
  });
});
