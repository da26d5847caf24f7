import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { moduleFolder } from "../support/module-folder.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

/** Real classes of LangChain as providers, before the emulator, asked by clients of two dialects. */
const configuration = `
version: 1
modules: { allow: ["@langchain/openai", "@langchain/google"] }
providers:
  openai-class:
    kind: langchain
    module: "@langchain/openai"
    export: ChatOpenAI
    options: { apiKey: "\${IN_HOUSE_KEY}", configuration: { baseURL: "EMULATOR/v1" } }
  google-class:
    kind: langchain
    module: "@langchain/google"
    export: ChatGoogle
    options: { apiKey: "\${IN_HOUSE_KEY}", endpoint: "EMULATOR" }
deployments:
  qwen: { provider: openai-class, model: qwen3-32b, price: { input: $1, output: $2 } }
  flash: { provider: google-class, model: gemini-3.8-flash }
variants:
  by-openai: { pool: [qwen] }
  by-google: { pool: [flash] }
routes:
  openai: { strategy: { use: by-openai } }
  google: { strategy: { use: by-google } }
  either:
    strategy: { use: by-openai }
    fallbacks: [by-google]
    deadlines: { first_token: 300ms, idle: 300ms, total: 5s }
`;

let signalbox: TestSignalbox;
let openai: OpenAI;
let anthropic: Anthropic;
const folder = moduleFolder({});

beforeAll(async () => {
  signalbox = await startTestSignalbox({ configuration, folder: folder.path });
  openai = new OpenAI({ baseURL: `${signalbox.url}/v1`, apiKey: "unused", maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: signalbox.url, apiKey: "unused", maxRetries: 0 });
});

afterAll(async () => {
  await signalbox.close();
  folder[Symbol.dispose]();
});

const tools: OpenAI.ChatCompletionTool[] = [
  {
    type: "function",
    function: {
      name: "get_weather",
      description: "Weather of a city",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  },
];

/** A picture of one pixel. */
const pixel =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

describe.each([
  // What the catalog does not know is asked, and says itself that it only chats.
  { model: "openai", deployment: "qwen", embedding: 404 },
  { model: "google", deployment: "flash", embedding: 400 },
])("a class of LangChain behind the route $model", ({ model, deployment, embedding }) => {
  const ask = (content: string) => ({ model, messages: [{ role: "user" as const, content }] });

  test("answers, is priced and is in the log", async () => {
    const { data, response } = await openai.chat.completions.create(ask("[[say:Hello.]]")).withResponse();
    expect(data.choices[0]).toMatchObject({ finish_reason: "stop", message: { content: "Hello." } });
    expect(data.usage?.prompt_tokens).toBeGreaterThan(0);
    expect(data.usage?.completion_tokens).toBeGreaterThan(0);
    expect(Number(response.headers.get("x-signalbox-cost-usd"))).toBeGreaterThan(0);
    expect(await signalbox.request(data.id)).toMatchObject({
      outcome: "completed",
      attempts: [{ deployment, outcome: "completed" }],
    });
  });

  test("streams frame by frame", async () => {
    const stream = await openai.chat.completions.create({
      ...ask("[[tokens=40]] [[frame-tokens=5]]"),
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await Array.fromAsync(stream);
    const told = chunks.filter(({ choices: [choice] }) => choice?.delta.content);
    expect(told.length).toBeGreaterThan(4);
    const served = signalbox.ledger().at(-1);
    const tokens = (served?.outputTokensSent ?? 0) + (served?.thoughtTokens ?? 0);
    expect(chunks.at(-1)?.usage?.completion_tokens).toBe(tokens);
    expect(chunks.flatMap(({ choices }) => choices.map((choice) => choice.finish_reason)).at(-1)).toBe(
      "stop",
    );
  });

  test.each([false, true])("calls tools and goes on with what they gave (streamed: %s)", async (streams) => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: "user", content: "[[calls=2]] What is the weather?" },
    ];
    const called = await whole({ model, messages, tools, tool_choice: "required" }, streams);
    const calls = called.message.tool_calls ?? [];
    expect(called.finish_reason).toBe("tool_calls");
    expect(calls).toHaveLength(2);
    for (const call of calls) {
      if (call.type !== "function") throw new Error("A function is wanted");
      expect(call.function.name).toBe("get_weather");
      expect(JSON.parse(call.function.arguments)).toHaveProperty("city");
    }
    messages.push(
      { role: "assistant", content: called.message.content, tool_calls: calls },
      ...calls.map(({ id }) => ({ role: "tool" as const, tool_call_id: id, content: "21" })),
    );
    const answered = await whole({ model, messages, tools, tool_choice: "none" }, streams);
    expect(answered).toMatchObject({
      finish_reason: "stop",
      message: { content: expect.stringMatching(/./) },
    });
  });

  test.each([false, true])("answers in a form (streamed: %s)", async (streams) => {
    const { message, finish_reason: reason } = await whole(
      {
        ...ask("A person, please"),
        response_format: {
          type: "json_schema",
          json_schema: {
            name: "person",
            schema: {
              type: "object",
              properties: { name: { type: "string" }, age: { type: "integer" } },
              required: ["name", "age"],
              additionalProperties: false,
            },
          },
        },
      },
      streams,
    );
    expect(reason).toBe("stop");
    expect(JSON.parse(message.content ?? "")).toEqual({ name: expect.any(String), age: expect.any(Number) });
  });

  test("sees pictures", async () => {
    const content = [
      { type: "text" as const, text: "[[say:Seen.]]" },
      { type: "image_url" as const, image_url: { url: pixel } },
    ];
    const { message } = await whole({ model, messages: [{ role: "user", content }] }, false);
    expect(message.content).toBe("Seen.");
  });

  test("samples as it is told", async () => {
    const { finish_reason: reason } = await whole(
      { ...ask("[[tokens=50]]"), temperature: 0.1, max_completion_tokens: 10 },
      false,
    );
    expect(reason).toBe("length");
  });

  test("is asked by Anthropic's client, whole and streamed", async () => {
    const asked = {
      model,
      max_tokens: 100,
      messages: [{ role: "user" as const, content: "[[say:Hello.]]" }],
    };
    expect(await anthropic.messages.create(asked)).toMatchObject({
      content: [{ type: "text", text: "Hello." }],
      stop_reason: "end_turn",
    });
    const streamed = await anthropic.messages.stream(asked).finalMessage();
    expect(streamed).toMatchObject({ content: [{ text: "Hello." }], stop_reason: "end_turn" });
  });

  test("tells what its provider refused", async () => {
    const refused = openai.chat.completions.create(ask("[[fault:400]]"));
    await expect(refused).rejects.toMatchObject({ status: 400 });
  });

  test("is no place for embeddings", async () => {
    const refused = openai.embeddings.create({ model: deployment, input: "text" });
    await expect(refused).rejects.toMatchObject({ status: embedding });
  });
});

test.each(["429", "500", "503", "stall-before-first-token=2000", "connection-reset"])(
  "%s at a class has another deployment asked",
  async (fault) => {
    const content = `[[fault:${fault} model=qwen3-32b]] [[say:Elsewhere.]]`;
    const { data, response } = await openai.chat.completions
      .create({ model: "either", messages: [{ role: "user", content }] })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe("Elsewhere.");
    expect(response.headers.get("x-signalbox-deployment")).toBe("flash");
  },
);

test("a client that leaves ends the call at the provider", async () => {
  const leaving = new AbortController();
  const stream = await openai.chat.completions.create(
    {
      model: "google",
      messages: [
        { role: "user", content: "[[tokens=400]] [[frame-tokens=5]] [[fault:slow-drip=1024 ms=100]]" },
      ],
      stream: true,
    },
    { signal: leaving.signal },
  );
  let id = "";
  for await (const chunk of stream) {
    id = chunk.id;
    leaving.abort();
    break;
  }
  await signalbox.eventually(() => signalbox.ledger().at(-1)?.outcome === "aborted");
  await signalbox.eventually(async () => (await signalbox.request(id))["outcome"] === "aborted");
});

/** An answer as a whole, also of a stream. */
async function whole(
  body: OpenAI.ChatCompletionCreateParamsNonStreaming,
  streams: boolean,
): Promise<OpenAI.ChatCompletion.Choice> {
  const { choices } = streams
    ? await openai.chat.completions.stream({ ...body, stream: true }).finalChatCompletion()
    : await openai.chat.completions.create(body);
  const [choice] = choices;
  if (!choice) throw new Error("The answer has no choice");
  return choice;
}
