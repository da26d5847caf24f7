import { GoogleGenAI, JobState } from "@google/genai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startEmulator, type Emulator } from "../../emulator/start-emulator.ts";
import { servedAtMs } from "./wire.ts";

let emulator: Emulator;
let nowMs = servedAtMs;
const clientOf = (apiKey: string) => new GoogleGenAI({ apiKey, httpOptions: { baseUrl: emulator.url } });
let ai: GoogleGenAI;

beforeAll(async () => {
  emulator = await startEmulator({ now: () => nowMs });
  ai = clientOf("one");
});

beforeEach(() => {
  nowMs = servedAtMs;
});

afterAll(() => emulator.close());

const model = "gemini-3.8-flash";
const contents = "Forty levers and a kettle. ".repeat(300);

describe("cached contents", () => {
  test("live as long as they are told to", async () => {
    const { name = "" } = await ai.caches.create({ model, config: { contents, ttl: "60s" } });
    nowMs += 59_000;
    await ai.caches.update({ name, config: { ttl: "30s" } });
    nowMs += 29_000;
    expect((await ai.caches.get({ name })).name).toBe(name);
    nowMs += 2_000;
    await expect(ai.caches.get({ name })).rejects.toMatchObject({ status: 403 });
    const late = ai.models.generateContent({ model, contents: "hi", config: { cachedContent: name } });
    await expect(late).rejects.toThrow("CachedContent not found (or permission denied)");
  });

  test("count as the cached part of the prompt", async () => {
    const { name = "", usageMetadata } = await ai.caches.create({ model, config: { contents } });
    const answer = await ai.models.generateContent({
      model,
      contents: "[[tokens=3]]",
      config: { cachedContent: name },
    });
    const kept = usageMetadata?.totalTokenCount ?? 0;
    expect(answer.usageMetadata).toMatchObject({ cachedContentTokenCount: kept, promptTokenCount: kept + 3 });
    expect(emulator.ledger.rows().at(-1)).toMatchObject({ cachedTokens: kept, promptTokens: kept + 3 });
  });

  test.each<readonly [string, Parameters<GoogleGenAI["caches"]["create"]>[0], string]>([
    ["too small", { model, config: { contents: "short" } }, "Cached content is too small"],
    ["for Gemini 4", { model: "gemini-4-argon", config: { contents } }, "not supported for this model"],
    ["expired", { model, config: { contents, expireTime: "2020-01-01T00:00:00Z" } }, "must be in the future"],
    ["for nobody", { model: "gemini-9", config: { contents } }, "not found"],
  ])("are refused when they are %s", async (_name, asked, message) => {
    await expect(ai.caches.create(asked)).rejects.toThrow(message);
  });

  test("are another model's, and another key's, no more than Google's are", async () => {
    const { name = "" } = await ai.caches.create({ model, config: { contents } });
    const other = ai.models.generateContent({
      model: "gemini-3.5-flash-lite",
      contents: "hi",
      config: { cachedContent: name },
    });
    await expect(other).rejects.toThrow("has to be the same");
    await expect(clientOf("two").caches.get({ name })).rejects.toMatchObject({ status: 403 });
    expect(await Array.fromAsync(await clientOf("two").caches.list())).toEqual([]);
  });

  test("are listed in pages", async () => {
    const key = clientOf("pages");
    for (let made = 0; made < 3; made++) await key.caches.create({ model, config: { contents } });
    const pager = await key.caches.list({ config: { pageSize: 2 } });
    expect(pager.page).toHaveLength(2);
    expect(await Array.fromAsync(pager)).toHaveLength(3);
  });
});

describe("batches", () => {
  test("hold an error in the place of the answer to a request that is none", async () => {
    const src = [
      { contents: [{ role: "user", parts: [{ text: "[[say:yes]]" }] }] },
      { contents: [{ role: "user", parts: [{ text: "no" }] }], config: { candidateCount: 2 } },
    ];
    const { name = "" } = await ai.batches.create({ model, src });
    const { state, dest } = await ai.batches.get({ name });
    expect(state).toBe(JobState.JOB_STATE_SUCCEEDED);
    const [good, bad] = dest?.inlinedResponses ?? [];
    expect(good?.response?.candidates?.[0]?.content?.parts?.[0]?.text).toBe("yes");
    expect(bad?.error).toMatchObject({ code: 400, message: expect.stringContaining("Multiple candidates") });
  });

  test("that are done cannot be cancelled any more", async () => {
    const src = [{ contents: [{ role: "user", parts: [{ text: "hi" }] }] }];
    const { name = "" } = await ai.batches.create({ model, src });
    await ai.batches.get({ name });
    await ai.batches.cancel({ name });
    expect((await ai.batches.get({ name })).state).toBe(JobState.JOB_STATE_SUCCEEDED);
  });
});

describe("interactions", () => {
  test("in the background are read when they are done, or cancelled", async () => {
    const started = await ai.interactions.create({ model, input: "Take your time", background: true });
    expect([started.status, started.output_text]).toEqual(["in_progress", undefined]);
    const done = await ai.interactions.get(started.id);
    expect(done.status).toBe("completed");
    expect((await ai.interactions.cancel(started.id)).status).toBe("cancelled");
  });

  test("that are not stored are not remembered", async () => {
    const { id } = await ai.interactions.create({ model, input: "Forget this", store: false });
    await expect(ai.interactions.get(id)).rejects.toMatchObject({ status: 404 });
  });

  test("go on with a tool's result", async () => {
    const tools = [
      {
        type: "function" as const,
        name: "get_weather",
        parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      },
    ];
    const asked = await ai.interactions.create({ model, input: "Use get_weather for Oslo", tools });
    const call = asked.steps?.find((step) => step.type === "function_call");
    if (call?.type !== "function_call") throw new Error("A call is wanted");
    const told = await ai.interactions.create({
      model,
      tools,
      previous_interaction_id: asked.id,
      input: [{ type: "function_result", call_id: call.id, name: call.name, result: { celsius: 3 } }],
    });
    expect(told.status).toBe("completed");
  });

  test("are refused in the words of their API", async () => {
    const response = await fetch(`${emulator.url}/v1beta/interactions`, {
      method: "POST",
      headers: { "x-goog-api-key": "one" },
      body: JSON.stringify({ model }),
    });
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: { code: "invalid_request", message: "Missing required parameter: 'input'." } },
    ]);
  });
});
