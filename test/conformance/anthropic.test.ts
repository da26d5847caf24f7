import Anthropic, {
  APIError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from "@anthropic-ai/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { onePixelPng } from "../support/one-pixel-png.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

/** Both pairings: Anthropic's client before a Gemini provider and before an OpenAI-compatible one. */
const models = ["gemini-3.8-flash", "compatible"];

let signalbox: TestSignalbox;
let client: Anthropic;

beforeAll(async () => {
  signalbox = await startTestSignalbox();
  client = new Anthropic({ baseURL: signalbox.url, apiKey: "unused", maxRetries: 0 });
});

afterAll(() => signalbox.close());

const weather: Anthropic.Tool = {
  name: "get_weather",
  description: "Weather of a city",
  input_schema: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
};

const place = z.object({ city: z.string() });

function textOf({ content }: Anthropic.Message): string {
  return content.map((block) => (block.type === "text" ? block.text : "")).join("");
}

function callOf({ content }: Anthropic.Message): Anthropic.ToolUseBlock {
  const call = content.find((block) => block.type === "tool_use");
  if (!call) throw new Error("no tool call came");
  return call;
}

describe.each(models)("the Anthropic client, %s", (model) => {
  test("gets a whole answer with usage and its request's id", async () => {
    const { data, response, request_id } = await client.messages
      .create({
        model,
        max_tokens: 2_000,
        system: "Be brief",
        messages: [{ role: "user", content: "What is a signal box?" }],
      })
      .withResponse();
    expect(textOf(data)).not.toBe("");
    expect(data).toMatchObject({ type: "message", role: "assistant", stop_reason: "end_turn" });
    expect(data.usage.input_tokens).toBeGreaterThan(0);
    expect(data.usage.output_tokens).toBeGreaterThan(0);
    expect(data.id).toBe(response.headers.get("x-signalbox-request-id"));
    expect(request_id).toBe(data.id);
  });

  test("gets a stream whose end it hears of, with usage", async () => {
    const stream = client.messages.stream({
      model,
      max_tokens: 2_000,
      messages: [{ role: "user", content: "Tell a story" }],
    });
    let text = "";
    stream.on("text", (delta) => (text += delta));
    const final = await stream.finalMessage();
    expect(text.length).toBeGreaterThan(20);
    expect(textOf(final)).toBe(text);
    expect(final.stop_reason).toBe("end_turn");
    expect(final.usage.output_tokens).toBeGreaterThan(0);
    expect(final.usage.input_tokens).toBeGreaterThan(0);
  });

  test("gets the events of a stream in their order", async () => {
    const stream = await client.messages.create({
      model,
      max_tokens: 2_000,
      stream: true,
      messages: [{ role: "user", content: "Count to three" }],
    });
    const types: string[] = [];
    for await (const event of stream) if (event.type !== types.at(-1)) types.push(event.type);
    expect(types).toEqual([
      "message_start",
      "content_block_start",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
  });

  test("calls a forced tool and goes on with its result", async () => {
    const question: Anthropic.MessageParam = { role: "user", content: "Weather in Paris?" };
    const first = await client.messages.create({
      model,
      max_tokens: 2_000,
      messages: [question],
      tools: [weather],
      tool_choice: { type: "any" },
    });
    const call = callOf(first);
    expect(call.name).toBe("get_weather");
    expect(place.parse(call.input).city).not.toBe("");
    expect(first.stop_reason).toBe("tool_use");
    const result = { type: "tool_result", tool_use_id: call.id, content: '{"celsius":21}' } as const;
    const second = await client.messages.create({
      model,
      max_tokens: 2_000,
      messages: [
        question,
        { role: "assistant", content: first.content },
        { role: "user", content: [result] },
      ],
      tools: [weather],
    });
    expect(textOf(second)).not.toBe("");
  });

  test("tells a model that a tool failed, with a picture of it", async () => {
    const messages: Anthropic.MessageParam[] = [
      { role: "user", content: "Weather in Paris?" },
      {
        role: "assistant",
        content: [{ type: "tool_use", id: "toolu_1", name: "get_weather", input: { city: "Paris" } }],
      },
      {
        role: "user",
        content: [
          {
            type: "tool_result",
            tool_use_id: "toolu_1",
            is_error: true,
            content: [
              { type: "text", text: "The page did not load" },
              { type: "image", source: { type: "base64", media_type: "image/png", data: onePixelPng } },
            ],
          },
        ],
      },
    ];
    const answer = await client.messages.create({ model, max_tokens: 2_000, messages, tools: [weather] });
    expect(textOf(answer)).not.toBe("");
    expect(answer.usage.input_tokens).toBeGreaterThan(100);
  });

  test("gets a tool call as a stream", async () => {
    const stream = client.messages.stream({
      model,
      max_tokens: 2_000,
      messages: [{ role: "user", content: "Weather in Rome?" }],
      tools: [weather],
      tool_choice: { type: "tool", name: "get_weather" },
    });
    const final = await stream.finalMessage();
    expect(final.stop_reason).toBe("tool_use");
    expect(place.parse(callOf(final).input).city).not.toBe("");
  });

  test("gets several calls in one turn", async () => {
    const answer = await client.messages.create({
      model,
      max_tokens: 2_000,
      messages: [{ role: "user", content: "[[calls=3]] Weather in Rome, Oslo and Bonn?" }],
      tools: [weather],
      tool_choice: { type: "any" },
    });
    const ids = answer.content.flatMap((block) => (block.type === "tool_use" ? [block.id] : []));
    expect(new Set(ids).size).toBe(3);
  });

  test("gets structured output that its schema accepts", async () => {
    const shape = z.object({ title: z.string(), year: z.int().min(1900).max(2100) });
    const { $schema: _schema, ...schema } = z.toJSONSchema(shape);
    const answer = await client.messages.create({
      model,
      max_tokens: 2_000,
      messages: [{ role: "user", content: "Describe a film" }],
      output_config: { format: { type: "json_schema", schema } },
    });
    expect(shape.parse(JSON.parse(textOf(answer)))).toBeTruthy();
  });

  test("sends an image, and a document", async () => {
    const answer = await client.messages.create({
      model,
      max_tokens: 2_000,
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image", source: { type: "base64", media_type: "image/png", data: onePixelPng } },
            {
              type: "document",
              title: "Notes",
              source: { type: "text", media_type: "text/plain", data: "Signal boxes have levers." },
            },
          ],
        },
      ],
    });
    expect(answer.usage.input_tokens).toBeGreaterThan(100);
  });

  test("is told when its limit cut the answer", async () => {
    const answer = await client.messages.create({
      model,
      max_tokens: 20,
      messages: [{ role: "user", content: "[[tokens=200]] [[thoughts=0]] Tell a story" }],
    });
    expect(answer.stop_reason).toBe("max_tokens");
  });

  test("ends its request at the upstream when it aborts", async () => {
    const stream = client.messages.stream({
      model,
      max_tokens: 2_000,
      messages: [{ role: "user", content: "[[fault:stall-after-tokens]] Tell a long story" }],
    });
    stream.once("text", () => stream.abort());
    await expect(stream.finalMessage()).rejects.toBeInstanceOf(APIUserAbortError);
    await signalbox.eventually(() => signalbox.ledger().at(-1)?.outcome === "aborted");
  });

  test("gets an error in the middle of a stream", async () => {
    const stream = client.messages.stream({
      model,
      max_tokens: 2_000,
      messages: [{ role: "user", content: "[[fault:cut-after-tokens]] Tell a long story" }],
    });
    const error: unknown = await stream.finalMessage().catch((cause: unknown) => cause);
    if (!(error instanceof APIError)) throw new Error(`unexpected ${String(error)}`);
    expect(error.error).toMatchObject({ type: "error", error: { type: "api_error" } });
  });
});

describe("the Anthropic client before Gemini", () => {
  const model = "gemini-3.8-flash";

  test.each([false, true])("sees thoughts when it asks for them (stream: %j)", async (stream) => {
    const asked: Anthropic.MessageCreateParamsNonStreaming = {
      model,
      max_tokens: 4_000,
      thinking: { type: "enabled", budget_tokens: 2_000 },
      messages: [{ role: "user", content: "[[thoughts=40]] Why is the sky blue?" }],
    };
    const answer = stream
      ? await client.messages.stream(asked).finalMessage()
      : await client.messages.create(asked);
    const [first, second] = answer.content;
    if (first?.type !== "thinking") throw new Error("no thought came");
    expect(first.thinking).not.toBe("");
    expect(second?.type).toBe("text");
    expect(answer.usage.output_tokens).toBeGreaterThan(40);
  });

  test("hears at the beginning of a stream what its prompt took", async () => {
    const stream = await client.messages.create({
      model,
      max_tokens: 2_000,
      stream: true,
      messages: [{ role: "user", content: "Count to three" }],
    });
    const counts: number[] = [];
    for await (const event of stream) {
      if (event.type === "message_start") counts.push(event.message.usage.input_tokens);
      if (event.type === "message_delta") counts.push(event.usage.input_tokens ?? 0);
    }
    expect(counts[0]).toBeGreaterThan(0);
    expect(counts).toEqual([counts[0], counts[0]]);
  });

  test("goes on with a conversation that began with a model of Anthropic's", async () => {
    const { data, response } = await client.messages
      .create({
        model,
        max_tokens: 2_000,
        tools: [weather],
        messages: [
          { role: "user", content: "Weather in Paris?" },
          {
            role: "assistant",
            content: [
              { type: "thinking", thinking: "I should look.", signature: "EqoBCkgIARAB" },
              { type: "redacted_thinking", data: "EmwKAhgB" },
              { type: "tool_use", id: "toolu_1", name: "get_weather", input: { city: "Paris" } },
            ],
          },
          { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "21" }] },
        ],
      })
      .withResponse();
    expect(textOf(data)).not.toBe("");
    const { decision } = await signalbox.request(response.headers.get("request-id") ?? "");
    expect(decision).toMatchObject({
      warnings: expect.arrayContaining([
        expect.objectContaining({ code: "dropped-field", field: "messages[1].content[0].signature" }),
        expect.objectContaining({ code: "dropped-field", field: "messages[1].thinking" }),
        expect.objectContaining({ code: "inserted-thought-signature" }),
      ]),
    });
  });

  test("counts tokens", async () => {
    const asked = { model, messages: [{ role: "user", content: "What is a signal box?" }] } as const;
    const { input_tokens: few } = await client.messages.countTokens({
      ...asked,
      messages: [...asked.messages],
    });
    expect(few).toBeGreaterThan(0);
    const more = await client.messages.countTokens({
      ...asked,
      messages: [...asked.messages],
      system: "Be brief and exact",
      tools: [weather],
    });
    expect(more.input_tokens).toBeGreaterThan(few);
  });
});

describe("the Anthropic client's errors", () => {
  const asked = { model: "gemini-3.8-flash", max_tokens: 100 };

  test("an unknown model is NotFoundError, with the request's id", async () => {
    const error: unknown = await client.messages
      .create({ ...asked, model: "nope", messages: [{ role: "user", content: "x" }] })
      .catch((cause: unknown) => cause);
    if (!(error instanceof NotFoundError)) throw new Error(`unexpected ${String(error)}`);
    expect(error.requestID).toMatch(/^[0-9a-f-]{36}$/);
    expect(error.error).toMatchObject({ error: { type: "not_found_error" } });
  });

  test("a rate limit is RateLimitError with retry-after", async () => {
    const error: unknown = await client.messages
      .create({
        ...asked,
        model: "gemini-3.7-flash",
        messages: [{ role: "user", content: "[[fault:429-minute]]" }],
      })
      .catch((cause: unknown) => cause);
    if (!(error instanceof RateLimitError)) throw new Error(`unexpected ${String(error)}`);
    expect(Number(error.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(error.message).not.toMatch(/billing|exceeded your.*quota/i);
  });

  test("an overloaded provider is an error that the client may try again", async () => {
    const error: unknown = await client.messages
      .create({ ...asked, model: "gemini-3.6-flash", messages: [{ role: "user", content: "[[fault:503]]" }] })
      .catch((cause: unknown) => cause);
    if (!(error instanceof InternalServerError)) throw new Error(`unexpected ${String(error)}`);
    expect(error.status).toBe(503);
    expect(error.error).toMatchObject({ error: { type: "overloaded_error" } });
  });

  test("a malformed body, and a tool of Anthropic's own, are BadRequestError in words", async () => {
    const malformed = client.messages.create({ ...asked, messages: "hello" as never });
    await expect(malformed).rejects.toBeInstanceOf(BadRequestError);
    await expect(malformed).rejects.toThrow("messages");
    const search = client.messages.create({
      ...asked,
      messages: [{ role: "user", content: "x" }],
      tools: [{ type: "web_search_20250305", name: "web_search" }],
    });
    await expect(search).rejects.toBeInstanceOf(BadRequestError);
    await expect(search).rejects.toThrow("web_search_20250305");
  });

  test("its key is a key of Signalbox's, a wrong one is AuthenticationError", async () => {
    await using guarded = await startTestSignalbox({ adminKey: "test-admin-key-0123456789" });
    const apiKey = await guarded.createKey("app");
    const messages: Anthropic.MessageParam[] = [{ role: "user", content: "x" }];
    const stranger = new Anthropic({ baseURL: guarded.url, apiKey: "wrong", maxRetries: 0 });
    await expect(stranger.messages.create({ ...asked, messages })).rejects.toBeInstanceOf(
      AuthenticationError,
    );
    const known = new Anthropic({ baseURL: `${guarded.url}/anthropic`, apiKey, maxRetries: 0 });
    expect(textOf(await known.messages.create({ ...asked, messages }))).not.toBe("");
  });
});

describe("the Anthropic client's list of models", () => {
  test("has every route and model, page by page", async () => {
    const ids: string[] = [];
    for await (const model of client.models.list({ limit: 3 })) ids.push(model.id);
    expect(ids).toEqual(expect.arrayContaining(["gemini-3.8-flash", "chat"]));
    expect(new Set(ids).size).toBe(ids.length);
    const prefixed = new Anthropic({
      baseURL: `${signalbox.url}/anthropic`,
      apiKey: "unused",
      maxRetries: 0,
    });
    const whole = await prefixed.models.list({ limit: 1_000 });
    expect(whole.data.map(({ id }) => id)).toEqual(ids);
  });

  test("tells of one, and that there is none", async () => {
    const model = await client.models.retrieve("gemini-3.8-flash");
    expect(model).toMatchObject({ id: "gemini-3.8-flash", type: "model" });
    expect(model.max_input_tokens).toBeGreaterThan(100_000);
    await expect(client.models.retrieve("nope")).rejects.toBeInstanceOf(NotFoundError);
  });
});
