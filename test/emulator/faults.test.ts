import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { faultCatalog } from "../../emulator/faults/catalog.ts";
import type { Emulator } from "../../emulator/start-emulator.ts";
import { startEmulator } from "../../emulator/start-emulator.ts";
import {
  events,
  geminiStream,
  geminiText,
  geminiWhole,
  openAiChat,
  recordingTimers,
  sendPrompt,
  servedAtMs,
} from "./wire.ts";

let emulator: Emulator;
let timers: ReturnType<typeof recordingTimers>;

beforeEach(async () => {
  timers = recordingTimers();
  // A frozen clock: pauses are asked for in full, and none really takes time.
  emulator = await startEmulator({ timers, now: () => servedAtMs });
});

afterEach(() => emulator.close());

const lastRow = () => emulator.ledger.rows().at(-1);

describe("faults that answer with an error", () => {
  test.each([
    ["429-minute", 429, "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"],
    ["429-tokens", 429, "GenerateContentInputTokensPerModelPerMinute-FreeTier"],
    ["429-day", 429, "GenerateRequestsPerDayPerProjectPerModel-FreeTier"],
    ["429-both", 429, "PerDay"],
    ["429-limit-0", 429, "limit: 0, model: gemini-2.5-flash"],
    ["429-help-only", 429, "google.rpc.Help"],
    ["429-shared", 429, "error-code-429"],
    ["400", 400, "INVALID_ARGUMENT"],
    ["400-precondition", 400, "FAILED_PRECONDITION"],
    ["401", 401, "UNAUTHENTICATED"],
    ["403", 403, "PERMISSION_DENIED"],
    ["404", 404, "models/gemini-2.5-flash is not found"],
    ["500", 500, "INTERNAL"],
    ["503", 503, "The model is overloaded. Please try again later."],
    ["504", 504, "DEADLINE_EXCEEDED"],
    ["html-502", 502, "<!DOCTYPE html>"],
    ["html-200", 200, "<!DOCTYPE html>"],
  ])("%s: %i", async (fault, status, words) => {
    for (const path of [geminiStream, geminiWhole]) {
      const seen = await sendPrompt(emulator, path, `[[fault:${fault}]]`);
      expect(seen.status).toBe(status);
      expect(seen.text).toContain(words);
      expect(lastRow()).toMatchObject({ fault, status, outcome: "completed", outputTokensSent: 0 });
    }
  });

  test("429-minute has RetryInfo and its value is settable", async () => {
    const { text } = await sendPrompt(emulator, geminiWhole, "[[fault:429-minute=2500]]");
    expect(text).toContain('"retryDelay":"2s"');
    expect(text).toContain("Please retry in 2.5s.");
  });

  test("429-retry-after says so in a header", async () => {
    const seen = await sendPrompt(emulator, geminiWhole, "[[fault:429-retry-after=9]]");
    expect([seen.status, seen.headers.get("retry-after")]).toEqual([429, "9"]);
  });

  test("on the OpenAI face have OpenAI's shape", async () => {
    const seen = await sendPrompt(emulator, openAiChat, "[[fault:429-minute]]");
    expect(JSON.parse(seen.text)).toMatchObject({
      error: { message: expect.any(String), type: expect.any(String), param: null, code: expect.any(String) },
    });
    expect(seen.headers.get("retry-after")).toBe("38");
  });

  test("of unknown names are refused, so that a slip of the pen is seen", async () => {
    const seen = await sendPrompt(emulator, geminiWhole, "[[fault:nonsense]]");
    expect([seen.status, seen.text]).toEqual([400, expect.stringContaining("nonsense")]);
  });
});

describe("faults of a stream", () => {
  test("reset breaks the connection before any header", async () => {
    await expect(sendPrompt(emulator, geminiStream, "[[fault:reset]]")).rejects.toThrow();
    expect(lastRow()).toMatchObject({ fault: "reset", outcome: "failed", status: 0 });
  });

  test.each([geminiStream, openAiChat])("cut-after-tokens breaks it off exactly there: %s", async (path) => {
    const seen = await sendPrompt(emulator, path, "[[tokens=50]] [[fault:cut-after-tokens=7]]");
    expect(seen.isWhole).toBe(false);
    expect(seen.text).not.toMatch(/finishReason|"stop"/);
    expect(lastRow()).toMatchObject({ outcome: "failed", outputTokensSent: 7 });
  });

  test("cut-after-tokens strikes before the finish of a short answer", async () => {
    const seen = await sendPrompt(emulator, geminiStream, "[[tokens=5]] [[fault:cut-after-tokens=500]]");
    expect(seen.isWhole).toBe(false);
    expect(seen.text).not.toContain("finishReason");
  });

  test("end-after-tokens and no-finish-reason end properly but never say why", async () => {
    const early = await sendPrompt(emulator, geminiStream, "[[tokens=50]] [[fault:end-after-tokens=7]]");
    expect([early.isWhole, geminiText(early).length]).toEqual([true, 28]);
    const late = await sendPrompt(emulator, geminiStream, "[[tokens=50]] [[fault:no-finish-reason]]");
    expect([late.isWhole, geminiText(late).length]).toEqual([true, 200]);
    expect(early.text + late.text).not.toContain("finishReason");
    const openAi = await sendPrompt(emulator, openAiChat, "[[tokens=5]] [[fault:no-finish-reason]]");
    expect(openAi.text).not.toMatch(/\[DONE\]|"finish_reason":"/);
  });

  test("error-frame sends an error in the middle and ends properly", async () => {
    const seen = await sendPrompt(emulator, geminiStream, "[[tokens=50]] [[fault:error-frame=10 code=500]]");
    expect(seen.isWhole).toBe(true);
    expect(events(seen.text).at(-1)).toMatchObject({ error: { code: 500, status: "INTERNAL" } });
    const openAi = await sendPrompt(emulator, openAiChat, "[[tokens=50]] [[fault:error-frame=10]]");
    expect(events(openAi.text).at(-1)).toMatchObject({ error: { code: "overloaded" } });
  });

  test("malformed-frame sends one frame that is no JSON and goes on", async () => {
    const seen = await sendPrompt(emulator, geminiStream, "[[tokens=50]] [[fault:malformed-frame=10]]");
    expect(events(seen.text).filter((event) => typeof event === "string")).toHaveLength(1);
    expect(seen.text).toContain('"finishReason":"STOP"');
  });

  test("truncated-frame ends properly inside a frame", async () => {
    const seen = await sendPrompt(emulator, geminiStream, "[[tokens=50]] [[fault:truncated-frame=10]]");
    expect(seen.isWhole).toBe(true);
    expect(typeof events(seen.text).at(-1)).toBe("string");
  });

  test("stalls ask for their time before headers, before the first token, and after some tokens", async () => {
    await sendPrompt(
      emulator,
      geminiStream,
      "[[fault:stall-before-headers=1100]] [[fault:stall-before-first-token=2200]] [[fault:stall-after-tokens=3 ms=3300]]",
    );
    // The clock stands still, so each wait lasts to its due time from the start.
    expect(timers.pausesMs).toEqual([1100, 3300, 6600]);
    await sendPrompt(emulator, geminiStream, "[[stall-ms=400]]");
    expect(timers.pausesMs.at(-1)).toBe(400);
  });

  test("empty-deltas-first come at once, the role first on the OpenAI face", async () => {
    const gemini = events(
      (await sendPrompt(emulator, geminiStream, "[[tokens=9]] [[fault:empty-deltas-first=2]]")).text,
    );
    expect(gemini.slice(0, 2)).toMatchObject([
      { candidates: [{ content: { parts: [{ text: "" }] } }] },
      { candidates: [{ content: { parts: [{ text: "" }] } }] },
    ]);
    const openAi = events(
      (await sendPrompt(emulator, openAiChat, "[[tokens=9]] [[fault:empty-deltas-first=2]]")).text,
    );
    expect(openAi.slice(0, 3)).toMatchObject([
      { choices: [{ delta: { role: "assistant" } }] },
      { choices: [{ delta: { content: "" } }] },
      { choices: [{ delta: { content: "" } }] },
    ]);
  });

  test("keep-alives-only sends comments for its time, then the answer", async () => {
    const seen = await sendPrompt(
      emulator,
      geminiStream,
      "[[tokens=9]] [[fault:keep-alives-only=2500 interval=1000]]",
    );
    expect(seen.text.match(/: keep-alive\r\n\r\n/g)).toHaveLength(3);
    expect(timers.pausesMs).toEqual([1000, 2000, 2500]);
    expect(geminiText(seen)).toHaveLength(36);
  });

  test("slow-drip changes no byte of the answer", async () => {
    const calm = await sendPrompt(emulator, geminiStream, "[[say:grüße 😀]]");
    const drip = await sendPrompt(emulator, geminiStream, "[[say:grüße 😀]] [[fault:slow-drip=3 ms=2]]");
    expect(geminiText(drip)).toBe(geminiText(calm));
    expect(timers.pausesMs.length).toBeGreaterThan(50);
  });

  test.each([
    ["line-end-lf", /[^\r]\n\n/],
    ["line-end-crlf", /\r\n\r\n/],
    ["line-end-cr", /\r\r/],
    ["multi-line-data", /data: \{\r\ndata: {2}"candidates"/],
    ["comments", /: comment\r\nid: 1\r\ndata: /],
  ])("%s is another legal way to write the same events", async (fault, form) => {
    const calm = await sendPrompt(emulator, geminiStream, "[[say:one two three four five six seven]]");
    const seen = await sendPrompt(
      emulator,
      geminiStream,
      `[[say:one two three four five six seven]] [[fault:${fault}]]`,
    );
    expect(seen.text).toMatch(form);
    expect(geminiText(seen)).toBe(geminiText(calm));
  });
});

describe("faults of a whole body", () => {
  test("empty-answer has no candidates, empty-content a candidate without content", async () => {
    const none = await sendPrompt(emulator, geminiWhole, "[[fault:empty-answer]]");
    expect(JSON.parse(none.text)).toEqual({
      usageMetadata: expect.any(Object),
      modelVersion: "gemini-2.5-flash",
      responseId: expect.any(String),
    });
    const empty = await sendPrompt(emulator, geminiWhole, "[[fault:empty-content]]");
    expect(JSON.parse(empty.text)).toMatchObject({ candidates: [{ finishReason: "STOP", index: 0 }] });
    expect(empty.text).not.toContain('"content"');
  });

  test("cut, truncated and malformed bodies are no JSON", async () => {
    for (const [fault, isWhole] of [
      ["cut-after-tokens", false],
      ["truncated-frame", true],
      ["malformed-frame", true],
    ] as const) {
      const seen = await sendPrompt(emulator, geminiWhole, `[[fault:${fault}]]`);
      expect(seen.isWhole).toBe(isWhole);
      expect(() => JSON.parse(seen.text)).toThrow(SyntaxError);
    }
  });

  test("MAX_TOKENS without text when thinking eats the budget", async () => {
    const body = {
      contents: [{ parts: [{ text: "[[thoughts=999]]" }] }],
      generationConfig: { maxOutputTokens: 100 },
    };
    const response = await fetch(`${emulator.url}${geminiWhole}?key=test`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    expect(await response.json()).toMatchObject({
      candidates: [{ finishReason: "MAX_TOKENS" }],
      usageMetadata: { thoughtsTokenCount: 100 },
    });
  });
});

describe("when a fault strikes", () => {
  test("times=1 strikes the first time only, model= only that model", async () => {
    const prompt = "[[fault:503 times=1 model=gemini-2.5-flash]] hi";
    expect((await sendPrompt(emulator, geminiWhole, prompt)).status).toBe(503);
    expect((await sendPrompt(emulator, geminiWhole, prompt)).status).toBe(200);
    const other = geminiWhole.replace("gemini-2.5-flash", "gemini-3.8-flash");
    expect((await sendPrompt(emulator, other, "[[fault:503 model=gemini-2.5-flash]]")).status).toBe(200);
  });

  test("an installed fault strikes its model, as often as it was told", async () => {
    emulator.faults.add({ name: "500", parameters: {}, model: "gemini-2.5-flash", remaining: 2 });
    const statuses: number[] = [];
    for (let index = 0; index < 3; index += 1)
      statuses.push((await sendPrompt(emulator, geminiWhole, "hi")).status);
    expect(statuses).toEqual([500, 500, 200]);
  });

  test("a probability is kept, the same for the same seed", async () => {
    emulator.faults.add({ name: "503", parameters: {}, probability: 0.3 });
    const statuses: number[] = [];
    for (let index = 0; index < 200; index += 1)
      statuses.push((await sendPrompt(emulator, geminiWhole, `hi ${index}`)).status);
    const share = statuses.filter((status) => status === 503).length / statuses.length;
    // Binomial with n = 200, p = 0.3: outside 0.3 +- 0.13 (4 standard deviations) about once in 16,000 seeds.
    expect(Math.abs(share - 0.3)).toBeLessThan(0.13);
  });
});

test("every fault of the table has a description, and only two are for admin calls", () => {
  expect(new Set(faultCatalog.map(({ name }) => name)).size).toBe(faultCatalog.length);
  expect(faultCatalog.every(({ description }) => description.length > 0)).toBe(true);
  const listener = faultCatalog.filter(
    (fault) => fault.effect({ name: fault.name, parameters: {} }, "m").kind === "listener",
  );
  expect(listener.map(({ name }) => name)).toEqual(["refuse-connections", "reset-connections"]);
});
