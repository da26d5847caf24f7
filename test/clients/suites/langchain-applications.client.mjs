import { HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatGoogle } from "@langchain/google";
import { ChatGoogleGenerativeAI, GoogleGenerativeAIEmbeddings } from "@langchain/google-genai";
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph";
import { ToolNode } from "@langchain/langgraph/prebuilt";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent, initChatModel } from "langchain";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { onePixelPng } from "../../support/one-pixel-png.ts";
import { startTestSignalbox } from "../../support/test-signalbox.ts";

/**
 * LangChain as applications use it: none of these packages is among the project's own, so they are run from a set. No
 * types: what the compiler sees must not depend on what is installed beside the project.
 */

/** Before a Gemini provider and before an OpenAI-compatible one. */
const models = ["gemini-3.8-flash", "compatible"];

/** @type {import("../../support/test-signalbox.ts").TestSignalbox} */
let signalbox;

/** One for each group of tests: faults that a client asks for keep a deployment from the next one. */
function startSignalbox() {
  beforeAll(async () => {
    signalbox = await startTestSignalbox();
  });
  afterAll(() => signalbox.close());
}

afterEach(() => vi.unstubAllEnvs());

/** The answers end once the tool was called: a model that must call would call forever. */
const weather = tool(({ city }) => `21 degrees in ${city}`, {
  name: "get_weather",
  description: "Weather of a city",
  schema: z.object({ city: z.string() }),
});
const question = '[[call:get_weather {"city":"Paris"}]] What is the weather in Paris?';
const shape = z.object({ year: z.number().min(1900).max(2100), kind: z.enum(["short", "long"]) });

const makers = {
  ChatGoogle: (model) => new ChatGoogle({ model, apiKey: "unused", endpoint: signalbox.url, maxRetries: 0 }),
  ChatGoogleGenerativeAI: (model) =>
    new ChatGoogleGenerativeAI({ model, apiKey: "unused", baseUrl: signalbox.url, maxRetries: 0 }),
  ChatOpenAI: (model) =>
    new ChatOpenAI({
      model,
      apiKey: "unused",
      configuration: { baseURL: `${signalbox.url}/v1` },
      maxRetries: 0,
    }),
};

/** What a stream of chunks says. */
async function streamed(stream) {
  let text = "";
  for await (const chunk of stream) text += chunk.text;
  return text;
}

/** What every one of these models finds, made by the client that is told. */
function chatFacts(chat) {
  test("gets a whole answer with usage", async () => {
    const answer = await (await chat()).invoke("What is a signal box?");
    expect(answer.text).not.toBe("");
    expect(answer.usage_metadata.total_tokens).toBeGreaterThan(0);
  });

  test("gets a stream", async () => {
    expect((await streamed(await (await chat()).stream("Tell a story"))).length).toBeGreaterThan(20);
  });

  test("calls a forced tool", async () => {
    const bound = (await chat()).bindTools([weather], { tool_choice: "any" });
    const { tool_calls: calls } = await bound.invoke("Weather in Paris?");
    expect(calls[0]).toMatchObject({ name: "get_weather", args: { city: expect.any(String) } });
  });

  test("gets structured output", async () => {
    const answer = await (await chat()).withStructuredOutput(shape).invoke("Describe a film");
    expect(shape.parse(answer)).toBeTruthy();
  });

  test("sends an image", async () => {
    const image = { type: "image_url", image_url: { url: `data:image/png;base64,${onePixelPng}` } };
    const content = [{ type: "text", text: "What is this?" }, image];
    const answer = await (await chat()).invoke([new HumanMessage({ content })]);
    expect(answer.usage_metadata.input_tokens).toBeGreaterThan(100);
  });

  test("gets an error for an unavailable model", async () => {
    await expect((await chat()).invoke("[[fault:503]]")).rejects.toThrow();
  });
}

describe.each(models)("ChatGoogleGenerativeAI of %s", (model) => {
  startSignalbox();
  chatFacts(() => makers.ChatGoogleGenerativeAI(model));
});

describe("ChatGoogleGenerativeAI", () => {
  startSignalbox();

  test("has embeddings beside it", async () => {
    const embeddings = new GoogleGenerativeAIEmbeddings({
      model: "gemini-embedding-2",
      apiKey: "unused",
      baseUrl: signalbox.url,
    });
    const vectors = await embeddings.embedDocuments(["one", "two"]);
    expect(vectors).toHaveLength(2);
    expect(vectors[0].length).toBeGreaterThan(0);
  });
});

describe.each([
  ["google-genai", { baseUrl: () => signalbox.url }],
  ["openai", { configuration: () => ({ baseURL: `${signalbox.url}/v1` }) }],
])("initChatModel of %s", (modelProvider, address) => {
  startSignalbox();
  const fields = () => Object.fromEntries(Object.entries(address).map(([name, value]) => [name, value()]));
  chatFacts(() =>
    initChatModel("gemini-3.8-flash", { modelProvider, apiKey: "unused", maxRetries: 0, ...fields() }),
  );
});

describe.each(["google", "google-genai", "openai"])("initChatModel of %s", (modelProvider) => {
  startSignalbox();

  test("is moved whole and streamed by two environment variables", async () => {
    vi.stubEnv("LANGSMITH_GATEWAY", signalbox.url);
    vi.stubEnv("LANGSMITH_GATEWAY_API_KEY", "unused");
    const model = await initChatModel("chat", { modelProvider, maxRetries: 0 });
    expect((await model.invoke("[[say:Hello]]")).text).toBe("Hello");
    expect(await streamed(await model.stream("[[say:Hello]]"))).toBe("Hello");
  });
});

describe.each(Object.entries(makers))("createAgent with %s", (_name, make) => {
  startSignalbox();

  test.each(models)("is an agent of tools that ends with an answer, for %s", async (model) => {
    const agent = createAgent({ model: make(model), tools: [weather], systemPrompt: "Be brief" });
    const { messages } = await agent.invoke({ messages: [{ role: "user", content: question }] });
    expect(messages.map((message) => message.getType())).toEqual(
      expect.arrayContaining(["human", "ai", "tool"]),
    );
    expect(messages.find((message) => message.getType() === "tool").content).toBe("21 degrees in Paris");
    expect(messages.at(-1).getType()).toBe("ai");
    expect(messages.at(-1).text).not.toBe("");
  });

  test("gets a stream of messages", async () => {
    const agent = createAgent({ model: make("gemini-3.8-flash"), tools: [weather] });
    let text = "";
    const stream = await agent.stream(
      { messages: [{ role: "user", content: "Tell a story" }] },
      { streamMode: "messages" },
    );
    for await (const [chunk] of stream) text += chunk.text;
    expect(text.length).toBeGreaterThan(20);
  });
});

describe.each(Object.entries(makers))("LangGraph with %s", (_name, make) => {
  startSignalbox();

  const graph = (model) => {
    const bound = make(model).bindTools([weather]);
    return new StateGraph(MessagesAnnotation)
      .addNode("ask", async ({ messages }) => ({ messages: [await bound.invoke(messages)] }))
      .addNode("tools", new ToolNode([weather]))
      .addEdge("__start__", "ask")
      .addConditionalEdges("ask", ({ messages }) =>
        messages.at(-1).tool_calls?.length ? "tools" : "__end__",
      )
      .addEdge("tools", "ask")
      .compile();
  };

  test.each(models)("is an agent of tools that ends with an answer, for %s", async (model) => {
    const { messages } = await graph(model).invoke({ messages: [new HumanMessage(question)] });
    expect(messages.map((message) => message.getType())).toEqual(["human", "ai", "tool", "ai"]);
    expect(messages[2].content).toBe("21 degrees in Paris");
    expect(messages.at(-1).text).not.toBe("");
  });

  test("gets a stream of messages", async () => {
    let text = "";
    const stream = await graph("gemini-3.8-flash").stream(
      { messages: [new HumanMessage("Tell a story")] },
      { streamMode: "messages" },
    );
    for await (const [chunk] of stream) text += chunk.text;
    expect(text.length).toBeGreaterThan(20);
  });
});
