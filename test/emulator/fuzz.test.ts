import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FieldType, MessageFields } from "../../emulator/gemini/field-types.ts";
import { generateContentFields } from "../../emulator/gemini/request-fields.ts";
import type { Emulator } from "../../emulator/start-emulator.ts";
import { startEmulator } from "../../emulator/start-emulator.ts";
import { servedAtMs } from "./wire.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ now: () => servedAtMs });
});

afterAll(() => emulator.close());

/** Requests that the field tables allow, any field present or not: valid in form, mostly senseless. */
function valueFor(type: FieldType, depth: number): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case "string":
      return fc.oneof(
        fc.string(),
        fc.constantFrom("user", "model", "f", "image/png", "application/json", "[[tokens=3]]"),
      );
    case "bytes":
      return fc.base64String({ maxLength: 12 });
    case "bool":
      return fc.boolean();
    case "int32":
    case "int64":
      return fc.oneof(fc.nat(10), fc.integer());
    case "float":
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case "struct":
      return fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
    case "value":
      return fc.jsonValue({ maxDepth: 3 });
    case "enum":
      return fc.constantFrom(...type.values);
    case "list":
      return depth <= 0 ? fc.constant([]) : fc.array(valueFor(type.of, depth - 1), { maxLength: 3 });
    case "map":
      return depth <= 0
        ? fc.constant({})
        : fc.dictionary(fc.string(), valueFor(type.of, depth - 1), { maxKeys: 3 });
    case "message":
      return depth <= 0 ? fc.constant({}) : messageOf(type.fields(), depth - 1);
  }
}

function messageOf(fields: MessageFields, depth: number): fc.Arbitrary<object> {
  const entries = Object.entries(fields).map(([name, type]) => [name, valueFor(type, depth)] as const);
  return fc.record(Object.fromEntries(entries), { requiredKeys: [] });
}

const contents = [{ role: "user", parts: [{ text: "hi [[tokens=2]]" }] }];
const fields = Object.entries(generateContentFields).filter(
  ([name]) => name !== "continuationToken" && name !== "cachedContent",
);
// Mostly one senseless field beside sensible turns, so that requests get past the first rule they could break.
const request = fc.oneof(
  messageOf(generateContentFields, 7),
  ...fields.map(([name, type]) => valueFor(type, 6).map((value) => ({ contents, [name]: value }))),
  messageOf(Object.fromEntries(fields), 6).map((message) => ({ ...message, contents })),
);

const chatMessage = fc.record(
  {
    role: fc.constantFrom("user", "assistant", "tool", "system", "x"),
    content: fc.oneof(fc.string(), fc.jsonValue({ maxDepth: 3 })),
    tool_calls: fc.jsonValue({ maxDepth: 3 }),
    tool_call_id: fc.string(),
  },
  { requiredKeys: [] },
);
const chatRequest = fc.record(
  {
    model: fc.constantFrom("open-large", "gemini-3.8-flash"),
    messages: fc.oneof(
      fc.array(chatMessage, { maxLength: 3 }),
      fc.constant([{ role: "user", content: "hi" }]),
    ),
    tools: fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.constant([])),
    tool_choice: fc.jsonValue({ maxDepth: 2 }),
    response_format: fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc
        .jsonValue({ maxDepth: 3 })
        .map((schema) => ({ type: "json_schema", json_schema: { name: "x", schema } })),
    ),
    n: fc.jsonValue({ maxDepth: 0 }),
    max_tokens: fc.jsonValue({ maxDepth: 0 }),
    stop: fc.jsonValue({ maxDepth: 1 }),
    stream: fc.boolean(),
    reasoning_effort: fc.jsonValue({ maxDepth: 0 }),
  },
  { requiredKeys: ["model"] },
);

async function statusOf(path: string, body: string): Promise<number> {
  const response = await fetch(`${emulator.url}${path}`, {
    method: "POST",
    body,
    headers: { "x-goog-api-key": "test" },
  });
  await response.text();
  return response.status;
}

describe("any request", () => {
  // A mistake of the emulator would break the connection (server.ts), and fetch would reject.
  test.each(["gemini-2.5-flash", "gemini-3.8-flash", "gemini-4-argon"])(
    "of the API's form is answered or refused: %s",
    async (model) => {
      await fc.assert(
        fc.asyncProperty(
          request,
          fc.constantFrom("generateContent", "streamGenerateContent"),
          async (message, method) => {
            const status = await statusOf(`/v1beta/models/${model}:${method}`, JSON.stringify(message));
            expect([200, 400, 403]).toContain(status);
          },
        ),
        { numRuns: 150 },
      );
    },
  );

  test.each(["countTokens", "embedContent", "batchEmbedContents", "generateContent"])(
    "of any JSON is answered or refused: %s",
    async (method) => {
      const model = method.includes("mbed") ? "gemini-embedding-001" : "gemini-2.5-flash";
      await fc.assert(
        fc.asyncProperty(fc.json(), async (body) => {
          expect([200, 400]).toContain(await statusOf(`/v1beta/models/${model}:${method}`, body));
        }),
        { numRuns: 60 },
      );
    },
  );

  test.each(["/v1/chat/completions", "/v1beta/openai/chat/completions"])(
    "of OpenAI's form is answered or refused: %s",
    async (path) => {
      await fc.assert(
        fc.asyncProperty(chatRequest, async (body) => {
          expect([200, 400, 404]).toContain(await statusOf(path, JSON.stringify(body)));
        }),
        { numRuns: 150 },
      );
    },
  );

  test.each(["/v1/embeddings", "/v1beta/openai/embeddings"])(
    "for OpenAI embeddings is answered or refused: %s",
    async (path) => {
      const body = fc.record(
        {
          model: fc.constant("gemini-embedding-001"),
          input: fc.jsonValue({ maxDepth: 2 }),
          dimensions: fc.jsonValue({ maxDepth: 0 }),
        },
        { requiredKeys: ["model"] },
      );
      await fc.assert(
        fc.asyncProperty(body, async (value) => {
          expect([200, 400]).toContain(await statusOf(path, JSON.stringify(value)));
        }),
        { numRuns: 100 },
      );
    },
  );
});
