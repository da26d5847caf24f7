import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import type { LanguageModel } from "ai";
import {
  APICallError,
  embed,
  embedMany,
  generateText,
  jsonSchema,
  Output,
  stepCountIs,
  streamText,
  tool,
} from "ai";
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

const google = () => createGoogleGenerativeAI({ apiKey: "test", baseURL: `${emulator.url}/v1beta` });
const openai = () => createOpenAI({ apiKey: "test", baseURL: `${emulator.url}/v1` });

const models = [
  ["@ai-sdk/google", () => google()("gemini-3.8-flash")],
  ["@ai-sdk/openai", () => openai().chat("open-large")],
] as const;

function failure(model: LanguageModel, fault: string): Promise<unknown> {
  return generateText({ model, prompt: `[[fault:${fault}]]`, maxRetries: 0 }).catch(
    (error: unknown) => error,
  );
}

const weather = tool({
  description: "Weather of a city",
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => ({ report: `it rains in ${city}` }),
});

describe.each(models)("%s against the emulator", (_name, model) => {
  test("generates text with usage", async () => {
    const { text, usage, finishReason } = await generateText({
      model: model(),
      prompt: "Hello [[tokens=25]]",
    });
    expect(text).toHaveLength(100);
    expect(finishReason).toBe("stop");
    const row = emulator.ledger.rows().at(-1);
    expect(usage).toMatchObject({
      inputTokens: row?.promptTokens,
      outputTokens: (row?.outputTokensSent ?? 0) + (row?.thoughtTokens ?? 0),
    });
  });

  test("streams text", async () => {
    const result = streamText({ model: model(), prompt: "Hello [[tokens=60]]" });
    const pieces = await Array.fromAsync(result.textStream);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.join("")).toHaveLength(240);
    expect(await result.finishReason).toBe("stop");
  });

  test("runs a tool loop, thought signatures included", async () => {
    const result = await generateText({
      model: model(),
      prompt: "Use get_weather for Oslo",
      tools: { get_weather: weather },
      stopWhen: stepCountIs(3),
    });
    expect(result.steps.length).toBe(2);
    expect(result.text).toContain("it rains in Oslo");
    expect(JSON.stringify(result.warnings ?? [])).not.toContain("skip_thought_signature");
  });

  test("generates an object that fits the schema", async () => {
    const schema = z.object({ title: z.string(), stars: z.number().int().min(1).max(5) });
    const { output } = await generateText({
      model: model(),
      prompt: "A film",
      output: Output.object({ schema }),
    });
    expect(schema.safeParse(output).success).toBe(true);
  });

  test("raises APICallError with the status, retryable or not", async () => {
    const overloaded = await failure(model(), "503");
    expect(
      APICallError.isInstance(overloaded) && overloaded.statusCode === 503 && overloaded.isRetryable,
    ).toBe(true);
    const invalid = await failure(model(), "400");
    expect(APICallError.isInstance(invalid) && invalid.statusCode === 400 && !invalid.isRetryable).toBe(true);
  });
});

describe("@ai-sdk/google against the emulator", () => {
  test("follows CONTINUATION", async () => {
    const { text } = await generateText({
      model: google()("gemini-4-argon"),
      prompt: "Long [[tokens=90]] [[continue-at=40]]",
    });
    expect(text).toHaveLength(360);
    const pieces = await Array.fromAsync(
      streamText({ model: google()("gemini-4-argon"), prompt: "Long [[tokens=90]] [[continue-at=40]]" })
        .textStream,
    );
    expect(pieces.join("")).toBe(text);
  });

  test("sends declared JSON schemas as they are", async () => {
    const open = tool({
      inputSchema: jsonSchema<{ n: number }>({
        type: "object",
        properties: { n: { type: "integer", minimum: 7, maximum: 7 } },
        required: ["n"],
        additionalProperties: false,
      }),
      execute: ({ n }) => n,
    });
    const { toolCalls } = await generateText({
      model: google()("gemini-2.5-flash"),
      prompt: "go",
      tools: { pick: open },
      toolChoice: "required",
    });
    expect(toolCalls.map((call) => call.input)).toEqual([{ n: 7 }]);
  });

  test("embeds one and many texts", async () => {
    const model = google().embedding("gemini-embedding-001");
    expect((await embed({ model, value: "one" })).embedding).toHaveLength(3072);
    expect((await embedMany({ model, values: ["one", "two", "three"] })).embeddings).toHaveLength(3);
  });
});
