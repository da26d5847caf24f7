import { googleAI } from "@genkit-ai/google-genai";
import { genkit, z } from "genkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { onePixelPng } from "../../support/one-pixel-png.ts";
import { startTestSignalbox } from "../../support/test-signalbox.ts";

/** Genkit by its plugin of Google's API, whose address is Signalbox's. */

/** @type {import("../../support/test-signalbox.ts").TestSignalbox} */
let signalbox;
let ai;

beforeAll(async () => {
  signalbox = await startTestSignalbox();
  ai = genkit({ plugins: [googleAI({ apiKey: "unused", baseUrl: signalbox.url })] });
});
afterAll(() => signalbox.close());

describe.each(["gemini-3.8-flash", "compatible"])("Genkit, %s", (name) => {
  const model = googleAI.model(name);

  test("gets a whole answer with usage", async () => {
    const answer = await ai.generate({ model, system: "Be brief", prompt: "What is a signal box?" });
    expect(answer.text).not.toBe("");
    expect(answer.finishReason).toBe("stop");
    expect(answer.usage.totalTokens).toBeGreaterThan(0);
  });

  test("gets a stream", async () => {
    const { stream, response } = ai.generateStream({ model, prompt: "Tell a story" });
    let text = "";
    for await (const chunk of stream) text += chunk.text;
    expect(text.length).toBeGreaterThan(20);
    expect((await response).text).toBe(text);
  });

  test("is an agent of tools: it calls a tool and goes on with its result", async () => {
    const weather = ai.dynamicTool(
      { name: "get_weather", description: "Weather of a city", inputSchema: z.object({ city: z.string() }) },
      async ({ city }) => `21 degrees in ${city}`,
    );
    const answer = await ai.generate({
      model,
      prompt: '[[call:get_weather {"city":"Paris"}]] What is the weather in Paris?',
      tools: [weather],
    });
    expect(answer.text).not.toBe("");
    expect(JSON.stringify(answer.messages)).toContain("21 degrees in Paris");
  });

  test("gets structured output", async () => {
    const schema = z.object({ year: z.number().min(1900).max(2100), kind: z.enum(["short", "long"]) });
    const { output } = await ai.generate({ model, prompt: "Describe a film", output: { schema } });
    expect(schema.parse(output)).toBeTruthy();
  });

  test("sends an image", async () => {
    const answer = await ai.generate({
      model,
      prompt: [{ text: "What is this?" }, { media: { url: `data:image/png;base64,${onePixelPng}` } }],
    });
    expect(answer.usage.inputTokens).toBeGreaterThan(100);
  });

  test("gets an error for an unavailable model", async () => {
    await expect(ai.generate({ model, prompt: "[[fault:503]]" })).rejects.toThrow();
  });
});

test("Genkit makes embeddings", async () => {
  const embedder = googleAI.embedder("gemini-embedding-2");
  const [made] = await ai.embed({ embedder, content: "one" });
  expect(made.embedding.length).toBeGreaterThan(0);
});
