import { expect, test } from "vitest";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import { UndiciUpstream } from "#adapters/upstream/undici-upstream.ts";
import { startEmulator } from "#emulator/start-emulator.ts";
import { ChainService, sendChainStream, summarise } from "#features/chains/index.ts";
import { openAiGateway } from "../support/openai-gateway.ts";
import { soonest } from "../support/soonest.ts";

/** The summarise chain over a real gateway, a real connection and an emulated provider. */
async function started() {
  const emulator = await startEmulator();
  const upstream = new UndiciUpstream();
  const { gateway, records, resolves } = openAiGateway({
    upstream,
    time: { ...systemClock, ...systemTimers },
    routes: ["chat"],
    baseUrl: `${emulator.url}/v1`,
  });
  const random = { unit: () => 0.5, bytes: (length: number) => new Uint8Array(length) };
  const world = { clock: systemClock, timers: systemTimers, random };
  const ports = { gateway, ...world, configuredRoute: () => undefined, resolves };
  return {
    emulator,
    records,
    service: new ChainService(ports, [summarise]),
    async [Symbol.asyncDispose]() {
      await upstream[Symbol.asyncDispose]();
      await emulator.close();
    },
  };
}

test("invoke and stream give the same output and usage, and the log equals the emulator's ledger", async () => {
  await using world = await started();
  const call = {
    chain: "summarise",
    input: { text: "[[say:A gateway for models.]] Signalbox is a gateway." },
  };
  const { answer } = await world.service.invoke(call);
  expect(answer.output).toBe("A gateway for models.");
  let text = "";
  await sendChainStream(await world.service.stream(call), {
    write: (piece) => void (text += piece),
    end: () => undefined,
  });
  const events = text.trim().split("\n\n");
  const pieces = events
    .slice(0, -1)
    .map((event): unknown => JSON.parse(event.replace("event: chunk\ndata: ", "")));
  const last: unknown = JSON.parse(events.at(-1)?.replace("event: end\ndata: ", "") ?? "");
  expect(pieces.length).toBeGreaterThan(1);
  expect(last).toMatchObject({ output: answer.output, usage: { input_tokens: answer.usage?.input_tokens } });
  const served = world.emulator.ledger.rows();
  expect(served.map((row) => row.promptTokens)).toEqual(world.records.map(({ usage }) => usage?.inputTokens));
  expect(world.records.map(({ tags, outcome }) => [tags["chain"], outcome])).toEqual([
    ["summarise", "completed"],
    ["summarise", "completed"],
  ]);
});

test("a client that leaves in the middle is seen by the provider within 100 ms", async () => {
  const seenMs = await soonest(3, async () => {
    await using world = await started();
    const leaving = new AbortController();
    const stream = await world.service.stream({
      chain: "summarise",
      input: { text: "[[tokens=50]] [[fault:stall-after-tokens=3]]" },
      signal: leaving.signal,
    });
    let leftAtMs = 0;
    const failure = await sendChainStream(stream, {
      write: () => {
        leftAtMs ||= performance.timeOrigin + performance.now();
        leaving.abort();
      },
      end: () => undefined,
    });
    expect(failure).toMatchObject({ code: "client-closed" });
    await expect
      .poll(() => world.emulator.ledger.rows().map((row) => row.outcome), { interval: 1 })
      .toEqual(["aborted"]);
    const [row] = world.emulator.ledger.rows();
    return (row?.abortedAtMs ?? Infinity) - leftAtMs;
  });
  expect(seenMs).toBeLessThan(100);
});

test("a provider that cuts its answer leaves the client an error event, never an end", async () => {
  await using world = await started();
  const stream = await world.service.stream({
    chain: "summarise",
    input: { text: "[[tokens=30]] [[fault:end-after-tokens=5]]" },
  });
  let text = "";
  await sendChainStream(stream, { write: (piece) => void (text += piece), end: () => undefined });
  expect(text).toContain("event: chunk\n");
  expect(text).toContain("event: error\n");
  expect(text).not.toContain("event: end\n");
});
