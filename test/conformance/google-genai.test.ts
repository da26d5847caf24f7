import {
  ApiError,
  FunctionCallingConfigMode,
  GoogleGenAI,
  Type,
  type FunctionDeclaration,
} from "@google/genai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { onePixelPng } from "../support/one-pixel-png.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

/** Both pairings: Google's client before a Gemini provider and before an OpenAI-compatible one. */
const models = ["gemini-3.8-flash", "compatible"];

let signalbox: TestSignalbox;
let client: GoogleGenAI;

beforeAll(async () => {
  signalbox = await startTestSignalbox();
  client = new GoogleGenAI({ apiKey: "unused", httpOptions: { baseUrl: signalbox.url } });
});

afterAll(() => signalbox.close());

const weather: FunctionDeclaration = {
  name: "get_weather",
  description: "Weather of a city",
  parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } }, required: ["city"] },
};

describe.each(models)("the @google/genai client, %s", (model) => {
  test("gets a whole answer with usage and its request's id", async () => {
    const answer = await client.models.generateContent({
      model,
      contents: "What is a signal box?",
      config: { systemInstruction: "Be brief" },
    });
    expect(answer.text).toBeTruthy();
    expect(answer.usageMetadata?.totalTokenCount).toBeGreaterThan(0);
    const newest = (await signalbox.requests())[0];
    expect(answer.responseId).toBe(newest?.id);
  });

  test("gets a stream that ends with a finish reason", async () => {
    const stream = await client.models.generateContentStream({ model, contents: "Tell a story" });
    let text = "";
    let finishReason: string | undefined;
    for await (const chunk of stream) {
      text += chunk.text ?? "";
      finishReason = chunk.candidates?.[0]?.finishReason ?? finishReason;
    }
    expect(text.length).toBeGreaterThan(20);
    expect(finishReason).toBe("STOP");
  });

  test("calls a forced tool, and its signature survives the round trip", async () => {
    const question = { role: "user", parts: [{ text: "Weather in Paris?" }] };
    const config = {
      tools: [{ functionDeclarations: [weather] }],
      toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } },
    };
    const first = await client.models.generateContent({ model, contents: [question], config });
    const call = first.functionCalls?.[0];
    expect(call?.name).toBe("get_weather");
    expect(typeof call?.args?.["city"]).toBe("string");
    const content = first.candidates?.[0]?.content;
    if (!content || !call) throw new Error("no tool call came");
    const result = {
      role: "user",
      parts: [
        {
          functionResponse: {
            ...(call.id && { id: call.id }),
            name: "get_weather",
            response: { celsius: 21 },
          },
        },
      ],
    };
    const second = await client.models.generateContent({
      model,
      contents: [question, content, result],
      config: { tools: [{ functionDeclarations: [weather] }] },
    });
    expect(second.text).toBeTruthy();
  });

  test("gets structured output by Gemini's schema and by JSON Schema", async () => {
    const bySchema = await client.models.generateContent({
      model,
      contents: "Describe a film",
      config: {
        responseMimeType: "application/json",
        responseSchema: {
          type: Type.OBJECT,
          properties: { year: { type: Type.INTEGER, minimum: 1900, maximum: 2100 } },
          required: ["year"],
        },
      },
    });
    expect(JSON.parse(bySchema.text ?? "").year).toBeGreaterThanOrEqual(1900);
    const byJsonSchema = await client.models.generateContent({
      model,
      contents: "Describe a film",
      config: {
        responseMimeType: "application/json",
        responseJsonSchema: {
          type: "object",
          properties: { kind: { enum: ["short", "long"] } },
          required: ["kind"],
        },
      },
    });
    expect(["short", "long"]).toContain(JSON.parse(byJsonSchema.text ?? "").kind);
  });

  test("sends an image", async () => {
    const answer = await client.models.generateContent({
      model,
      contents: [
        {
          role: "user",
          parts: [{ text: "What is this?" }, { inlineData: { mimeType: "image/png", data: onePixelPng } }],
        },
      ],
    });
    expect(answer.usageMetadata?.promptTokenCount).toBeGreaterThan(100);
  });

  test("ends its request at the upstream when it aborts", async () => {
    const controller = new AbortController();
    const stream = await client.models.generateContentStream({
      model,
      contents: "[[fault:stall-after-tokens]] Tell a long story",
      config: { abortSignal: controller.signal },
    });
    const read = (async () => {
      for await (const _chunk of stream) controller.abort();
    })();
    await expect(read).rejects.toThrow();
    await signalbox.eventually(() => signalbox.ledger().at(-1)?.outcome === "aborted");
  });
});

describe("the @google/genai client", () => {
  test("counts tokens", async () => {
    const count = await client.models.countTokens({
      model: "gemini-3.8-flash",
      contents: "How many tokens are these?",
    });
    expect(count.totalTokens).toBeGreaterThan(3);
  });

  test("makes embeddings", async () => {
    for (const model of ["gemini-embedding-001", "compatible-embedding"]) {
      const { embeddings } = await client.models.embedContent({
        model,
        contents: ["one", "two"],
        config: { outputDimensionality: 64 },
      });
      expect(embeddings?.map(({ values }) => values?.length)).toEqual([64, 64]);
    }
  });

  test("lists models", async () => {
    const names: string[] = [];
    for await (const model of await client.models.list()) names.push(model.name ?? "");
    expect(names).toEqual(expect.arrayContaining(["models/gemini-3.8-flash"]));
  });

  test("gets thoughts when it asks for them", async () => {
    const answer = await client.models.generateContent({
      model: "gemini-3.8-flash",
      contents: "Think about signals",
      config: { thinkingConfig: { includeThoughts: true } },
    });
    expect(answer.candidates?.[0]?.content?.parts?.some((part) => part.thought)).toBe(true);
    expect(answer.usageMetadata?.thoughtsTokenCount).toBeGreaterThan(0);
  });

  test.each([
    ["an unknown model", { model: "nope", contents: "x" }, 404],
    ["a rate limit", { model: "gemini-3.7-flash", contents: "[[fault:429-minute]]" }, 429],
    ["an overloaded model", { model: "gemini-3.6-flash", contents: "[[fault:503]]" }, 503],
    [
      "contents of a wrong type",
      { model: "gemini-3.8-flash", contents: [{ role: "user", parts: [{ text: 7 as never }] }] },
      400,
    ],
  ])("%s is an ApiError with its status", async (_name, request, status) => {
    const error: unknown = await client.models.generateContent(request).catch((cause: unknown) => cause);
    if (!(error instanceof ApiError)) throw new Error(`unexpected ${String(error)}`);
    expect(error.status).toBe(status);
  });

  test("a stream that breaks off is an error, never a short answer", async () => {
    const read = (async () => {
      const stream = await client.models.generateContentStream({
        model: "gemini-3.8-flash",
        contents: "[[fault:cut-after-tokens=40]] Tell a story",
      });
      for await (const _chunk of stream);
    })();
    await expect(read).rejects.toThrow();
  });
});
