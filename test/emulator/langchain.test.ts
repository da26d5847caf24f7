import { HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatGoogle } from "@langchain/google";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Emulator } from "../../emulator/start-emulator.ts";
import { startEmulator } from "../../emulator/start-emulator.ts";
import { servedAtMs } from "./wire.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ now: () => servedAtMs });
});

afterAll(() => emulator.close());

const chatGoogle = (model: string) =>
  new ChatGoogle({ model, apiKey: "test", endpoint: emulator.url, maxRetries: 0 });
const chatOpenAi = (model: string) =>
  new ChatOpenAI({ model, apiKey: "test", maxRetries: 0, configuration: { baseURL: `${emulator.url}/v1` } });

const weather = tool(({ city }) => `it rains in ${city}`, {
  name: "get_weather",
  description: "Weather of a city",
  schema: z.object({ city: z.string() }),
});
const person = z.object({
  name: z.string(),
  age: z.number().int().min(0).max(120),
  tags: z.array(z.string()).min(1),
});

const clients = [
  ["ChatGoogle", (): ChatGoogle => chatGoogle("gemini-3.8-flash")],
  ["ChatOpenAI", (): ChatOpenAI => chatOpenAi("open-large")],
] as const;

describe.each(clients)("%s against the emulator", (_name, client) => {
  test("invokes with a system message", async () => {
    const message = await client().invoke([
      new SystemMessage("Be brief"),
      new HumanMessage("[[say:Hello you]]"),
    ]);
    expect(message.text).toBe("Hello you");
    expect(message).toMatchObject({ usage_metadata: { input_tokens: expect.any(Number) } });
  });

  test("streams the text with usage that adds up to the ledger's", async () => {
    const chunks = await Array.fromAsync(await client().stream("Tell me a story [[tokens=80]]"));
    const [first, ...others] = chunks;
    if (first === undefined) throw new Error("a stream has at least one chunk");
    const whole = others.reduce((sum, chunk) => sum.concat(chunk), first);
    expect(whole.text).toHaveLength(320);
    const row = emulator.ledger.rows().at(-1);
    expect(whole.usage_metadata).toMatchObject({
      input_tokens: row?.promptTokens,
      output_tokens: (row?.outputTokensSent ?? 0) + (row?.thoughtTokens ?? 0),
    });
  });

  test("calls a tool and goes on with its result", async () => {
    const bound = client().bindTools([weather]);
    const question = new HumanMessage("Use get_weather for Oslo");
    const called = await bound.invoke([question]);
    expect(called.tool_calls).toMatchObject([{ name: "get_weather", args: { city: "Oslo" } }]);
    const call = called.tool_calls?.[0];
    const result = new ToolMessage({
      content: "it rains in Oslo",
      tool_call_id: call?.id ?? "",
      name: "get_weather",
    });
    const answer = await bound.invoke([question, called, result]);
    expect(answer.text).toContain("it rains in Oslo");
  });

  test("gets structured output", async () => {
    const value = await client().withStructuredOutput(person, { name: "person" }).invoke("A person");
    expect(person.safeParse(value).success).toBe(true);
  });

  test("gets structured output by JSON schema", async () => {
    const value = await client()
      .withStructuredOutput(person, { name: "person", method: "jsonSchema" })
      .invoke("A person");
    expect(person.safeParse(value).success).toBe(true);
  });

  test("raises for errors", async () => {
    await expect(client().invoke("[[fault:503]]")).rejects.toThrow();
    await expect(client().invoke("[[fault:429-day]]")).rejects.toThrow();
    await expect(client().invoke("[[fault:400]]")).rejects.toThrow();
  });
});

describe("ChatGoogle against the emulator", () => {
  test("sends an image", async () => {
    const url = "data:image/png;base64,iVBORw0KGgo=";
    await chatGoogle("gemini-2.5-flash").invoke([
      new HumanMessage({
        content: [
          { type: "text", text: "what?" },
          { type: "image_url", image_url: { url } },
        ],
      }),
    ]);
    expect(emulator.ledger.rows().at(-1)?.promptTokens).toBe(258 + 2);
  });

  test("gets its service tier from the header", async () => {
    const message = await chatGoogle("gemini-2.5-flash").invoke("[[say:x]]");
    expect(JSON.stringify(message.response_metadata)).toContain("standard");
  });
});

test("OpenAIEmbeddings get vectors", async () => {
  const embeddings = new OpenAIEmbeddings({
    model: "gemini-embedding-2",
    apiKey: "test",
    dimensions: 64,
    configuration: { baseURL: `${emulator.url}/v1` },
  });
  const vectors = await embeddings.embedDocuments(["a", "b"]);
  expect(vectors.map((vector) => vector.length)).toEqual([64, 64]);
});
