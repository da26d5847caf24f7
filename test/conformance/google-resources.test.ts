import { ApiError, GoogleGenAI, JobState } from "@google/genai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pricesAt } from "#core/pricing/price-schedule.ts";
import { geminiPrices } from "#features/catalog/gemini-prices.ts";
import { startTestSignalbox, type LoggedRequest, type TestSignalbox } from "../support/test-signalbox.ts";

const model = "gemini-3.8-flash";
const long = "The signal box at the junction has forty levers, each for one point or signal. ".repeat(80);

/** Prices of the model as they are now: they double when 2027 begins. */
const prices = pricesAt(geminiPrices.get(model) ?? expect.unreachable("A price is wanted"), Date.now());

/** What a request cost, as the log tells it. */
function picoDollarsOf(request: LoggedRequest | undefined): number {
  const cost = request?.["cost"];
  return typeof cost === "object" && cost !== null && "pico_dollars" in cost
    ? Number(cost.pico_dollars)
    : Number.NaN;
}

let signalbox: TestSignalbox;
let ai: GoogleGenAI;

beforeAll(async () => {
  signalbox = await startTestSignalbox();
  ai = new GoogleGenAI({ apiKey: "unused", httpOptions: { baseUrl: signalbox.url } });
});

afterAll(() => signalbox.close());

describe("the @google/genai client's cached contents", () => {
  test("are created, used, read, listed, given longer, and deleted, under names that say where they are", async () => {
    const cache = await ai.caches.create({
      model,
      config: {
        contents: long,
        systemInstruction: "Answer from the text",
        ttl: "600s",
        displayName: "levers",
      },
    });
    const name = cache.name ?? "";
    expect(name).toMatch(/^cachedContents\/google~\w+$/);
    const tokens = cache.usageMetadata?.totalTokenCount ?? 0;
    expect(tokens).toBeGreaterThan(1_024);

    const answer = await ai.models.generateContent({
      model,
      contents: "How many levers?",
      config: { cachedContent: name },
    });
    expect(answer.usageMetadata?.cachedContentTokenCount).toBe(tokens);
    expect(answer.usageMetadata?.promptTokenCount).toBeGreaterThan(tokens);
    const stream = await ai.models.generateContentStream({
      model,
      contents: "How many levers?",
      config: { cachedContent: name },
    });
    const chunks = await Array.fromAsync(stream);
    expect(chunks.at(-1)?.usageMetadata?.cachedContentTokenCount).toBe(tokens);

    expect((await ai.caches.get({ name })).displayName).toBe("levers");
    const listed = await Array.fromAsync(await ai.caches.list());
    expect(listed.map((one) => one.name)).toContain(name);
    const updated = await ai.caches.update({ name, config: { ttl: "7200s" } });
    expect(updated.name).toBe(name);
    expect(Date.parse(updated.expireTime ?? "")).toBeGreaterThan(Date.parse(cache.expireTime ?? ""));
    await ai.caches.delete({ name });
    await expect(ai.caches.get({ name })).rejects.toMatchObject({ status: 404 });
  });

  test("are recorded with their tokens, and priced with what keeping them costs", async () => {
    const costs: number[] = [];
    for (const ttl of ["3600s", "7200s"]) {
      await ai.caches.create({ model, config: { contents: long, ttl } });
      const [made] = await signalbox.requests();
      costs.push(picoDollarsOf(made));
    }
    const [newest] = await signalbox.requests();
    const [one = 0, two = 0] = costs;
    const tokens = Math.ceil(Buffer.byteLength(long) / 4);
    const storage = prices.cacheStoragePerTokenHour ?? Number.NaN;
    // Tokens read as a prompt, and kept at a price for each hour: the second hour is all that parts them.
    expect([two - one, one]).toEqual([tokens * storage, tokens * (prices.rates.input + storage)]);
    expect(newest).toMatchObject({
      operation: "cached-content",
      model,
      outcome: "completed",
      usage: { input_tokens: expect.any(Number), output_tokens: 0 },
      cost: { estimated: true },
    });
  });

  test("refuse instructions beside them in Google's words", async () => {
    const { name = "" } = await ai.caches.create({ model, config: { contents: long } });
    const asked = ai.models.generateContent({
      model,
      contents: "hi",
      config: { cachedContent: name, systemInstruction: "Be brief" },
    });
    await expect(asked).rejects.toThrow("CachedContent can not be used");
  });
});

describe("the @google/genai client's batches", () => {
  const requests = ["One?", "Two?"].map((text) => ({ contents: [{ role: "user", parts: [{ text }] }] }));

  test("are created, read, listed and deleted", async () => {
    const batch = await ai.batches.create({ model, src: requests, config: { displayName: "questions" } });
    const name = batch.name ?? "";
    expect(name).toMatch(/^batches\/google~\w+$/);
    expect(batch.state).toBe(JobState.JOB_STATE_PENDING);
    const done = await ai.batches.get({ name });
    expect([done.name, done.state, done.displayName]).toEqual([
      name,
      JobState.JOB_STATE_SUCCEEDED,
      "questions",
    ]);
    const texts = done.dest?.inlinedResponses?.map(
      ({ response }) => response?.candidates?.[0]?.content?.parts?.[0]?.text,
    );
    expect(texts).toEqual([expect.any(String), expect.any(String)]);
    const listed = await Array.fromAsync(await ai.batches.list());
    expect(listed.map((one) => one.name)).toContain(name);
    await ai.batches.delete({ name });
    await expect(ai.batches.get({ name })).rejects.toBeInstanceOf(ApiError);
  });

  test("are cancelled", async () => {
    const { name = "" } = await ai.batches.create({ model, src: requests });
    await ai.batches.cancel({ name });
    expect((await ai.batches.get({ name })).state).toBe(JobState.JOB_STATE_CANCELLED);
  });

  test("are recorded, and free until they are done", async () => {
    await ai.batches.create({ model, src: requests });
    const [newest] = await signalbox.requests();
    expect(newest).toMatchObject({ operation: "batch", model, outcome: "completed" });
    expect(newest).toMatchObject({ usage: null, cost: { pico_dollars: "0" } });
  });
});

describe("the @google/genai client's interactions", () => {
  test("are answered, go on, and are read and deleted", async () => {
    const first = await ai.interactions.create({ model, input: "My name is Ada. What is a signal box?" });
    expect(first.id).toMatch(/^google~/);
    expect(first.status).toBe("completed");
    expect(first.output_text?.length).toBeGreaterThan(10);
    const next = await ai.interactions.create({
      model,
      input: "Go on",
      previous_interaction_id: first.id,
    });
    expect(next.usage?.total_input_tokens).toBeGreaterThan(first.usage?.total_input_tokens ?? 0);
    expect((await ai.interactions.get(first.id)).output_text).toBe(first.output_text);
    await ai.interactions.delete(first.id);
    await expect(ai.interactions.get(first.id)).rejects.toMatchObject({ status: 404 });
  });

  test("are streamed event by event, with the same text as in one piece", async () => {
    const asked = { model, input: "Tell of levers [[tokens=80]]" };
    const whole = await ai.interactions.create({ ...asked });
    const events = await Array.fromAsync(await ai.interactions.create({ ...asked, stream: true }));
    expect(events[0]).toMatchObject({
      event_type: "interaction.created",
      interaction: { id: expect.stringMatching(/^google~/) },
    });
    const text = events.map((event) =>
      event.event_type === "step.delta" && event.delta.type === "text" ? event.delta.text : "",
    );
    expect(text.join("")).toBe(whole.output_text);
    expect(events.at(-1)).toMatchObject({
      event_type: "interaction.completed",
      interaction: { status: "completed", usage: { total_output_tokens: 80 } },
    });
  });

  test("call tools", async () => {
    const answer = await ai.interactions.create({
      model,
      input: "Use get_weather for Paris",
      tools: [
        {
          type: "function",
          name: "get_weather",
          description: "Weather of a city",
          parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
        },
      ],
    });
    expect(answer.status).toBe("requires_action");
    expect(answer.steps?.some((step) => step.type === "function_call" && step.name === "get_weather")).toBe(
      true,
    );
  });

  test("are priced like chat: the same tokens cost the same", async () => {
    const text = "Price this [[tokens=50]] [[thoughts=7]]";
    await ai.interactions.create({ model, input: text });
    const [interaction] = await signalbox.requests();
    await ai.models.generateContent({ model, contents: text });
    const [chat] = await signalbox.requests();
    expect(interaction).toMatchObject({ operation: "interaction", stream: false, outcome: "completed" });
    expect(interaction?.["usage"]).toMatchObject({ output_tokens: 50, thinking_tokens: 7 });
    expect([interaction?.["usage"], interaction?.["cost"]]).toEqual([chat?.["usage"], chat?.["cost"]]);
  });

  test("of a stream that breaks leave an error event, and a record of what was made", async () => {
    // The client itself takes such a stream up again, as often as it breaks.
    const answer = await fetch(`${signalbox.url}/v1beta/interactions`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-goog-api-key": "unused" },
      body: JSON.stringify({
        model,
        input: "Break [[tokens=60]] [[fault:end-after-tokens=20]]",
        stream: true,
      }),
    });
    let text = "";
    const decoder = new TextDecoder();
    const read = async () => {
      for await (const chunk of answer.body ?? []) text += decoder.decode(chunk, { stream: true });
    };
    await expect(read()).rejects.toThrow();
    expect(text).toContain("event: step.delta\n");
    expect(text).toMatch(
      /event: error\ndata: \{"event_type":"error","error":\{"code":"[\w-]+","message":"[^"]+"\}\}\n\n$/,
    );
    const [newest] = await signalbox.requests();
    expect(newest).toMatchObject({ operation: "interaction", stream: true, outcome: "failed" });
    expect(newest).toMatchObject({ cost: { estimated: true } });
  });
});
