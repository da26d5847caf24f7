import { ChatGoogle } from "@langchain/google";
import { ChatOpenAI } from "@langchain/openai";
import { GoogleGenAI } from "@google/genai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

let signalbox: TestSignalbox;

beforeAll(async () => {
  signalbox = await startTestSignalbox();
});

afterAll(() => signalbox.close());

const model = "gemini-4-argon";
/** An answer of 100 tokens that the provider gives in pieces of 40. */
const parted = "A long story [[tokens=100]] [[thoughts=7]] [[continue-at=40]]";

const clients = {
  "@langchain/google": () =>
    new ChatGoogle({ model, apiKey: "unused", endpoint: signalbox.url, maxRetries: 0 }),
  "@langchain/openai": (maxTokens?: number) =>
    new ChatOpenAI({
      model,
      ...(maxTokens !== undefined && { maxTokens }),
      apiKey: "unused",
      configuration: { baseURL: `${signalbox.url}/v1` },
      maxRetries: 0,
    }),
};

const attemptCosts = z.array(
  z.object({ cost: z.object({ pico_dollars: z.string().transform(BigInt), estimated: z.literal(false) }) }),
);

/** What the emulator served for the newest request of the log, and what the log has of it. */
async function newest(calls: number) {
  const rows = signalbox.ledger().slice(-calls);
  const [listed] = await signalbox.requests();
  const logged = await signalbox.request(listed?.id ?? "");
  return { rows, logged };
}

/** Sums of what was served. */
function served(rows: ReturnType<TestSignalbox["ledger"]>) {
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    input_tokens: sum(({ promptTokens }) => promptTokens),
    cached_input_tokens: sum(({ cachedTokens }) => cachedTokens),
    output_tokens: sum(({ outputTokensSent }) => outputTokensSent),
    thinking_tokens: sum(({ thoughtTokens }) => thoughtTokens),
  };
}

test("@google/genai, which would follow by itself, finds nothing to follow", async () => {
  const ai = new GoogleGenAI({ apiKey: "unused", httpOptions: { baseUrl: signalbox.url } });
  const whole = await ai.models.generateContent({ model, contents: parted });
  expect(whole.text).toHaveLength(400);
  expect(whole.candidates?.[0]?.finishReason).toBe("STOP");
  const before = signalbox.ledger().length;
  const chunks = await Array.fromAsync(await ai.models.generateContentStream({ model, contents: parted }));
  expect(chunks.map(({ text }) => text ?? "").join("")).toBe(whole.text);
  expect(chunks.filter(({ candidates }) => candidates?.[0]?.finishReason !== undefined)).toHaveLength(1);
  const rows = signalbox.ledger().slice(before);
  expect(rows).toHaveLength(3);
  expect(chunks.at(-1)?.usageMetadata?.promptTokenCount).toBe(served(rows).input_tokens);
});

test("what the client allows is for all pieces together", async () => {
  const answer = await clients["@langchain/openai"](80).invoke(parted);
  expect(answer.response_metadata["finish_reason"]).toBe("length");
  const { rows } = await newest(2);
  expect(rows.map(({ finishReason }) => finishReason)).toEqual(["CONTINUATION", "MAX_TOKENS"]);
  const { output_tokens: output, thinking_tokens: thinking } = served(rows);
  expect(output + thinking).toBe(80);
});

describe.each(Object.entries(clients))("%s, an answer that its provider gives in pieces", (_name, client) => {
  test("comes whole, with the tokens of all pieces", async () => {
    const answer = await client().invoke(parted);
    expect(answer.text).toHaveLength(400);
    const { rows, logged } = await newest(3);
    expect(rows.map(({ finishReason }) => finishReason)).toEqual(["CONTINUATION", "CONTINUATION", "STOP"]);
    const tokens = served(rows);
    expect(answer.usage_metadata).toMatchObject({
      input_tokens: tokens.input_tokens,
      output_tokens: tokens.output_tokens + tokens.thinking_tokens,
    });
    expect(logged).toMatchObject({ outcome: "completed", usage: tokens, finish_reason: "stop" });
    expect(logged["attempts"]).toMatchObject(
      rows.map((row, at) => ({ continues: at > 0, outcome: "completed", usage: served([row]) })),
    );
    const cost = attemptCosts.parse(logged["attempts"]).reduce((sum, one) => sum + one.cost.pico_dollars, 0n);
    expect(logged["cost"]).toEqual({
      usd: expect.any(String),
      pico_dollars: String(cost),
      estimated: false,
      unpriced_attempts: 0,
    });
  });

  test("streams as one", async () => {
    let text = "";
    const pieces: string[] = [];
    for await (const chunk of await client().stream(parted)) {
      text += chunk.text;
      pieces.push(chunk.text);
    }
    expect(text).toHaveLength(400);
    expect(pieces.length).toBeGreaterThan(3);
    const { rows, logged } = await newest(3);
    expect(rows.map(({ finishReason }) => finishReason)).toEqual(["CONTINUATION", "CONTINUATION", "STOP"]);
    expect(logged).toMatchObject({ outcome: "completed", usage: served(rows), finish_reason: "stop" });
    expect(text).toBe((await client().invoke(parted)).text);
  });
});
