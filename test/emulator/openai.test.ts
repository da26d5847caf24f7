import OpenAI, {
  APIConnectionError,
  APIError,
  AuthenticationError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Emulator } from "../../emulator/start-emulator.ts";
import { startEmulator } from "../../emulator/start-emulator.ts";
import { servedAtMs } from "./wire.ts";

let emulator: Emulator;
let plain: OpenAI;
let google: OpenAI;

beforeAll(async () => {
  emulator = await startEmulator({ now: () => servedAtMs });
  plain = new OpenAI({ apiKey: "test", baseURL: `${emulator.url}/v1`, maxRetries: 0 });
  google = new OpenAI({ apiKey: "test", baseURL: `${emulator.url}/v1beta/openai`, maxRetries: 0 });
});

afterAll(() => emulator.close());

const user = (content: string) => ({ role: "user" as const, content });
const tools = [
  {
    type: "function" as const,
    function: {
      name: "get_weather",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  },
];

describe("openai against a plain server", () => {
  test("gets a completion with usage that adds up", async () => {
    const completion = await plain.chat.completions.create({
      model: "open-large",
      messages: [user("Hello [[tokens=30]]")],
    });
    expect(completion.choices[0]).toMatchObject({ finish_reason: "stop", message: { role: "assistant" } });
    expect(completion.choices[0]?.message.content).toHaveLength(120);
    expect(completion.usage).toMatchObject({
      completion_tokens: 30,
      total_tokens: 30 + (completion.usage?.prompt_tokens ?? 0),
    });
  });

  test("goes on with a last message of its own only where it is told to, in either way", async () => {
    const beginning = { role: "assistant" as const, content: "one two " };
    const ask = async (message: object, fields: object) => {
      const messages = [user("[[say:one two three]]"), { ...beginning, ...message }];
      const { choices } = await plain.chat.completions.create({ model: "open-small", messages, ...fields });
      return choices[0]?.message.content;
    };
    expect(await ask({}, {})).toBe("one two three");
    expect(await ask({ prefix: true }, {})).toBe("three");
    expect(await ask({}, { continue_final_message: true, add_generation_prompt: false })).toBe("three");
  });

  test("streams token by token, and usage only when asked", async () => {
    const body = { model: "open-small", messages: [user("Hello [[tokens=20]]")], stream: true as const };
    const silent = await Array.fromAsync(await plain.chat.completions.create(body));
    expect(silent.every((chunk) => chunk.usage === undefined)).toBe(true);
    const chunks = await Array.fromAsync(
      await plain.chat.completions.create({ ...body, stream_options: { include_usage: true } }),
    );
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toHaveLength(80);
    expect(chunks[0]?.choices[0]?.delta.role).toBe("assistant");
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 20 } });
    expect(chunks.filter((chunk) => chunk.choices[0]?.finish_reason === "stop")).toHaveLength(1);
  });

  test("gets parallel tool calls whose streamed arguments come together as JSON", async () => {
    const body = {
      model: "open-large",
      messages: [user("Use get_weather for Oslo and Rome in parallel")],
      tools,
    };
    const runner = plain.chat.completions.stream(body);
    const final = await runner.finalChatCompletion();
    const calls = final.choices[0]?.message.tool_calls ?? [];
    expect(
      calls.map((call) => (call.type === "function" ? JSON.parse(call.function.arguments) : {})),
    ).toEqual([{ city: "Oslo" }, { city: "Rome" }]);
    expect(final.choices[0]?.finish_reason).toBe("tool_calls");
    const whole = await plain.chat.completions.create(body);
    expect(whole.choices[0]?.message.tool_calls?.map((call) => call.id)).toEqual(
      calls.map((call) => call.id),
    );
  });

  test("answers with the results of tools", async () => {
    const first = await plain.chat.completions.create({
      model: "open-large",
      messages: [user("weather?")],
      tools,
      tool_choice: "required",
    });
    const message = first.choices[0]?.message;
    if (message?.tool_calls === undefined) throw new Error("a forced tool is called");
    const results = message.tool_calls.map((call) => ({
      role: "tool" as const,
      tool_call_id: call.id,
      content: "12 degrees",
    }));
    const second = await plain.chat.completions.create({
      model: "open-large",
      messages: [user("weather?"), message, ...results],
      tools,
    });
    expect(second.choices[0]?.message.content).toContain("12 degrees");
  });

  test("gets strict structured output", async () => {
    const schema = {
      type: "object",
      properties: { n: { type: "integer", minimum: 3, maximum: 5 } },
      required: ["n"],
      additionalProperties: false,
    };
    const completion = await plain.chat.completions.create({
      model: "open-large",
      messages: [user("a number")],
      response_format: { type: "json_schema", json_schema: { name: "number", strict: true, schema } },
    });
    const value = JSON.parse(completion.choices[0]?.message.content ?? "") as { n: number };
    expect([3, 4, 5]).toContain(value.n);
  });

  test("gets several choices and stops at a stop sequence and at the limit", async () => {
    const several = await plain.chat.completions.create({
      model: "open-large",
      messages: [user("hi")],
      n: 3,
    });
    expect(new Set(several.choices.map((choice) => choice.message.content)).size).toBe(3);
    const stopped = await plain.chat.completions.create({
      model: "open-large",
      messages: [user("[[say:one two three]]")],
      stop: " three",
    });
    expect(stopped.choices[0]?.message.content).toBe("one two");
    const cut = await plain.chat.completions.create({
      model: "open-large",
      messages: [user("hi [[tokens=50]]")],
      max_tokens: 10,
    });
    expect(cut.choices[0]).toMatchObject({ finish_reason: "length" });
    expect(cut.usage?.completion_tokens).toBe(10);
  });

  test("decodes embeddings, base64 and float alike", async () => {
    const body = { model: "gemini-embedding-001", input: ["a", "b"], dimensions: 32 };
    const encoded = await plain.embeddings.create(body);
    const floats = await plain.embeddings.create({ ...body, encoding_format: "float" });
    expect(encoded.data[1]?.embedding).toHaveLength(32);
    for (const [index, entry] of (floats.data[1]?.embedding ?? []).entries()) {
      expect(encoded.data[1]?.embedding[index]).toBeCloseTo(entry, 6);
    }
  });

  test("lists models", async () => {
    const ids = (await Array.fromAsync(await plain.models.list())).map((model) => model.id);
    expect(ids).toContain("gemini-3.8-flash");
    expect(ids).toContain("open-large");
    expect((await plain.models.retrieve("open-large")).id).toBe("open-large");
  });

  test("raises the right class for each error", async () => {
    const failure = (content: string, model = "open-large"): Promise<unknown> =>
      plain.chat.completions.create({ model, messages: [user(content)] }).catch((error: unknown) => error);
    expect(await failure("[[fault:429-minute]]")).toBeInstanceOf(RateLimitError);
    expect(await failure("[[fault:401]]")).toBeInstanceOf(AuthenticationError);
    expect(await failure("[[fault:403]]")).toBeInstanceOf(PermissionDeniedError);
    expect(await failure("[[fault:503]]")).toBeInstanceOf(InternalServerError);
    expect(await failure("[[fault:reset]]")).toBeInstanceOf(APIConnectionError);
    expect(await failure("hi", "unknown-model")).toBeInstanceOf(NotFoundError);
    const invalid = new OpenAI({ apiKey: "invalid", baseURL: `${emulator.url}/v1`, maxRetries: 0 });
    await expect(invalid.models.list()).rejects.toBeInstanceOf(AuthenticationError);
    const broken = plain.chat.completions.create({ model: "open-large", messages: [] });
    await expect(broken).rejects.toMatchObject({ status: 400, param: "messages" });
  });

  test("raises for an error frame in a stream", async () => {
    const stream = await plain.chat.completions.create({
      model: "open-large",
      messages: [user("[[tokens=40]] [[fault:error-frame=10]]")],
      stream: true,
    });
    await expect(Array.fromAsync(stream)).rejects.toBeInstanceOf(APIError);
  });

  test("is served under /openai/v1 as well", async () => {
    const client = new OpenAI({ apiKey: "test", baseURL: `${emulator.url}/openai/v1` });
    const completion = await client.chat.completions.create({
      model: "open-large",
      messages: [user("[[say:hello]]")],
    });
    expect(completion.choices[0]?.message.content).toBe("hello");
  });
});

describe("openai against Google's OpenAI-compatible face", () => {
  test("sends thought signatures back and forth in extra_content", async () => {
    const ask = user("Use get_weather for Oslo");
    const first = await google.chat.completions.create({ model: "gemini-3.8-flash", messages: [ask], tools });
    const message = first.choices[0]?.message;
    if (message?.tool_calls === undefined) throw new Error("the named tool is called");
    expect(message.tool_calls[0]).toMatchObject({
      extra_content: { google: { thought_signature: expect.any(String) } },
    });
    const results = message.tool_calls.map((call) => ({
      role: "tool" as const,
      tool_call_id: call.id,
      content: '{"degrees":4}',
    }));
    const second = await google.chat.completions.create({
      model: "gemini-3.8-flash",
      messages: [ask, message, ...results],
      tools,
    });
    expect(second.choices[0]?.message.content).toContain('{"degrees":4}');
    const stripped = {
      role: "assistant" as const,
      tool_calls: message.tool_calls.map(({ id, type, ...call }) => ({
        id,
        type,
        function: "function" in call ? call.function : { name: "", arguments: "" },
      })),
    };
    const refused = google.chat.completions.create({
      model: "gemini-3.8-flash",
      messages: [ask, stripped as typeof message, ...results],
      tools,
    });
    await expect(refused).rejects.toMatchObject({ status: 400 });
  });

  test("knows Gemini models only, by ids with models/", async () => {
    const ids = (await Array.fromAsync(await google.models.list())).map((model) => model.id);
    expect(ids.every((id) => id.startsWith("models/gemini-"))).toBe(true);
    const completion = google.chat.completions.create({ model: "open-large", messages: [user("hi")] });
    await expect(completion).rejects.toMatchObject({ status: 404 });
  });

  test("takes reasoning_effort and shows thoughts on request", async () => {
    const extra = { extra_body: { google: { thinking_config: { include_thoughts: true } } } };
    const completion = await google.chat.completions.create({
      model: "gemini-2.5-flash",
      messages: [user("hi")],
      reasoning_effort: "low",
      ...extra,
    });
    expect(completion.usage?.completion_tokens_details?.reasoning_tokens).toBeGreaterThan(0);
    expect(completion.choices[0]?.message).toMatchObject({
      extra_content: { google: { thought: expect.stringContaining("Considering") } },
    });
    const refused = google.chat.completions.create({
      model: "gemini-3.8-flash",
      messages: [user("hi")],
      reasoning_effort: "minimal",
    });
    await expect(refused).rejects.toMatchObject({ status: 400 });
  });
});
