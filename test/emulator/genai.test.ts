import { ApiError, GoogleGenAI, ThinkingLevel } from "@google/genai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Emulator } from "../../emulator/start-emulator.ts";
import { startEmulator } from "../../emulator/start-emulator.ts";
import { servedAtMs } from "./wire.ts";

let emulator: Emulator;
let ai: GoogleGenAI;

beforeAll(async () => {
  emulator = await startEmulator({ now: () => servedAtMs });
  ai = new GoogleGenAI({ apiKey: "test", httpOptions: { baseUrl: emulator.url } });
});

afterAll(() => emulator.close());

function failure(text: string): Promise<unknown> {
  return ai.models
    .generateContent({ model: "gemini-3.8-flash", contents: text })
    .catch((error: unknown) => error);
}

const weather = {
  name: "get_weather",
  description: "Weather of a city",
  parametersJsonSchema: {
    type: "object",
    properties: { city: { type: "string" }, unit: { type: "string", enum: ["C", "F"] } },
    required: ["city", "unit"],
    additionalProperties: false,
  },
};

describe("@google/genai against the emulator", () => {
  test("gets a text with usage that adds up", async () => {
    const response = await ai.models.generateContent({
      model: "gemini-3.8-flash",
      contents: "Hello [[tokens=50]]",
    });
    expect(response.text).toHaveLength(200);
    const usage = response.usageMetadata;
    expect(usage?.candidatesTokenCount).toBe(50);
    expect(usage?.totalTokenCount).toBe(
      (usage?.promptTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0) + (usage?.candidatesTokenCount ?? 0),
    );
    expect(response.modelVersion).toBe("gemini-3.8-flash");
    expect(response.responseId).toBe(emulator.ledger.rows().at(-1)?.responseId);
    expect(response.sdkHttpResponse?.headers?.["x-signalbox-emulated"]).toBe("true");
  });

  test("streams the same text that it gets whole, with cumulative usage and one finish reason", async () => {
    const request = { model: "gemini-2.5-flash", contents: "Tell me about trams [[tokens=120]]" };
    const whole = await ai.models.generateContent(request);
    const chunks = await Array.fromAsync(await ai.models.generateContentStream(request));
    expect(chunks.length).toBeGreaterThan(3);
    expect(chunks.map((chunk) => chunk.text ?? "").join("")).toBe(whole.text);
    const counts = chunks.map((chunk) => chunk.usageMetadata?.candidatesTokenCount ?? 0);
    expect(counts).toEqual(counts.toSorted((left, right) => left - right));
    expect(counts.at(-1)).toBe(120);
    expect(chunks.map((chunk) => chunk.candidates?.[0]?.finishReason).filter(Boolean)).toEqual(["STOP"]);
  });

  test("shows thoughts when asked, apart from the text", async () => {
    const response = await ai.models.generateContent({
      model: "gemini-3.8-flash",
      contents: "Think [[thoughts=40]] [[say:done]]",
      config: { thinkingConfig: { includeThoughts: true, thinkingLevel: ThinkingLevel.LOW } },
    });
    const parts = response.candidates?.[0]?.content?.parts ?? [];
    expect(parts.map((part) => part.thought ?? false)).toEqual([true, false]);
    expect(response.text).toBe("done");
    expect(response.usageMetadata?.thoughtsTokenCount).toBe(40);
  });

  test("calls a forced tool and answers with its result, the signature sent back", async () => {
    const config = { tools: [{ functionDeclarations: [weather] }] };
    const question = { role: "user", parts: [{ text: "Use get_weather for Oslo" }] };
    const first = await ai.models.generateContent({ model: "gemini-4-argon", contents: [question], config });
    const call = first.functionCalls?.[0];
    expect(call).toMatchObject({ name: "get_weather", args: { city: "Oslo" } });
    const model = first.candidates?.[0]?.content;
    expect(model?.parts?.[0]?.thoughtSignature).toBeTypeOf("string");
    const result = {
      role: "user",
      parts: [{ functionResponse: { id: call?.id ?? "", name: "get_weather", response: { degrees: -3 } } }],
    };
    const second = await ai.models.generateContent({
      model: "gemini-4-argon",
      contents: [question, model ?? {}, result],
      config,
    });
    expect(second.text).toContain('get_weather: {"degrees":-3}');
  });

  test("is refused a function call that comes back without its signature", async () => {
    const contents = [
      { role: "user", parts: [{ text: "weather?" }] },
      { role: "model", parts: [{ functionCall: { name: "get_weather", args: {} } }] },
      { role: "user", parts: [{ functionResponse: { name: "get_weather", response: {} } }] },
    ];
    const attempt = ai.models.generateContent({
      model: "gemini-3.8-flash",
      contents,
      config: { tools: [{ functionDeclarations: [weather] }] },
    });
    await expect(attempt).rejects.toThrow(
      /missing a thought_signature.*`default_api:get_weather` , position 2/,
    );
  });

  test("gets JSON that fits the schema", async () => {
    const response = await ai.models.generateContent({
      model: "gemini-3.8-flash",
      contents: "A city",
      config: { responseMimeType: "application/json", responseJsonSchema: weather.parametersJsonSchema },
    });
    const value: unknown = JSON.parse(response.text ?? "");
    expect(value).toEqual({ city: expect.any(String), unit: expect.stringMatching(/^[CF]$/) });
  });

  test("follows CONTINUATION until the whole answer is there", async () => {
    const contents = "A long story [[tokens=100]] [[continue-at=40]]";
    const whole = await ai.models.generateContent({ model: "gemini-4-argon", contents });
    expect(whole.text).toHaveLength(400);
    expect(whole.candidates?.[0]?.finishReason).toBe("STOP");
    const chunks = await Array.fromAsync(
      await ai.models.generateContentStream({ model: "gemini-4-argon", contents }),
    );
    expect(chunks.map((chunk) => chunk.text ?? "").join("")).toBe(whole.text);
    const single = await ai.models.generateContent({
      model: "gemini-4-argon",
      contents,
      config: { automaticContinuation: false },
    });
    expect(single.candidates?.[0]).toMatchObject({
      finishReason: "CONTINUATION",
      continuationToken: expect.any(String),
    });
    expect(single.text).toHaveLength(160);
  });

  test("goes on with a turn of the model's own, before 3.6: the same answer, its beginning not said again", async () => {
    const model = "gemini-3.5-flash-lite";
    const user = { role: "user", parts: [{ text: "Tell me about trams [[tokens=60]]" }] };
    const whole = (await ai.models.generateContent({ model, contents: [user] })).text ?? "";
    const begun = { role: "model", parts: [{ text: whole.slice(0, 50) }] };
    expect((await ai.models.generateContent({ model, contents: [user, begun] })).text).toBe(whole.slice(50));
    const other = { role: "model", parts: [{ text: "Otherwise begun: " }] };
    expect((await ai.models.generateContent({ model, contents: [user, other] })).text).toBe(whole);
  });

  test("counts an image and its text", async () => {
    const contents = [
      { inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } },
      { text: "What is this?" },
    ];
    const counted = await ai.models.countTokens({ model: "gemini-2.5-flash", contents });
    expect(counted.totalTokens).toBe(258 + 4);
    const response = await ai.models.generateContent({ model: "gemini-2.5-flash", contents });
    expect(response.usageMetadata?.promptTokenCount).toBe(counted.totalTokens);
    expect(response.usageMetadata?.promptTokensDetails).toEqual([
      { modality: "IMAGE", tokenCount: 258 },
      { modality: "TEXT", tokenCount: 4 },
    ]);
  });

  test("embeds texts", async () => {
    const response = await ai.models.embedContent({
      model: "gemini-embedding-001",
      contents: ["one", "two"],
      config: { outputDimensionality: 64 },
    });
    expect(response.embeddings?.map((embedding) => embedding.values?.length)).toEqual([64, 64]);
  });

  test("lists models page by page", async () => {
    const pager = await ai.models.list({ config: { pageSize: 5 } });
    const names = (await Array.fromAsync(pager)).map((model) => model.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain("models/gemini-4-argon");
    expect((await ai.models.get({ model: "gemini-4-argon" })).inputTokenLimit).toBe(1_048_576);
  });

  test("sees a blocked prompt and a blocked answer", async () => {
    const prompt = await ai.models.generateContent({
      model: "gemini-3.8-flash",
      contents: "[[block=PROHIBITED_CONTENT]]",
    });
    expect(prompt.promptFeedback?.blockReason).toBe("PROHIBITED_CONTENT");
    expect(prompt.candidates).toBeUndefined();
    const answer = await ai.models.generateContent({
      model: "gemini-3.8-flash",
      contents: "[[finish=SAFETY]]",
    });
    expect(answer.candidates?.[0]?.finishReason).toBe("SAFETY");
    expect(answer.text).toBeUndefined();
  });

  test("gets errors with their status and body", async () => {
    for (const [fault, status] of [
      ["429-day", 429],
      ["503", 503],
      ["500", 500],
      ["403", 403],
      ["404", 404],
    ] as const) {
      const error = await failure(`[[fault:${fault}]]`);
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({ status });
    }
    expect(String(await failure("[[fault:429-minute]]"))).toContain("RetryInfo");
  });

  test("raises for a stream with an error frame", async () => {
    const stream = await ai.models.generateContentStream({
      model: "gemini-2.5-flash",
      contents: "[[tokens=60]] [[fault:error-frame=20]]",
    });
    await expect(Array.fromAsync(stream)).rejects.toThrow(/overloaded/);
  });
});
