import * as fc from "fast-check";
import type { JsonObject } from "#core/kernel/json.ts";

/**
 * Chat requests as OpenAI clients send them. Every text in them is `leaf-<number>-`, each number once, so that a test
 * can look for what became of it.
 */
export const openAiRequests: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      messages: fc.array(turn(), { minLength: 1, maxLength: 4 }).map((turns) => turns.flat()),
      stream: fc.boolean(),
      tools: fc.array(tool(), { minLength: 1, maxLength: 2 }),
      tool_choice: fc.constantFrom("auto", "none", "required"),
      response_format: fc.constantFrom<JsonObject>(
        { type: "text" },
        { type: "json_object" },
        { type: "json_schema", json_schema: { name: "leaf", strict: true, schema: objectSchema("leaf") } },
      ),
      reasoning_effort: fc.constantFrom("low", "medium", "high"),
      temperature: fc.constantFrom(0, 0.5, 2),
      max_tokens: fc.integer({ min: 1, max: 9999 }),
      stop: fc.constantFrom<JsonObject[string]>("leaf", ["leaf", "leaf"]),
      seed: fc.nat(),
      user: fc.constant("leaf"),
      metadata: fc.constant({ team: "leaf" }),
      prompt_cache_key: fc.constant("leaf"),
    },
    { requiredKeys: ["messages"] },
  )
  .map((request) => numberLeaves({ model: "route", ...request }));

/** Every `leaf-<number>-` in a value. */
export function leavesOf(value: unknown): readonly string[] {
  return JSON.stringify(value).match(/leaf-\d+-/g) ?? [];
}

/** One or several messages that belong together. */
function turn(): fc.Arbitrary<readonly JsonObject[]> {
  return fc.oneof(
    fc.constantFrom("system", "user").map((role) => [{ role, content: "leaf" }]),
    fc.array(userPart(), { minLength: 1, maxLength: 3 }).map((content) => [{ role: "user", content }]),
    fc
      .record(
        { content: fc.constant("leaf"), reasoning_content: fc.constant("leaf") },
        { requiredKeys: ["content"] },
      )
      .map((said) => [{ role: "assistant", ...said }]),
    fc.integer({ min: 1, max: 3 }).map(toolTurn),
  );
}

function toolTurn(count: number): readonly JsonObject[] {
  const calls = Array.from({ length: count }, (_, index) => ({
    id: `@${index}`,
    type: "function",
    function: { name: `f${index}`, arguments: '{"a":"leaf"}' },
    ...(index === 0 && { extra_content: { google: { thought_signature: "leaf" } } }),
  }));
  const results = calls.map(({ id }) => ({ role: "tool", tool_call_id: id, content: "leaf" }));
  return [{ role: "assistant", content: null, tool_calls: calls }, ...results];
}

function userPart(): fc.Arbitrary<JsonObject> {
  return fc.constantFrom<JsonObject>(
    { type: "text", text: "leaf" },
    { type: "image_url", image_url: { url: "data:image/png;base64,leaf" } },
    { type: "image_url", image_url: { url: "https://example.org/leaf.png" } },
    { type: "input_audio", input_audio: { data: "leaf", format: "wav" } },
    { type: "file", file: { filename: "leaf.pdf", file_data: "data:application/pdf;base64,leaf" } },
  );
}

function tool(): fc.Arbitrary<JsonObject> {
  return fc.constantFrom<JsonObject>(
    { type: "function", function: { name: "leaf", description: "leaf", parameters: objectSchema("leaf") } },
    { type: "function", function: { name: "leaf" } },
  );
}

function objectSchema(description: string): JsonObject {
  return { type: "object", properties: { a: { type: "string", description } }, required: ["a"] };
}

/** Numbers the leaves, and gives the calls of each turn ids of their own. */
function numberLeaves(request: JsonObject): JsonObject {
  let leaf = 0;
  const text = JSON.stringify(request).replaceAll("leaf", () => `leaf-${leaf++}-`);
  // The text above is JSON of an object, with other words in it.
  const numbered = JSON.parse(text) as JsonObject;
  return { ...numbered, messages: withCallIds(numbered["messages"] as JsonObject[]) };
}

function withCallIds(messages: readonly JsonObject[]): readonly JsonObject[] {
  let turnNumber = 0;
  return messages.map((message) => {
    const calls = message["tool_calls"] as JsonObject[] | undefined;
    if (calls) turnNumber++;
    const place = (id: unknown) => `call_${turnNumber}_${String(id).slice(1)}`;
    if (calls) return { ...message, tool_calls: calls.map((call) => ({ ...call, id: place(call["id"]) })) };
    return message["role"] === "tool"
      ? { ...message, tool_call_id: place(message["tool_call_id"]) }
      : message;
  });
}
