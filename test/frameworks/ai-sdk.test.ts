import {
  APICallError,
  createProviderRegistry,
  embedMany,
  generateText,
  NoSuchModelError,
  Output,
  stepCountIs,
  streamText,
  tool,
} from "ai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createSignalbox } from "#frameworks/ai-sdk/index.ts";
import { onePixelPng } from "../support/one-pixel-png.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

let signalbox: TestSignalbox;
let provider: ReturnType<typeof createSignalbox>;

beforeAll(async () => {
  signalbox = await startTestSignalbox();
  provider = createSignalbox({ baseURL: signalbox.url, unit: "user-42" });
});
afterAll(() => signalbox.close());

const weather = tool({
  description: "Weather of a city",
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => Promise.resolve({ city, celsius: 21 }),
});
const routed = {
  route: "chat",
  variant: expect.stringMatching(/^chat-/),
  deployment: expect.any(String),
  requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  costUsd: expect.any(Number),
  attempts: 1,
};

describe("a language model", () => {
  test("answers whole, with tokens and how it was routed", async () => {
    const answer = await generateText({ model: provider("chat"), prompt: "[[say:Hello]]", maxRetries: 0 });
    expect(answer.text).toBe("Hello");
    expect(answer.finishReason).toBe("stop");
    expect(answer.providerMetadata?.["signalbox"]).toMatchObject(routed);
    const row = signalbox.ledger().at(-1);
    expect(answer.usage).toMatchObject({
      inputTokens: row?.promptTokens,
      outputTokens: (row?.outputTokensSent ?? 0) + (row?.thoughtTokens ?? 0),
    });
  });

  test("answers in a stream, with tokens and how it was routed", async () => {
    const stream = streamText({
      model: provider("chat"),
      prompt: "[[tokens=20]] [[thoughts=5]]",
      maxRetries: 0,
    });
    let text = "";
    for await (const delta of stream.textStream) text += delta;
    expect(text).not.toBe("");
    expect(await stream.finishReason).toBe("stop");
    expect((await stream.providerMetadata)?.["signalbox"]).toMatchObject(routed);
    expect((await stream.usage).outputTokenDetails.reasoningTokens).toBe(
      signalbox.ledger().at(-1)?.thoughtTokens,
    );
  });

  test.each(["gemini-3.8-flash", "gemini-4-argon"])(
    "calls tools and goes on with their results, signatures and all (%s)",
    async (name) => {
      const asked = { tools: { weather }, stopWhen: stepCountIs(2), maxRetries: 0 };
      const prompt = '[[call:weather {"city":"Bern"}]] Weather?';
      const answer = await generateText({ model: provider(name), prompt, ...asked });
      expect(answer.steps[0]?.toolResults[0]?.output).toEqual({ city: "Bern", celsius: 21 });
      expect(answer.steps).toHaveLength(2);
      const stream = streamText({ model: provider(name), prompt, ...asked });
      await stream.consumeStream();
      expect((await stream.steps)[0]?.toolResults[0]?.output).toEqual({ city: "Bern", celsius: 21 });
      expect(await stream.steps).toHaveLength(2);
    },
  );

  test("gives structured output", async () => {
    const schema = z.object({ year: z.number().min(1900).max(2100), kind: z.enum(["short", "long"]) });
    const { output } = await generateText({
      model: provider("chat"),
      prompt: "Describe a film",
      output: Output.object({ schema }),
      maxRetries: 0,
    });
    expect(schema.safeParse(output).success).toBe(true);
  });

  test("reads pictures and files", async () => {
    const data = Buffer.from("%PDF-1.4 a report").toString("base64");
    await generateText({
      model: provider("chat"),
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image", image: onePixelPng, mediaType: "image/png" },
            { type: "file", data, mediaType: "application/pdf", filename: "report.pdf" },
          ],
        },
      ],
      maxRetries: 0,
    });
    expect(signalbox.ledger().at(-1)?.promptTokens).toBeGreaterThan(200);
  });

  test("fails with the SDK's own error, which it tries again as Signalbox asks", async () => {
    const error: unknown = await generateText({
      model: provider("gemini-3.8-flash"),
      prompt: "[[fault:503]]",
      maxRetries: 0,
    }).catch((thrown: unknown) => thrown);
    if (!APICallError.isInstance(error)) throw new Error(`unexpected ${String(error)}`);
    expect(error).toMatchObject({ statusCode: 503, isRetryable: true, data: { code: "overloaded" } });
    signalbox.addFault({ fault: "429-minute", parameters: { "retry-ms": "1000" }, count: 1 });
    const answer = await generateText({
      model: provider("gemini-3.8-flash"),
      prompt: "[[say:Hello]]",
      maxRetries: 1,
    });
    expect(answer.text).toBe("Hello");
  });

  test("a stream that breaks is an error, never a short answer", async () => {
    const errors: unknown[] = [];
    const stream = streamText({
      model: provider("gemini-3.8-flash"),
      prompt: "[[tokens=40]] [[frame-tokens=1]] [[fault:error-frame]]",
      maxRetries: 0,
      onError: ({ error }) => void errors.push(error),
    });
    await stream.consumeStream();
    expect(await stream.finishReason).toBe("error");
    expect(errors.some((error) => APICallError.isInstance(error))).toBe(true);
  });

  test("ends its request at the provider when it is aborted", async () => {
    const leaving = new AbortController();
    const stream = streamText({
      model: provider("chat"),
      prompt: "[[fault:stall-after-tokens]] Tell a long story",
      abortSignal: leaving.signal,
      maxRetries: 0,
      onError: () => undefined,
    });
    for await (const _delta of stream.textStream) leaving.abort();
    await signalbox.eventually(() => signalbox.ledger().at(-1)?.outcome === "aborted");
  });

  test("says what it cannot carry", async () => {
    const answer = await generateText({ model: provider("chat"), prompt: "Hi", topK: 5, maxRetries: 0 });
    expect(answer.warnings).toMatchObject([{ type: "unsupported", feature: "topK" }]);
  });
});

test("an embedding model gives vectors, tokens and how it was routed", async () => {
  const { embeddings, usage, providerMetadata } = await embedMany({
    model: provider.embeddingModel("gemini-embedding-2"),
    values: ["one", "two"],
    maxRetries: 0,
  });
  expect(embeddings).toHaveLength(2);
  expect(usage.tokens).toBeGreaterThan(0);
  expect(providerMetadata?.["signalbox"]).toMatchObject({ requestId: expect.any(String) });
});

test("it is a provider like any in a registry; other kinds of models it has none", async () => {
  const registry = createProviderRegistry({ signalbox: provider });
  const model = registry.languageModel("signalbox:chat");
  expect((await generateText({ model, prompt: "[[say:Hello]]", maxRetries: 0 })).text).toBe("Hello");
  let thrown: unknown;
  try {
    provider.imageModel("painter");
  } catch (error) {
    thrown = error;
  }
  expect(NoSuchModelError.isInstance(thrown)).toBe(true);
});
