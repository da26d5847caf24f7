import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startEmulatorInWorker } from "../../emulator/start-in-worker.ts";
import type { Emulator } from "../../emulator/start-emulator.ts";
import { startEmulator } from "../../emulator/start-emulator.ts";
import { events, geminiStream, geminiWhole, openAiChat, sendPrompt, servedAtMs } from "./wire.ts";

let nowMs: number;
let emulator: Emulator;

beforeEach(async () => {
  nowMs = servedAtMs;
  emulator = await startEmulator({
    now: () => nowMs,
    quota: { tier: "free", requestsPerMinute: 20, inputTokensPerMinute: 1e9, requestsPerDay: 1e9 },
  });
});

afterEach(() => emulator.close());

const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${emulator.url}${path}`, { headers });
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    headers: response.headers,
  };
};
const key = { "x-goog-api-key": "test" };
const cachedOf = async (path: string, text: string) =>
  JSON.parse((await sendPrompt(emulator, path, text)).text).usageMetadata;
const raw = async (path: string, body: string | Buffer<ArrayBuffer>) => {
  const response = await fetch(`${emulator.url}${path}`, {
    method: "POST",
    body,
    headers: { ...key, authorization: "Bearer test" },
  });
  return { status: response.status, body: await response.json() };
};
const admin = async (method: string, path: string, body?: object) => {
  const response = await fetch(`${emulator.url}/emulator/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe("paths", () => {
  test.each(["/v1", "/v1beta", "/v1alpha", "/gemini/v1", "/gemini/v1beta", "/gemini/v1alpha"])(
    "%s serves Gemini",
    async (prefix) => {
      const seen = await sendPrompt(
        emulator,
        `${prefix}/models/gemini-2.5-flash:generateContent`,
        "[[say:x]]",
      );
      expect([seen.status, JSON.parse(seen.text).candidates[0].content.parts[0].text]).toEqual([200, "x"]);
      expect((await get(`${prefix}/models/gemini-2.5-flash`, key)).body).toMatchObject({
        name: "models/gemini-2.5-flash",
        outputTokenLimit: 65_536,
      });
    },
  );

  test("GET /v1/models is Gemini's list for a Google key and OpenAI's for a bearer", async () => {
    expect((await get("/v1/models", key)).body).toHaveProperty("models");
    expect((await get("/v1/models?key=test")).body).toHaveProperty("models");
    expect((await get("/v1/models", { authorization: "Bearer test" })).body).toMatchObject({
      object: "list",
    });
    expect((await get("/v1beta/openai/models", { authorization: "Bearer test" })).body).toMatchObject({
      object: "list",
    });
  });

  test("what is not emulated says so in Google's error shape", async () => {
    for (const path of ["/v1beta/files", "/v1beta/corpora", "/v1beta/fileSearchStores"]) {
      const { status, body } = await get(path, key);
      expect([status, body]).toEqual([
        501,
        {
          error: {
            code: 501,
            message: expect.stringContaining(path.split("/").at(-1) ?? ""),
            status: "UNIMPLEMENTED",
          },
        },
      ]);
    }
    expect((await get("/v1beta/nothing", key)).status).toBe(404);
  });

  test("every answer is marked as emulated", async () => {
    for (const path of ["/v1beta/models", "/nowhere", "/emulator/ledger"]) {
      expect((await get(path, key)).headers.get("x-signalbox-emulated")).toBe("true");
    }
    const seen = await sendPrompt(emulator, geminiStream, "hi");
    expect([seen.headers.get("x-signalbox-emulated"), seen.headers.get("x-gemini-service-tier")]).toEqual([
      "true",
      "standard",
    ]);
  });
});

describe("keys", () => {
  test("missing are 403, invalid 400 with API_KEY_INVALID", async () => {
    expect(await get("/v1beta/models")).toMatchObject({
      status: 403,
      body: { error: { status: "PERMISSION_DENIED" } },
    });
    const invalid = await sendPrompt(emulator, geminiWhole, "hi", "invalid-key");
    expect(JSON.parse(invalid.text)).toMatchObject({
      error: { code: 400, status: "INVALID_ARGUMENT", details: [{ reason: "API_KEY_INVALID" }, {}] },
    });
  });

  test("are nowhere in the ledger, which knows them by a hash", async () => {
    await sendPrompt(emulator, geminiWhole, "hi", "very-secret-key");
    const rows = JSON.stringify(emulator.ledger.rows());
    expect(rows).not.toContain("very-secret-key");
    expect(emulator.ledger.rows()[0]?.keyHash).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe("models", () => {
  test("are gone from the day of their shutdown", async () => {
    expect((await sendPrompt(emulator, geminiWhole, "hi")).status).toBe(200);
    nowMs = Date.parse("2026-12-01T00:00:00Z");
    const gone = await sendPrompt(emulator, geminiWhole, "hi");
    expect([gone.status, gone.text]).toEqual([
      404,
      expect.stringContaining("models/gemini-2.5-flash is not found for API version v1beta"),
    ]);
    expect(JSON.stringify((await get("/v1beta/models", key)).body)).not.toContain("gemini-2.5-pro");
  });

  test("that are routed say which model served", async () => {
    const seen = await sendPrompt(emulator, "/v1beta/models/gemini-3.7-flash:generateContent", "hi");
    expect(JSON.parse(seen.text).modelVersion).toBe("gemini-3.8-flash");
    expect(emulator.ledger.rows()[0]?.model).toBe("gemini-3.7-flash");
  });

  test("of unknown names, and embedding models asked to chat, are 404", async () => {
    for (const model of ["gemini-9", "gemini-embedding-001"]) {
      expect((await sendPrompt(emulator, `/v1beta/models/${model}:generateContent`, "hi")).status).toBe(404);
    }
  });
});

describe("answers", () => {
  test("are the same for the same seed, with another id each time", async () => {
    await using twin = await startEmulator({ now: () => nowMs });
    await using other = await startEmulator({ now: () => nowMs, seed: "other" });
    const first = await sendPrompt(emulator, geminiStream, "a story");
    const again = await sendPrompt(emulator, geminiStream, "a story");
    expect((await sendPrompt(twin, geminiStream, "a story")).text).toBe(first.text);
    expect((await sendPrompt(other, geminiStream, "a story")).text).not.toBe(first.text);
    const ids = [first, again].map((seen) => (events(seen.text)[0] as { responseId: string }).responseId);
    expect(new Set(ids).size).toBe(2);
  });

  test("of the array form are one JSON array of the same chunks", async () => {
    const array = await sendPrompt(emulator, geminiStream.replace("?alt=sse", ""), "[[say:one two three]]");
    expect(array.headers.get("content-type")).toContain("application/json");
    expect(JSON.parse(array.text)).toMatchObject([
      { candidates: [{ content: { parts: [{ text: "one two three" }] }, finishReason: "STOP" }] },
    ]);
  });

  test("count a repeated long beginning as cached, within the prompt's tokens", async () => {
    const long = "The quick brown fox. ".repeat(400);
    expect(await cachedOf(geminiWhole, `${long} one`)).not.toHaveProperty("cachedContentTokenCount");
    const usage = await cachedOf(geminiWhole, `${long} two`);
    expect(usage.cachedContentTokenCount).toBe(2048);
    expect(usage.cachedContentTokenCount).toBeLessThanOrEqual(usage.promptTokenCount);
    // Gemini 4 caches prefixes from 4,096 tokens on only.
    const argon = geminiWhole.replace("gemini-2.5-flash", "gemini-4-hydrogen");
    await cachedOf(argon, `${long} one`);
    expect(await cachedOf(argon, `${long} two`)).not.toHaveProperty("cachedContentTokenCount");
  });
});

describe("bad requests", () => {
  test("of malformed JSON, invalid UTF-8 and too many bytes are 400 in the dialect's shape", async () => {
    expect(await raw(geminiWhole, "{")).toMatchObject({
      status: 400,
      body: { error: { status: "INVALID_ARGUMENT" } },
    });
    expect(await raw(geminiWhole, Buffer.from([0x7b, 0xff, 0x7d]))).toMatchObject({ status: 400 });
    expect(await raw(geminiWhole, "x".repeat(20_971_521))).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining("payload size exceeds") } },
    });
    expect(await raw(openAiChat, "{")).toMatchObject({
      status: 400,
      body: { error: { type: "invalid_request_error" } },
    });
    expect(await raw(openAiChat, "null")).toMatchObject({ status: 400 });
    expect(
      await raw("/v1beta/openai/chat/completions", '{"model":"gemini-2.5-flash","messages":[]}'),
    ).toMatchObject({ status: 400, body: [{ error: { code: 400 } }] });
  });
});

describe("admin calls", () => {
  test("install, list and clear faults", async () => {
    expect(
      await admin("POST", "faults", { fault: "503", model: "gemini-2.5-flash", count: 5 }),
    ).toMatchObject({ status: 201, body: { id: 1, remaining: 5 } });
    expect((await sendPrompt(emulator, geminiWhole, "hi")).status).toBe(503);
    const listed = await admin("GET", "faults");
    expect(listed.body).toMatchObject({
      active: [{ name: "503", remaining: 4 }],
      catalog: expect.arrayContaining([expect.objectContaining({ name: "slow-drip" })]),
    });
    await admin("DELETE", "faults");
    expect((await sendPrompt(emulator, geminiWhole, "hi")).status).toBe(200);
    expect(await admin("POST", "faults", { fault: "nope" })).toMatchObject({ status: 400 });
    expect(await admin("POST", "faults", { fault: "503", count: -1 })).toMatchObject({ status: 400 });
  });

  test("pass the parameters of a fault", async () => {
    await admin("POST", "faults", { fault: "cut-after-tokens", tokens: 3 });
    await sendPrompt(emulator, geminiStream, "[[tokens=40]]");
    expect(emulator.ledger.rows().at(-1)).toMatchObject({ outputTokensSent: 3, fault: "cut-after-tokens" });
  });

  test("read, sum up and clear the ledger", async () => {
    await sendPrompt(emulator, geminiWhole, "[[tokens=10]]");
    await sendPrompt(emulator, openAiChat, "[[tokens=20]]");
    expect((await admin("GET", "ledger")).body["rows"]).toHaveLength(2);
    expect((await admin("GET", "ledger?dialect=openai&status=200")).body["rows"]).toMatchObject([
      { model: "open-large", outputTokensSent: 20, framesSent: expect.any(Number) },
    ]);
    expect((await admin("GET", "ledger?limit=1")).body["rows"]).toHaveLength(1);
    expect((await admin("GET", "ledger?summary=1")).body).toMatchObject({
      summary: { "gemini-2.5-flash": { completed: { requests: 1, outputTokensSent: 10 } } },
    });
    await admin("DELETE", "ledger");
    expect((await admin("GET", "ledger")).body["rows"]).toEqual([]);
  });
});

test("a quota answers 429 with RetryInfo until the minute is over", async () => {
  for (let index = 0; index < 20; index += 1)
    expect((await sendPrompt(emulator, geminiWhole, `hi ${index}`)).status).toBe(200);
  const refused = await sendPrompt(emulator, geminiWhole, "hi");
  expect([refused.status, refused.text]).toEqual([429, expect.stringContaining('"retryDelay":"60s"')]);
  expect((await sendPrompt(emulator, geminiWhole, "hi", "another-key")).status).toBe(200);
  nowMs += 60_001;
  expect((await sendPrompt(emulator, geminiWhole, "hi")).status).toBe(200);
});

test("an emulator in a worker thread serves, tells its ledger, plays faults and ends", async () => {
  await using worker = await startEmulatorInWorker({ seed: "signalbox" });
  const send = () =>
    // The clock cannot cross into the worker: only a model without an announced end is served on every day.
    fetch(`${worker.url}/v1beta/models/gemini-3.8-flash:generateContent`, {
      method: "POST",
      headers: key,
      body: '{"contents":[{"parts":[{"text":"hi"}]}]}',
    });
  expect((await send()).status).toBe(200);
  await worker.addFault({ name: "500", parameters: {} });
  expect((await send()).status).toBe(500);
  await worker.clearFaults();
  expect((await worker.ledger()).map((row) => row.status)).toEqual([200, 500]);
  expect((await worker.ledgerSummary())["gemini-3.8-flash"]?.["completed"]?.requests).toBe(2);
  await expect(worker.addFault({ name: "nope", parameters: {} })).rejects.toThrow(RangeError);
  await worker.close();
  await expect(send()).rejects.toThrow();
});
