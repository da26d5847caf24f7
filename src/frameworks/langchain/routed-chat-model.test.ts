import { InMemoryCache } from "@langchain/core/caches";
import {
  AIMessage,
  type AIMessageChunk,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { concat } from "@langchain/core/utils/stream";
import { expect, test } from "vitest";
import { z } from "zod";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import {
  chunk,
  completion,
  ScriptedTransport,
  usageChunk,
} from "../../../test/support/scripted-transport.ts";
import { RoutedChatModel, SignalboxError, usageOf } from "./index.ts";

const person = z.object({ name: z.string(), age: z.int() });
const weather = tool(() => "sunny", {
  name: "weather",
  description: "Tells the weather",
  schema: z.object({ city: z.string() }),
});
const routed = {
  request_id: "019ab000-0000-7000-8000-000000000001",
  route: "chat",
  variant: "quick",
  deployment: "google-flash",
  attempts: 2,
};
const callDelta = { index: 0, id: "call_1", type: "function", function: { name: "weather", arguments: "" } };

function modelOf(script: ConstructorParameters<typeof ScriptedTransport>[0]) {
  const transport = new ScriptedTransport(script);
  return { transport, model: new RoutedChatModel({ model: "chat", transport }) };
}

async function sum(chunks: AsyncIterable<AIMessageChunk>): Promise<AIMessageChunk> {
  let whole: AIMessageChunk | undefined;
  for await (const one of chunks) whole = whole ? concat(whole, one) : one;
  if (!whole) throw new Error("The stream gave nothing");
  return whole;
}

function messagesOf(body: JsonObject | undefined): readonly JsonObject[] {
  const messages = body?.["messages"];
  return Array.isArray(messages) ? messages.filter(isJsonObject) : [];
}

test("an answer carries its text, usage, finish reason and how it was routed", async () => {
  const { model } = modelOf({ completion: completion({ content: "Hello" }) });
  const answer = await model.invoke("Hi");
  expect(answer.text).toBe("Hello");
  expect(usageOf(answer)).toEqual({
    input_tokens: 11,
    output_tokens: 7,
    total_tokens: 18,
    input_token_details: { cache_read: 4 },
    output_token_details: { reasoning: 3 },
  });
  expect(answer.response_metadata).toMatchObject({
    finish_reason: "stop",
    model_name: "gemini-3.8-flash",
    signalbox: routed,
  });
});

test("routing, model and finish reason stand on one chunk each, so that their sum is not repeated", async () => {
  const { model } = modelOf({
    chunks: [
      chunk({ role: "assistant", content: "Hel" }),
      chunk({ content: "lo" }),
      chunk({}, "stop"),
      usageChunk,
    ],
  });
  const answer = await sum(await model.stream("Hi"));
  expect(answer.text).toBe("Hello");
  expect(answer.response_metadata).toMatchObject({
    finish_reason: "stop",
    model_name: "gemini-3.8-flash",
    model_provider: "signalbox",
    signalbox: routed,
  });
});

test("usage is counted once, also where every chunk reports it", async () => {
  const cumulative = { ...chunk({ content: "lo" }), usage: usageChunk["usage"] };
  const { model } = modelOf({
    chunks: [chunk({ content: "Hel" }), cumulative, chunk({}, "stop"), usageChunk],
  });
  expect(usageOf(await sum(await model.stream("Hi")))).toMatchObject({ input_tokens: 11, output_tokens: 7 });
});

test("a stream without a finish reason fails after its chunks", async () => {
  const { model } = modelOf({ chunks: [chunk({ content: "Hel" }), usageChunk] });
  const seen: string[] = [];
  const reading = (async () => {
    for await (const one of await model.stream("Hi")) seen.push(one.text);
  })();
  await expect(reading).rejects.toThrow(/finish reason is wanted/);
  expect(seen.join("")).toBe("Hel");
});

test("a whole answer without a finish reason fails", async () => {
  const cut = {
    choices: [{ index: 0, message: { role: "assistant", content: "Hel" }, finish_reason: null }],
  };
  await expect(modelOf({ completion: cut }).model.invoke("Hi")).rejects.toThrow(/finish reason is wanted/);
});

test("an error frame in a stream is thrown with its code and the request's id", async () => {
  const { model } = modelOf({
    chunks: [
      chunk({ content: "Hel" }),
      { error: { message: "It broke", type: "server_error", code: "upstream_failed" } },
    ],
  });
  const error: unknown = await sum(await model.stream("Hi")).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SignalboxError);
  expect(error).toMatchObject({ message: "It broke", code: "upstream_failed", requestId: routed.request_id });
});

test.each(["jsonSchema", "jsonMode"])(
  "structured output by %s parses the text of a whole answer",
  async (method) => {
    const { model, transport } = modelOf({ completion: completion({ content: '{"name":"Ada","age":36}' }) });
    await expect(model.withStructuredOutput(person, { method }).invoke("Who?")).resolves.toEqual({
      name: "Ada",
      age: 36,
    });
    const format = transport.bodies[0]?.["response_format"];
    expect(format).toMatchObject({ type: method === "jsonMode" ? "json_object" : "json_schema" });
    if (method === "jsonSchema") {
      expect(format).toMatchObject({
        json_schema: { name: "extract", schema: { type: "object", required: ["name", "age"] } },
      });
    }
  },
);

test("structured output by functionCalling forces the tool and parses its arguments from a whole answer", async () => {
  const call = {
    id: "call_1",
    type: "function",
    function: { name: "person", arguments: '{"name":"Ada","age":36}' },
  };
  const { model, transport } = modelOf({ completion: completion({ content: null, tool_calls: [call] }) });
  const extracting = model.withStructuredOutput(person, { method: "functionCalling", name: "person" });
  await expect(extracting.invoke("Who?")).resolves.toEqual({ name: "Ada", age: 36 });
  expect(transport.bodies[0]).toMatchObject({
    tools: [{ type: "function", function: { name: "person", parameters: { required: ["name", "age"] } } }],
    tool_choice: { type: "function", function: { name: "person" } },
  });
});

test("structured output with includeRaw gives the message and null where it does not parse", async () => {
  const { model } = modelOf({ completion: completion({ content: '{"name":"Ada"}' }) });
  const { raw, parsed } = await model.withStructuredOutput(person, { includeRaw: true }).invoke("Who?");
  expect(raw.text).toBe('{"name":"Ada"}');
  expect(parsed).toBeNull();
});

test("an unknown method of structured output is refused", () => {
  expect(() => modelOf({}).model.withStructuredOutput(person, { method: "magic" })).toThrow(
    /jsonSchema, functionCalling/,
  );
});

test("a streamed tool call is put together, its signature kept and sent back with it", async () => {
  const { model, transport } = modelOf({
    chunks: [
      chunk({
        role: "assistant",
        content: null,
        tool_calls: [{ ...callDelta, extra_content: { google: { thought_signature: "c2ln" } } }],
      }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '"Bern"}' } }] }),
      chunk({}, "tool_calls"),
      usageChunk,
    ],
  });
  const answer = await sum(await model.bindTools([weather]).stream("Weather?"));
  expect(answer.tool_calls).toEqual([
    { type: "tool_call", id: "call_1", name: "weather", args: { city: "Bern" } },
  ]);
  await sum(await model.stream([new HumanMessage("Weather?"), answer, new ToolMessage("sunny", "call_1")]));
  expect(transport.bodies[0]).toMatchObject({
    tools: [{ type: "function", function: { name: "weather", parameters: { required: ["city"] } } }],
  });
  expect(messagesOf(transport.bodies[1])).toEqual([
    { role: "user", content: "Weather?" },
    {
      role: "assistant",
      content: null,
      tool_calls: [
        {
          id: "call_1",
          type: "function",
          function: { name: "weather", arguments: '{"city":"Bern"}' },
          extra_content: { google: { thought_signature: "c2ln" } },
        },
      ],
    },
    { role: "tool", tool_call_id: "call_1", content: "sunny" },
  ]);
});

test("signatures of a whole answer survive serialisation and go back with their text and calls", async () => {
  const call = (id: string, signature: string) => ({
    id,
    type: "function",
    function: { name: "weather", arguments: "{}" },
    extra_content: { google: { thought_signature: signature } },
  });
  const { model, transport } = modelOf({
    completion: completion({
      content: "Looking",
      tool_calls: [call("a", "c2ln"), call("b", "c2lnMg==")],
      extra_content: { google: { thought_signature: "dGV4dA==" } },
    }),
  });
  const answer = await model.invoke("Weather?");
  const stored = answer.toDict().data;
  const revived = new AIMessage({
    content: answer.content,
    additional_kwargs: stored.additional_kwargs ?? {},
    tool_calls: answer.tool_calls ?? [],
  });
  await model.invoke([new HumanMessage("Weather?"), revived]);
  expect(messagesOf(transport.bodies[1])[1]).toMatchObject({
    content: "Looking",
    tool_calls: [
      { id: "a", extra_content: { google: { thought_signature: "c2ln" } } },
      { id: "b", extra_content: { google: { thought_signature: "c2lnMg==" } } },
    ],
    extra_content: { google: { thought_signature: "dGV4dA==" } },
  });
});

test("parallel streamed calls stay apart, and text beside them, also as content-block events", async () => {
  const second = {
    ...callDelta,
    index: 1,
    id: "call_2",
    function: { name: "weather", arguments: '{"city":"Rome"}' },
  };
  const { model } = modelOf({
    chunks: [
      chunk({ content: "Looking" }),
      chunk({ tool_calls: [{ ...callDelta, function: { name: "weather", arguments: '{"city":"Bern"}' } }] }),
      chunk({ tool_calls: [second] }),
      chunk({}, "tool_calls"),
    ],
  });
  const answer = await model.streamEvents("Weather?");
  expect(answer.text).toBe("Looking");
  expect(answer.tool_calls).toMatchObject([
    { id: "call_1", args: { city: "Bern" } },
    { id: "call_2", args: { city: "Rome" } },
  ]);
});

test("arguments that are no JSON object make an invalid tool call, never a lost one", async () => {
  const call = { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":' } };
  const { model } = modelOf({ completion: completion({ tool_calls: [call] }) });
  const answer = await model.invoke("Weather?");
  expect(answer.tool_calls).toEqual([]);
  expect(answer.invalid_tool_calls).toMatchObject([{ id: "call_1", name: "weather", args: '{"city":' }]);
});

test("thoughts and pictures of an answer have their places", async () => {
  const { model } = modelOf({
    completion: completion({
      content: "Here",
      reasoning_content: "I draw",
      images: [{ type: "image_url", index: 0, image_url: { url: "data:image/png;base64,AAAA" } }],
    }),
  });
  const answer = await model.invoke("Draw");
  expect(answer.content).toEqual([
    { type: "text", text: "Here" },
    { type: "image", mimeType: "image/png", data: "AAAA" },
  ]);
  expect(answer.additional_kwargs["reasoning_content"]).toBe("I draw");
});

test("the call's wishes win over the model's, and go on the wire by OpenAI's names", async () => {
  const transport = new ScriptedTransport({ completion: completion({ content: "" }) });
  const model = new RoutedChatModel({
    model: "chat",
    transport,
    temperature: 0.2,
    topP: 0.9,
    maxTokens: 100,
    seed: 7,
    reasoningEffort: "low",
    stop: ["END"],
    headers: { "x-signalbox-unit": "u1" },
    extraBody: { service_tier: "flex" },
  });
  await model.invoke([new SystemMessage("Be brief"), ["human", "Hi"]], {
    temperature: 0,
    stop: ["STOP"],
    tools: [weather],
    tool_choice: "any",
    headers: { "x-signalbox-tags": "a=b" },
  });
  expect(transport.bodies[0]).toMatchObject({
    model: "chat",
    temperature: 0,
    top_p: 0.9,
    max_tokens: 100,
    seed: 7,
    reasoning_effort: "low",
    stop: ["STOP"],
    tool_choice: "required",
    service_tier: "flex",
    messages: [
      { role: "system", content: "Be brief" },
      { role: "user", content: "Hi" },
    ],
  });
  expect(transport.options[0]?.headers).toEqual({ "x-signalbox-unit": "u1", "x-signalbox-tags": "a=b" });
});

test("pictures, sound and files go as OpenAI's parts", async () => {
  const { model, transport } = modelOf({ completion: completion({ content: "" }) });
  await model.invoke([
    new HumanMessage({
      content: [
        { type: "text", text: "Look" },
        { type: "image_url", image_url: { url: "https://example.org/a.png", detail: "low" } },
        { type: "image", mimeType: "image/png", data: "AAAA" },
        { type: "image", source_type: "base64", mime_type: "image/jpeg", data: "BBBB" },
        { type: "audio", mimeType: "audio/mpeg", data: "CCCC" },
        { type: "file", mimeType: "application/pdf", data: "DDDD", metadata: { filename: "a.pdf" } },
        { type: "video", mimeType: "video/mp4", data: "EEEE" },
      ],
    }),
  ]);
  expect(messagesOf(transport.bodies[0])[0]?.["content"]).toEqual([
    { type: "text", text: "Look" },
    { type: "image_url", image_url: { url: "https://example.org/a.png", detail: "low" } },
    { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
    { type: "image_url", image_url: { url: "data:image/jpeg;base64,BBBB" } },
    { type: "input_audio", input_audio: { data: "CCCC", format: "mp3" } },
    { type: "file", file: { file_data: "data:application/pdf;base64,DDDD", filename: "a.pdf" } },
    { type: "file", file: { file_data: "data:video/mp4;base64,EEEE" } },
  ]);
});

test("a block without a counterpart is refused by its type", async () => {
  const { model } = modelOf({ completion: completion({ content: "" }) });
  const asked = new HumanMessage({ content: [{ type: "hologram", secret: "s3cret" }] });
  await expect(model.invoke([asked])).rejects.toThrow(/^Cannot send a content block "hologram": /);
});

test("models that share a cache never get each other's answers", async () => {
  const cache = new InMemoryCache();
  const of = (model: string, identity: string, answer: string, temperature: number) => {
    const transport = new ScriptedTransport({ identity, completion: completion({ content: answer }) });
    return new RoutedChatModel({ model, transport, cache, temperature });
  };
  const pairs = [of("a", "x", "1", 0), of("b", "x", "2", 0), of("a", "y", "3", 0), of("a", "x", "4", 1)];
  const answers = [];
  for (const model of pairs) answers.push((await model.invoke("Hi")).text);
  expect(answers).toEqual(["1", "2", "3", "4"]);
});

test("the cache answers the same question once, and knows one picture from another", async () => {
  const transport = new ScriptedTransport({ completion: completion({ content: "A cat" }) });
  const model = new RoutedChatModel({ model: "chat", transport, cache: new InMemoryCache() });
  const ask = (data: string) =>
    model.invoke([new HumanMessage({ content: [{ type: "image", mimeType: "image/png", data }] })]);
  await ask("AAAA");
  await ask("AAAA");
  expect(transport.bodies).toHaveLength(1);
  await ask("BBBB");
  expect(transport.bodies).toHaveLength(2);
});

test("tokens are estimated without a call", async () => {
  const { model, transport } = modelOf({});
  await expect(model.getNumTokens("x".repeat(400))).resolves.toBe(100);
  expect(transport.bodies).toEqual([]);
});

test("the decision and each attempt are sent as custom events before the answer", async () => {
  const { model } = modelOf({ completion: completion({ content: "Hello" }) });
  const heard: unknown[] = [];
  await model.invoke("Hi", {
    callbacks: [
      {
        handleCustomEvent: (name: string, data: unknown) => void heard.push([name, data]),
        handleLLMEnd: () => void heard.push("end"),
        awaitHandlers: true,
      },
    ],
  });
  const { request_id, deployment } = routed;
  expect(heard).toEqual([
    ["signalbox:decision", routed],
    ["signalbox:attempt", { request_id, attempt: 1, answered: false }],
    ["signalbox:attempt", { request_id, attempt: 2, answered: true, deployment }],
    "end",
  ]);
});

test("a failed call is not tried again", async () => {
  let calls = 0;
  const model = new RoutedChatModel({
    model: "chat",
    transport: {
      identity: "failing",
      complete: () => {
        calls += 1;
        return Promise.reject(new SignalboxError("Overloaded", { status: 503 }));
      },
      stream: () => Promise.reject(new SignalboxError("Overloaded", { status: 503 })),
    },
  });
  await expect(model.invoke("Hi")).rejects.toThrow("Overloaded");
  expect(calls).toBe(1);
});

test("reading stops where the reader stops", async () => {
  const { model, transport } = modelOf({
    chunks: [...Array.from({ length: 50 }, () => chunk({ content: "x" })), chunk({}, "stop")],
  });
  for await (const one of await model.stream("Hi")) if (one.text === "x") break;
  expect(transport.taken).toBeLessThan(10);
});
