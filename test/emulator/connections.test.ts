import { once } from "node:events";
import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { startEmulator } from "../../emulator/start-emulator.ts";
import type { Emulator } from "../../emulator/start-emulator.ts";
import type { LedgerRow } from "../../emulator/ledger.ts";
import { soonest } from "../support/soonest.ts";
import { endlessTimers, geminiStream, geminiWhole, sendPrompt, servedAtMs } from "./wire.ts";

/** Goes on as real time does, so that a delay can be measured, on a day on which every model is served. */
const now = (): number => servedAtMs + performance.now();

/** Sends a prompt, waits until the emulator waits, breaks the connection, and returns what the ledger says. */
async function abandoned(
  path: string,
  text: string,
): Promise<{ row: LedgerRow | undefined; leftAtMs: number }> {
  const timers = endlessTimers();
  await using emulator = await startEmulator({ now, timers, latency: { "gemini-2.5-flash": slow } });
  const outgoing = request(`${emulator.url}${path}`, {
    method: "POST",
    headers: { "x-goog-api-key": "test" },
  });
  // The break-off is what the test is about; it shows on this side as an error.
  outgoing.on("error", () => undefined);
  outgoing.end(JSON.stringify({ contents: [{ parts: [{ text }] }] }));
  await timers.begun;
  outgoing.destroy();
  const leftAtMs = now();
  return { row: await firstRow(emulator), leftAtMs };
}

const slow = {
  firstTokenMsMedian: 1e6,
  firstTokenSigma: 0,
  tokensPerSecondMedian: 1,
  tokensPerSecondSigma: 0,
};

/** Waits for the ledger's first row, turn by turn of the event loop. */
async function firstRow(emulator: Emulator): Promise<LedgerRow | undefined> {
  const turnsMax = 100_000;
  for (let turn = 0; turn < turnsMax && emulator.ledger.rows().length === 0; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  return emulator.ledger.rows()[0];
}

describe("a client that leaves", () => {
  test.each([
    ["before the first token of a stream", geminiStream, "hi"],
    ["before a whole answer", geminiWhole, "hi"],
    ["in the middle of a stream", geminiStream, "[[tokens=50]] [[fault:stall-after-tokens=5]]"],
    ["during silence before the headers", geminiStream, "[[fault:stall-before-headers]]"],
  ])("%s is noticed at once and recorded as aborted", async (_when, path, text) => {
    const noticedMs = await soonest(3, async () => {
      const { row, leftAtMs } = await abandoned(path, text);
      expect(row).toMatchObject({ outcome: "aborted", isStream: path === geminiStream, outputTokensSent: 0 });
      return (row?.abortedAtMs ?? Infinity) - leftAtMs;
    });
    expect(noticedMs).toBeLessThan(100);
  });
});

describe("the listener", () => {
  test("refuses connections until the fault is cleared, on the same port then", async () => {
    await using emulator = await startEmulator({ now, timers: endlessTimers() });
    emulator.faults.add({ name: "refuse-connections", parameters: { ms: "1000" } });
    await expect(sendPrompt(emulator, geminiWhole, "hi")).rejects.toMatchObject({
      cause: { code: "ECONNREFUSED" },
    });
    emulator.faults.clear();
    expect((await sendPrompt(emulator, geminiWhole, "hi")).status).toBe(200);
  });

  test("opens again by itself when the time of the fault is over", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await using emulator = await startEmulator({ now, timers: { sleep: () => promise } });
    emulator.faults.add({ name: "refuse-connections", parameters: {} });
    await expect(sendPrompt(emulator, geminiWhole, "hi")).rejects.toThrow();
    resolve();
    await promise;
    expect((await sendPrompt(emulator, geminiWhole, "hi")).status).toBe(200);
  });

  test("accepts and resets connections", async () => {
    await using emulator = await startEmulator({ now, timers: endlessTimers() });
    emulator.faults.add({ name: "reset-connections", parameters: {} });
    await expect(sendPrompt(emulator, geminiWhole, "hi")).rejects.toThrow();
    emulator.faults.clear();
    expect((await sendPrompt(emulator, geminiWhole, "hi")).status).toBe(200);
  });

  test("is closed with every connection, also twice and while refusing", async () => {
    const emulator = await startEmulator({ now, timers: endlessTimers() });
    const outgoing = request(`${emulator.url}${geminiStream}`, {
      method: "POST",
      headers: { "x-goog-api-key": "test" },
    });
    const broken = once(outgoing, "error");
    outgoing.end(JSON.stringify({ contents: [{ parts: [{ text: "[[fault:stall-before-headers]]" }] }] }));
    await once(outgoing, "finish");
    emulator.faults.add({ name: "refuse-connections", parameters: {} });
    await emulator.close();
    await emulator.close();
    expect(await broken).toMatchObject([{ code: "ECONNRESET" }]);
  });
});
