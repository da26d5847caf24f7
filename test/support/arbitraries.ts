import * as fc from "fast-check";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import type { Message, Part } from "#core/llm/message.ts";
import type { ChatRequest, GenerationParameters, OutputFormat, Tool, ToolChoice } from "#core/llm/request.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import type { Usage } from "#core/llm/usage.ts";

/** Any JSON value. */
export const jsonValues: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 4 })
  // fast-check's own JSON type has mutable arrays; the values are the same.
  .map((value) => value as Json);

/** Any JSON object, with keys that hurt (`__proto__`, empty, not ASCII). */
export const jsonObjects: fc.Arbitrary<JsonObject> = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constantFrom("__proto__", "", "type", "ключ"), fc.string({ maxLength: 6 })),
      jsonValues,
    ),
    { maxLength: 4 },
  )
  .map((entries) => Object.fromEntries(entries));

/** The value with some node of it replaced by something else: near to right, and wrong. */
export function damaged(values: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  return fc
    .tuple(values, fc.array(fc.nat(20), { maxLength: 6 }), jsonValues)
    .map(([value, path, other]) => replaced(value, path, other));
}

function replaced(value: Json, [step, ...path]: readonly number[], other: Json): Json {
  if (step === undefined || typeof value !== "object" || value === null) return other;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return other;
  const change = (child: Json | undefined) => replaced(child ?? null, path, other);
  return Array.isArray(value)
    ? value.with(Number(key), change(value[Number(key)]))
    : Object.fromEntries(
        Object.entries(value).map(([name, child]) => [name, name === key ? change(child) : child]),
      );
}

/** Words, also none and such as need escapes or several bytes. */
export const words = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom("", "\n", "🛰️", '"}'),
);

const names = fc.stringMatching(/^[a-z_][a-z0-9_]{0,7}$/);
const signatures = fc.option(fc.base64String({ minLength: 4, maxLength: 12 }), { nil: undefined });

/** Leaves out the keys whose value is undefined. */
function dense<T extends object>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return arbitrary.map(
    // Only keys without a value are taken away, which an optional property may lack.
    (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T,
  );
}

const textPart = dense(
  fc.record({ type: fc.constantFrom("text", "thinking"), text: words, thoughtSignature: signatures }),
) as fc.Arbitrary<Part>;

const mediaPart: fc.Arbitrary<Part> = fc.constantFrom<Part>(
  { type: "media", kind: "image", mimeType: "image/png", source: { type: "inline", base64: "iVBORw0KGgo=" } },
  { type: "media", kind: "audio", mimeType: "audio/wav", source: { type: "inline", base64: "UklGRg==" } },
  { type: "media", kind: "image", source: { type: "url", url: "https://example.org/a.png" } },
  { type: "media", kind: "document", source: { type: "file", id: "file-1" }, filename: "a.pdf" },
);

const argumentTexts = fc.oneof(
  { weight: 8, arbitrary: jsonObjects.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.constantFrom("", "{", "[]", "null", "not json") },
);

/** A step of a conversation with tools: calls of the model, and what each gave. */
const toolStep: fc.Arbitrary<readonly Message[]> = fc
  .array(fc.tuple(names, argumentTexts, jsonValues, signatures), { minLength: 1, maxLength: 3 })
  .chain((calls) => fc.uuid().map((id) => stepOf(calls, id)));

function stepOf(
  calls: readonly (readonly [string, string, Json, string | undefined])[],
  id: string,
): readonly Message[] {
  const parts = calls.map(([name, argumentsJson, , thoughtSignature], index): Part => ({
    type: "tool-call",
    id: `${id}-${index}`,
    name,
    argumentsJson,
    ...(thoughtSignature !== undefined && { thoughtSignature }),
  }));
  const results = calls.map(([, , content], index): Message => ({
    role: "tool",
    parts: [{ type: "tool-result", callId: `${id}-${index}`, content }],
  }));
  return [{ role: "assistant", parts }, ...results];
}

const message: fc.Arbitrary<Message> = fc.record({
  role: fc.constantFrom("system", "user", "assistant"),
  parts: fc.array(fc.oneof({ weight: 4, arbitrary: textPart }, { weight: 1, arbitrary: mediaPart }), {
    maxLength: 3,
  }),
});

/** Turns of all kinds; each tool result answers a call before it. */
export const conversations: fc.Arbitrary<readonly Message[]> = fc
  .array(
    fc.oneof({ weight: 3, arbitrary: message.map((one) => [one]) }, { weight: 1, arbitrary: toolStep }),
    {
      maxLength: 5,
    },
  )
  .map((turns) => turns.flat());

const schema: fc.Arbitrary<JsonObject> = fc.constantFrom<JsonObject>(
  { type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false },
  { $defs: { A: { type: "integer", exclusiveMinimum: 0 } }, $ref: "#/$defs/A" },
);

const tool: fc.Arbitrary<Tool> = dense(
  fc.record({
    type: fc.constant("function"),
    name: names,
    description: fc.option(words, { nil: undefined }),
    parameters: fc.option(schema, { nil: undefined }),
    notation: fc.constant("json-schema"),
    strict: fc.option(fc.boolean(), { nil: undefined }),
  }),
) as fc.Arbitrary<Tool>;

const toolChoice: fc.Arbitrary<ToolChoice> = fc.constantFrom<ToolChoice>(
  { type: "default" },
  { type: "auto" },
  { type: "none" },
  { type: "required" },
  { type: "required", names: ["a"] },
  { type: "validated", names: ["a", "b"] },
);

const output: fc.Arbitrary<OutputFormat> = fc.oneof(
  fc.constantFrom<OutputFormat>({ type: "text" }, { type: "json" }),
  schema.map((written): OutputFormat => ({ type: "json-schema", schema: written, notation: "json-schema" })),
);

const parameters = fc.record(
  {
    temperature: fc.double({ min: 0, max: 2, noNaN: true }),
    topP: fc.double({ min: 0, max: 1, noNaN: true }),
    topK: fc.integer({ min: 1, max: 100 }),
    maxOutputTokens: fc.integer({ min: 1, max: 65_536 }),
    stop: fc.array(words, { minLength: 1, maxLength: 4 }),
    seed: fc.maxSafeInteger(),
    presencePenalty: fc.double({ min: -2, max: 2, noNaN: true }),
    frequencyPenalty: fc.double({ min: -2, max: 2, noNaN: true }),
    candidateCount: fc.integer({ min: 1, max: 4 }),
    logprobs: fc.boolean(),
    topLogprobs: fc.integer({ min: 0, max: 20 }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<GenerationParameters>;

const levels = ["none", "minimal", "low", "medium", "high", "xhigh"] as const;

/** Chat requests as any client may mean them. */
export const chatRequests: fc.Arbitrary<ChatRequest> = fc
  .record({
    messages: conversations,
    tools: fc.uniqueArray(tool, { maxLength: 3, selector: (one) => one.name }),
    toolChoice,
    output,
    parameters,
    thinking: fc.oneof(
      fc.record({ level: fc.constantFrom(...levels), include: fc.boolean() }, { requiredKeys: [] }),
      fc.record(
        { budgetTokens: fc.integer({ min: -1, max: 32_768 }), include: fc.boolean() },
        { requiredKeys: [] },
      ),
    ),
    stream: fc.boolean(),
    includeUsage: fc.boolean(),
  })
  .map((request) => ({ model: "route", safety: [], ...request }));

const usage: fc.Arbitrary<Usage> = fc.record({
  inputTokens: fc.nat(9999),
  cachedInputTokens: fc.nat(9999),
  toolInputTokens: fc.nat(9999),
  outputTokens: fc.nat(9999),
  thinkingTokens: fc.nat(9999),
});

/** One streamed tool call, its arguments in pieces. */
const streamedCall = fc.tuple(
  names,
  jsonObjects.map((value) => JSON.stringify(value)),
  fc.nat(20),
  signatures,
);

/** Whole streamed answers of one candidate, in the order that stream parts have. */
export const answerStreams: fc.Arbitrary<readonly StreamPart[]> = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom("text-delta", "thinking-delta"), words), { maxLength: 6 }),
    fc.array(streamedCall, { maxLength: 3 }),
    fc.constantFrom("stop", "length", "content-filter", "other"),
    usage,
  )
  .map(([deltas, calls, reason, tokens]): readonly StreamPart[] => [
    { type: "response-start", id: "upstream-id", model: "some-model" },
    ...deltas.map(([type, text]) => ({ type, candidate: 0, text }) as const),
    ...calls.flatMap(callParts),
    {
      type: "finish",
      candidate: 0,
      finish: { reason: calls.length > 0 ? "tool-calls" : reason, raw: reason },
    },
    { type: "usage", usage: tokens },
  ]);

function callParts(
  [name, argumentsJson, cut, signature]: readonly [string, string, number, string | undefined],
  toolCall: number,
): readonly StreamPart[] {
  const thoughtSignature = signature === undefined ? {} : { thoughtSignature: signature };
  const pieces = [argumentsJson.slice(0, cut), argumentsJson.slice(cut)];
  return [
    { type: "tool-call-start", candidate: 0, toolCall, id: `call-${toolCall}`, name, ...thoughtSignature },
    ...pieces.map(
      (piece) => ({ type: "tool-call-delta", candidate: 0, toolCall, argumentsJson: piece }) as const,
    ),
  ];
}
