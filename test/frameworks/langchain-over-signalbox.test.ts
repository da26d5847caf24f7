import { concat } from "@langchain/core/utils/stream";
import { HumanMessage, ToolMessage, type AIMessageChunk } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { httpTransport, RoutedChatModel, usageOf } from "#frameworks/langchain/index.ts";
import { onePixelPng } from "../support/one-pixel-png.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

let signalbox: TestSignalbox;
beforeAll(async () => {
  signalbox = await startTestSignalbox();
});
afterAll(() => signalbox.close());

const weather = tool(() => "sunny", {
  name: "weather",
  description: "Tells the weather",
  schema: z.object({ city: z.string() }),
});

function modelOf(model: string) {
  return new RoutedChatModel({ model, transport: httpTransport({ baseUrl: signalbox.url }) });
}

async function sum(chunks: AsyncIterable<AIMessageChunk>): Promise<AIMessageChunk> {
  let whole: AIMessageChunk | undefined;
  for await (const one of chunks) whole = whole ? concat(whole, one) : one;
  if (!whole) throw new Error("The stream gave nothing");
  return whole;
}

describe.each(["gemini-3.8-flash", "gemini-4-argon", "gemini-3.5-flash-lite"])("%s", (name) => {
  test.each(["whole", "streamed"])(
    "calls tools and takes their results, signatures and all (%s)",
    async (way) => {
      const model = modelOf(name).bindTools([weather]);
      const ask = async (messages: Parameters<typeof model.stream>[0]) =>
        way === "whole" ? model.invoke(messages) : sum(await model.stream(messages));
      const question = new HumanMessage('[[call:weather {"city":"Bern"}]] Weather?');
      const calling = await ask([question]);
      expect(calling.tool_calls).toMatchObject([{ name: "weather", args: { city: "Bern" } }]);
      const [call] = calling.tool_calls ?? [];
      const answer = await ask([question, calling, new ToolMessage("sunny", call?.id ?? "")]);
      expect(answer.text.length).toBeGreaterThan(0);
      expect(answer.response_metadata["finish_reason"]).toBe("stop");
    },
  );

  test("usage is the emulator's, thinking included, and the log's", async () => {
    const answer = await sum(await modelOf(name).stream("[[tokens=12]] [[thoughts=5]] Hi"));
    const row = signalbox.ledger().at(-1);
    expect(usageOf(answer)).toMatchObject({
      input_tokens: row?.promptTokens,
      output_tokens: (row?.outputTokensSent ?? 0) + (row?.thoughtTokens ?? 0),
    });
  });

  test.each(["jsonSchema", "functionCalling"])("gives structured output by %s", async (method) => {
    const person = z.object({ name: z.string(), age: z.int() });
    const made = await modelOf(name).withStructuredOutput(person, { method }).invoke("Who is Ada?");
    expect(person.safeParse(made).success).toBe(true);
  });

  test("reads a picture", async () => {
    const asked = new HumanMessage({
      content: [
        { type: "text", text: "[[say:a dot]]" },
        { type: "image", mimeType: "image/png", data: onePixelPng },
      ],
    });
    expect((await modelOf(name).invoke([asked])).text).toBe("a dot");
  });
});

test("an unknown model is an error with status, code and request id", async () => {
  await expect(modelOf("no-such-model").invoke("Hi")).rejects.toMatchObject({
    name: "SignalboxError",
    status: 404,
    code: "model_not_found",
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

test("an upstream that breaks in the middle is an error in the application", async () => {
  const reading = modelOf("gemini-3.8-flash").stream("[[tokens=30]] [[fault:cut-after-tokens=5]]").then(sum);
  await expect(reading).rejects.toMatchObject({ name: "SignalboxError", code: "upstream_failed" });
});
