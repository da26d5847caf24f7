import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { APICallError, embedMany, generateText, Output, streamText, tool, type LanguageModel } from "ai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { onePixelPng } from "../support/one-pixel-png.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

let signalbox: TestSignalbox;

/** One for each group of tests: faults that a client asks for keep a deployment from the next one. */
function startSignalbox(): void {
  beforeAll(async () => {
    signalbox = await startTestSignalbox();
  });
  afterAll(() => signalbox.close());
}

const clients = {
  "@ai-sdk/google": (name: string): LanguageModel =>
    createGoogleGenerativeAI({ baseURL: `${signalbox.url}/v1beta`, apiKey: "unused" })(name),
  "@ai-sdk/openai": (name: string): LanguageModel =>
    createOpenAI({ baseURL: `${signalbox.url}/v1`, apiKey: "unused" }).chat(name),
  "@ai-sdk/openai by the Responses API": (name: string): LanguageModel =>
    createOpenAI({ baseURL: `${signalbox.url}/v1`, apiKey: "unused" }).responses(name),
};

const all = Object.entries(clients).map(([client, model]) => ({ client, model }));
const models = ["gemini-3.8-flash", "compatible"];

const weather = tool({
  description: "Weather of a city",
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => Promise.resolve({ city, celsius: 21 }),
});

describe.each(all)("$client", ({ model }) => {
  startSignalbox();

  describe.each(models)("%s", (name) => chatFacts(model, name));
});

/** What every client finds of every model. */
function chatFacts(model: (name: string) => LanguageModel, name: string): void {
  test("gets a whole answer with usage", async () => {
    const answer = await generateText({
      model: model(name),
      system: "Be brief",
      prompt: "What is a signal box?",
      maxRetries: 0,
    });
    expect(answer.text).not.toBe("");
    expect(answer.finishReason).toBe("stop");
    expect(answer.usage.totalTokens).toBeGreaterThan(0);
  });

  test("gets a stream", async () => {
    const stream = streamText({ model: model(name), prompt: "Tell a story", maxRetries: 0 });
    let text = "";
    for await (const delta of stream.textStream) text += delta;
    expect(text.length).toBeGreaterThan(20);
    expect(await stream.finishReason).toBe("stop");
  });

  test("calls a tool", async () => {
    const answer = await generateText({
      model: model(name),
      prompt: "Weather in Paris?",
      tools: { weather },
      toolChoice: "required",
      maxRetries: 0,
    });
    expect(answer.toolCalls[0]?.toolName).toBe("weather");
    expect(answer.toolResults[0]?.output).toMatchObject({ celsius: 21 });
  });

  test("gets structured output", async () => {
    const shape = z.object({ year: z.number().min(1900).max(2100), kind: z.enum(["short", "long"]) });
    const answer = await generateText({
      model: model(name),
      prompt: "Describe a film",
      output: Output.object({ schema: shape }),
      maxRetries: 0,
    });
    expect(shape.parse(answer.output)).toBeTruthy();
  });

  test("sends an image", async () => {
    const answer = await generateText({
      model: model(name),
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image", image: onePixelPng, mediaType: "image/png" },
          ],
        },
      ],
      maxRetries: 0,
    });
    expect(answer.usage.inputTokens).toBeGreaterThan(100);
  });

  test("ends its request at the upstream when it aborts", async () => {
    const controller = new AbortController();
    const stream = streamText({
      model: model(name),
      prompt: "[[fault:stall-after-tokens]] Tell a long story",
      abortSignal: controller.signal,
      maxRetries: 0,
      onError: () => undefined,
    });
    for await (const _delta of stream.textStream) controller.abort();
    await signalbox.eventually(() => signalbox.ledger().at(-1)?.outcome === "aborted");
  });

  test("gets errors with their status", async () => {
    const error: unknown = await generateText({
      model: model(name),
      prompt: "[[fault:503]]",
      maxRetries: 0,
    }).catch((cause: unknown) => cause);
    if (!APICallError.isInstance(error)) throw new Error(`unexpected ${String(error)}`);
    expect(error.statusCode).toBe(503);
    expect(error.isRetryable).toBe(true);
  });
}

describe("the AI SDK's embeddings", () => {
  startSignalbox();

  test.each(["gemini-embedding-2", "compatible-embedding"])(
    "of %s come through both clients",
    async (name) => {
      const google = createGoogleGenerativeAI({ baseURL: `${signalbox.url}/v1beta`, apiKey: "unused" });
      const openai = createOpenAI({ baseURL: `${signalbox.url}/v1`, apiKey: "unused" });
      const byGoogle = await embedMany({
        model: google.embedding(name),
        values: ["one", "two"],
        maxRetries: 0,
      });
      const byOpenAi = await embedMany({
        model: openai.embedding(name),
        values: ["one", "two"],
        maxRetries: 0,
      });
      expect(byGoogle.embeddings).toHaveLength(2);
      byGoogle.embeddings[0]?.forEach((value, at) =>
        expect(value).toBeCloseTo(byOpenAi.embeddings[0]?.[at] ?? Number.NaN, 5),
      );
    },
  );
});
