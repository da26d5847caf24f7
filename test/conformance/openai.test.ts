import OpenAI, { APIError, AuthenticationError, NotFoundError, RateLimitError } from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { onePixelPng } from "../support/one-pixel-png.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

/** Both pairings: OpenAI's client before a Gemini provider and before an OpenAI-compatible one. */
const models = ["gemini-3.8-flash", "compatible"];

let signalbox: TestSignalbox;
let client: OpenAI;

beforeAll(async () => {
  signalbox = await startTestSignalbox();
  client = new OpenAI({ baseURL: `${signalbox.url}/v1`, apiKey: "unused", maxRetries: 0 });
});

afterAll(() => signalbox.close());

const weather: OpenAI.Chat.ChatCompletionTool = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Weather of a city",
    parameters: {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
      additionalProperties: false,
    },
  },
};

describe.each(models)("the openai client, %s", (model) => {
  test("gets a whole answer with usage and its request's id", async () => {
    const { data, response } = await client.chat.completions
      .create({
        model,
        messages: [
          { role: "system", content: "Be brief" },
          { role: "user", content: "What is a signal box?" },
        ],
      })
      .withResponse();
    expect(data.choices[0]?.message.content).not.toBe("");
    expect(data.choices[0]?.finish_reason).toBe("stop");
    expect(data.usage?.total_tokens).toBeGreaterThan(0);
    expect(data.id).toContain(response.headers.get("x-signalbox-request-id"));
    expect(response.headers.get("x-signalbox-emulated")).toBe(model === "compatible" ? null : "true");
  });

  test("gets a stream: role first, one finish, no usage unasked", async () => {
    const stream = await client.chat.completions.create({
      model,
      stream: true,
      messages: [{ role: "user", content: "Tell a story" }],
    });
    const chunks: OpenAI.Chat.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
    expect(text.length).toBeGreaterThan(20);
    expect(chunks.filter((chunk) => chunk.choices[0]?.finish_reason === "stop")).toHaveLength(1);
    expect(chunks.some((chunk) => chunk.usage)).toBe(false);
  });

  test("gets usage in the last chunk when it asks for it", async () => {
    const stream = await client.chat.completions.create({
      model,
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: "user", content: "Count to three" }],
    });
    const usages: OpenAI.CompletionUsage[] = [];
    for await (const chunk of stream) if (chunk.usage) usages.push(chunk.usage);
    expect(usages).toHaveLength(1);
    expect(usages[0]?.completion_tokens).toBeGreaterThan(0);
  });

  test("calls a forced tool and goes on with its result", async () => {
    const question: OpenAI.Chat.ChatCompletionMessageParam = { role: "user", content: "Weather in Paris?" };
    const first = await client.chat.completions.create({
      model,
      messages: [question],
      tools: [weather],
      tool_choice: "required",
    });
    const message = first.choices[0]?.message;
    const call = message?.tool_calls?.[0];
    if (!message || call?.type !== "function") throw new Error("no tool call came");
    expect(call.function.name).toBe("get_weather");
    expect(typeof JSON.parse(call.function.arguments).city).toBe("string");
    expect(first.choices[0]?.finish_reason).toBe("tool_calls");
    const second = await client.chat.completions.create({
      model,
      messages: [question, message, { role: "tool", tool_call_id: call.id, content: '{"celsius":21}' }],
      tools: [weather],
    });
    expect(second.choices[0]?.message.content).toBeTruthy();
  });

  test("gets a tool call as a stream", async () => {
    const run = client.chat.completions.stream({
      model,
      messages: [{ role: "user", content: "Weather in Rome?" }],
      tools: [weather],
      tool_choice: { type: "function", function: { name: "get_weather" } },
    });
    const final = await run.finalChatCompletion();
    const call = final.choices[0]?.message.tool_calls?.[0];
    if (call?.type !== "function") throw new Error("no tool call came");
    expect(typeof JSON.parse(call.function.arguments).city).toBe("string");
  });

  test("gets structured output that its schema accepts", async () => {
    const shape = z.object({
      title: z.string(),
      year: z.int().min(1900).max(2100),
      tags: z.array(z.enum(["a", "b"])).min(1),
    });
    const completion = await client.chat.completions.parse({
      model,
      messages: [{ role: "user", content: "Describe a film" }],
      response_format: zodResponseFormat(shape, "film"),
    });
    expect(shape.parse(completion.choices[0]?.message.parsed)).toBeTruthy();
  });

  test("sends an image", async () => {
    const answer = await client.chat.completions.create({
      model,
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url: { url: `data:image/png;base64,${onePixelPng}` } },
          ],
        },
      ],
    });
    expect(answer.usage?.prompt_tokens).toBeGreaterThan(100);
  });

  test("ends its request at the upstream when it aborts", async () => {
    const stream = await client.chat.completions.create({
      model,
      stream: true,
      messages: [{ role: "user", content: "[[fault:stall-after-tokens]] Tell a long story" }],
    });
    for await (const _chunk of stream) break;
    stream.controller.abort();
    await signalbox.eventually(() => signalbox.ledger().at(-1)?.outcome === "aborted");
  });
});

describe("the openai client's errors", () => {
  test("an unknown model is NotFoundError, with what would be known", async () => {
    await expect(
      client.chat.completions.create({ model: "nope", messages: [{ role: "user", content: "x" }] }),
    ).rejects.toBeInstanceOf(NotFoundError);
  });

  test("a rate limit is RateLimitError with retry-after", async () => {
    const call = client.chat.completions.create({
      model: "gemini-3.7-flash",
      messages: [{ role: "user", content: "[[fault:429-minute]]" }],
    });
    const error: unknown = await call.catch((cause: unknown) => cause);
    if (!(error instanceof RateLimitError)) throw new Error(`unexpected ${String(error)}`);
    expect(Number(error.headers?.get("retry-after"))).toBeGreaterThan(0);
    expect(error.message).not.toMatch(/billing|exceeded your.*quota/i);
  });

  test("a malformed body is a 400 that names the field", async () => {
    const error: unknown = await client.chat.completions
      .create({ model: "gemini-3.8-flash", messages: "hello" as never })
      .catch((cause: unknown) => cause);
    if (!(error instanceof APIError)) throw new Error(`unexpected ${String(error)}`);
    expect(error.status).toBe(400);
    expect(error.message).toContain("messages");
  });

  test("a wrong key is AuthenticationError once a key exists", async () => {
    const guarded = await startTestSignalbox({ adminKey: "test-admin-key-0123456789" });
    const stranger = new OpenAI({ baseURL: `${guarded.url}/v1`, apiKey: "wrong", maxRetries: 0 });
    await guarded.createKey("app");
    await expect(
      stranger.chat.completions.create({
        model: "gemini-3.8-flash",
        messages: [{ role: "user", content: "x" }],
      }),
    ).rejects.toBeInstanceOf(AuthenticationError);
    await guarded.close();
  });
});

describe.each(["gemini-embedding-2", "compatible-embedding"])(
  "the openai client's embeddings, %s",
  (model) => {
    test("come as base64 and as floats, with the wanted length", async () => {
      const packed = await client.embeddings.create({ model, input: ["one", "two"], dimensions: 64 });
      expect(packed.data.map(({ embedding }) => embedding.length)).toEqual([64, 64]);
      const floats = await client.embeddings.create({
        model,
        input: ["one", "two"],
        dimensions: 64,
        encoding_format: "float",
      });
      floats.data[0]?.embedding.forEach((value, at) =>
        expect(value).toBeCloseTo(packed.data[0]?.embedding[at] ?? Number.NaN, 5),
      );
    });
  },
);

test("the openai client lists routes and models", async () => {
  const ids: string[] = [];
  for await (const model of client.models.list()) ids.push(model.id);
  expect(ids).toEqual(expect.arrayContaining(["gemini-3.8-flash", "chat"]));
});
