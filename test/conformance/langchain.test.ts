import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatGoogle } from "@langchain/google";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
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

type ChatModel = BaseChatModel;

const clients: Readonly<Record<string, (model: string) => ChatModel>> = {
  "@langchain/google": (model) =>
    new ChatGoogle({ model, apiKey: "unused", endpoint: signalbox.url, maxRetries: 0 }),
  "@langchain/openai": (model) =>
    new ChatOpenAI({
      model,
      apiKey: "unused",
      configuration: { baseURL: `${signalbox.url}/v1` },
      maxRetries: 0,
    }),
  "@langchain/openai by the Responses API": (model) =>
    new ChatOpenAI({
      model,
      apiKey: "unused",
      useResponsesApi: true,
      configuration: { baseURL: `${signalbox.url}/v1` },
      maxRetries: 0,
    }),
};

/** A word in place of a tool is left out by @langchain/openai 1.6.0 where it speaks the Responses API. */
function forcing(client: string): string {
  return client.endsWith("Responses API") ? "get_weather" : "any";
}

const all = Object.entries(clients).map(([client, chat]) => ({ client, chat, force: forcing(client) }));
const models = ["gemini-3.8-flash", "compatible"];

const weather = tool(({ city }) => `21 degrees in ${city}`, {
  name: "get_weather",
  description: "Weather of a city",
  schema: z.object({ city: z.string() }),
});

function withTools(model: ChatModel, options: object) {
  const bound = model.bindTools?.([weather], options);
  if (!bound) throw new Error("The client cannot bind tools");
  return bound;
}

describe.each(all)("$client", ({ chat, force }) => {
  startSignalbox();

  describe.each(models)("%s", (model) => chatFacts(chat, model, force));
});

/** What every client finds of every model.  force what it calls a tool that must be called */
function chatFacts(chat: (model: string) => ChatModel, model: string, force: string): void {
  test("gets a whole answer with usage", async () => {
    const answer = await chat(model).invoke([
      new SystemMessage("Be brief"),
      new HumanMessage("What is a signal box?"),
    ]);
    expect(answer.text).not.toBe("");
    expect(answer.usage_metadata).toMatchObject({ total_tokens: expect.any(Number) });
  });

  test("gets a stream", async () => {
    let text = "";
    for await (const chunk of await chat(model).stream("Tell a story")) text += chunk.text;
    expect(text.length).toBeGreaterThan(20);
  });

  test("calls a forced tool and goes on with its result", async () => {
    const question = new HumanMessage("Weather in Paris?");
    const asked = await withTools(chat(model), { tool_choice: force }).invoke([question]);
    const call = asked.tool_calls?.[0];
    if (!call) throw new Error("no tool call came");
    expect(call.name).toBe("get_weather");
    const result = new ToolMessage({ content: "21 degrees", tool_call_id: call.id ?? "", name: call.name });
    const answer = await withTools(chat(model), {}).invoke([question, asked, result]);
    expect(answer.text).not.toBe("");
  });

  test("gets structured output", async () => {
    const shape = z.object({ year: z.number().min(1900).max(2100), kind: z.enum(["short", "long"]) });
    const answer = await chat(model)
      .withStructuredOutput(shape, { method: "jsonSchema" })
      .invoke("Describe a film");
    expect(shape.parse(answer)).toBeTruthy();
  });

  test("sends an image", async () => {
    const answer = await chat(model).invoke([
      new HumanMessage({
        content: [
          { type: "text", text: "What is this?" },
          { type: "image_url", image_url: { url: `data:image/png;base64,${onePixelPng}` } },
        ],
      }),
    ]);
    expect(answer.usage_metadata).toMatchObject({
      input_tokens: expect.toSatisfy((tokens: number) => tokens > 100),
    });
  });

  test("ends its request at the upstream when it aborts", async () => {
    const controller = new AbortController();
    const stream = await chat(model).stream("[[fault:stall-after-tokens]] Tell a long story", {
      signal: controller.signal,
    });
    const read = (async () => {
      for await (const _chunk of stream) controller.abort();
    })();
    await read.catch(() => undefined);
    await signalbox.eventually(() => signalbox.ledger().at(-1)?.outcome === "aborted");
  });

  test("gets an error for an unavailable model", async () => {
    await expect(chat(model).invoke("[[fault:503]]")).rejects.toThrow();
  });

  test("a stream that breaks off is an error, never a short answer", async () => {
    const read = (async () => {
      for await (const _chunk of await chat(model).stream("[[fault:cut-after-tokens]] Tell a story"));
    })();
    await expect(read).rejects.toThrow();
  });
}

describe("beside chats", () => {
  startSignalbox();

  test("@langchain/google waits for retry-after and succeeds after a rate limit", async () => {
    signalbox.addFault({ fault: "429-minute", parameters: { "retry-ms": "1000" }, count: 1 });
    const patient = new ChatGoogle({
      model: "gemini-3.8-flash",
      apiKey: "unused",
      endpoint: signalbox.url,
      maxRetries: 1,
    });
    const answer = await patient.invoke("Hello");
    expect(answer.text).not.toBe("");
  });

  test.each(["gemini-embedding-2", "compatible-embedding"])(
    "@langchain/openai makes embeddings with %s",
    async (model) => {
      const embeddings = new OpenAIEmbeddings({
        model,
        apiKey: "unused",
        configuration: { baseURL: `${signalbox.url}/v1` },
        dimensions: 64,
        maxRetries: 0,
      });
      const vectors = await embeddings.embedDocuments(["one", "two"]);
      expect(vectors.map((vector) => vector.length)).toEqual([64, 64]);
    },
  );
});
