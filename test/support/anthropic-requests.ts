import * as fc from "fast-check";
import type { JsonObject } from "#core/kernel/json.ts";

/**
 * Requests as Anthropic's clients send them. Every text in them is `leaf-<number>-`, each number once, so that a test can
 * look for what became of it.
 */
export const anthropicRequests: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      messages: fc.array(turn(), { minLength: 1, maxLength: 4 }).map((turns) => turns.flatMap(inTurn)),
      system: fc.constantFrom<JsonObject[string]>("leaf", [
        { type: "text", text: "leaf", cache_control: { type: "leaf" } },
        { type: "text", text: "leaf" },
      ]),
      stream: fc.boolean(),
      tools: fc.array(tool(), { minLength: 1, maxLength: 2 }),
      tool_choice: fc.constantFrom<JsonObject>(
        { type: "auto" },
        { type: "any", disable_parallel_tool_use: true },
        { type: "none" },
      ),
      output_config: fc.constantFrom<JsonObject>(
        { effort: "max" },
        { format: { type: "json_schema", schema: objectSchema() } },
      ),
      thinking: fc.constantFrom<JsonObject>(
        { type: "enabled", budget_tokens: 2048 },
        { type: "adaptive", display: "omitted" },
        { type: "disabled" },
      ),
      temperature: fc.constantFrom(0, 0.5, 1),
      top_k: fc.integer({ min: 1, max: 40 }),
      stop_sequences: fc.constant(["leaf", "leaf"]),
      metadata: fc.constant({ user_id: "leaf" }),
      service_tier: fc.constantFrom("auto", "standard_only"),
      container: fc.constant("leaf"),
    },
    { requiredKeys: ["messages"] },
  )
  .map((request) => numbered({ model: "route", max_tokens: 1000, ...request }));

/** Numbers the leaves. */
function numbered(request: JsonObject): JsonObject {
  let leaf = 0;
  const text = JSON.stringify(request).replaceAll("leaf", () => `leaf-${leaf++}-`);
  // JSON of an object, with other words in it.
  return JSON.parse(text) as JsonObject;
}

/** Gives the calls of a turn ids of their own. */
function inTurn(messages: readonly JsonObject[], turnNumber: number): readonly JsonObject[] {
  // JSON of messages, with other ids in it.
  return JSON.parse(
    JSON.stringify(messages).replaceAll("@", `toolu_${turnNumber}_`),
  ) as readonly JsonObject[];
}

/** One or several messages that belong together. */
function turn(): fc.Arbitrary<readonly JsonObject[]> {
  return fc.oneof(
    fc.constantFrom("user", "assistant", "system").map((role) => [{ role, content: "leaf" }]),
    fc.array(userBlock(), { minLength: 1, maxLength: 3 }).map((content) => [{ role: "user", content }]),
    fc.array(thought(), { maxLength: 2 }).map((thoughts) => [
      { role: "user", content: "leaf" },
      { role: "assistant", content: [...thoughts, { type: "text", text: "leaf" }] },
    ]),
    fc.integer({ min: 1, max: 3 }).map(toolTurn),
  );
}

function toolTurn(count: number): readonly JsonObject[] {
  const numbers = Array.from({ length: count }, (_, index) => index);
  const calls = numbers.map((index) => ({
    type: "tool_use",
    id: `@${index}`,
    name: `f${index}`,
    input: { a: "leaf" },
  }));
  const results = numbers.map((index) => ({
    type: "tool_result",
    tool_use_id: `@${index}`,
    ...toolResults[index % toolResults.length],
  }));
  return [
    { role: "user", content: "leaf" },
    {
      role: "assistant",
      content: [{ type: "thinking", thinking: "leaf", signature: "signalbox.tool-call.leaf" }, ...calls],
    },
    { role: "user", content: [...results, { type: "text", text: "leaf" }] },
  ];
}

const toolResults: readonly JsonObject[] = [
  { content: "leaf" },
  { content: "leaf", is_error: true },
  {
    content: [
      { type: "text", text: "leaf", cache_control: { type: "leaf" } },
      { type: "image", source: { type: "base64", media_type: "image/png", data: "leaf" } },
    ],
  },
];

function thought(): fc.Arbitrary<JsonObject> {
  return fc.constantFrom<JsonObject>(
    { type: "thinking", thinking: "leaf", signature: "leaf" },
    { type: "thinking", thinking: "", signature: "leaf" },
    { type: "redacted_thinking", data: "leaf" },
  );
}

function userBlock(): fc.Arbitrary<JsonObject> {
  return fc.constantFrom<JsonObject>(
    { type: "text", text: "leaf", cache_control: { type: "leaf" } },
    { type: "image", source: { type: "base64", media_type: "image/png", data: "leaf" } },
    { type: "image", source: { type: "url", url: "https://example.org/leaf.png" } },
    {
      type: "document",
      title: "leaf",
      source: { type: "base64", media_type: "application/pdf", data: "leaf" },
    },
    { type: "document", source: { type: "url", url: "https://example.org/leaf.pdf" } },
    {
      type: "document",
      title: "leaf",
      context: "leaf",
      source: { type: "text", media_type: "text/plain", data: "leaf" },
    },
    {
      type: "document",
      title: "leaf",
      source: { type: "content", content: [{ type: "text", text: "leaf" }] },
    },
    { type: "search_result", title: "leaf", source: "leaf", content: [{ type: "text", text: "leaf" }] },
    { type: "mid_conv_system", content: [{ type: "text", text: "leaf" }] },
  );
}

function tool(): fc.Arbitrary<JsonObject> {
  return fc.constantFrom<JsonObject>(
    { name: "leaf", description: "leaf", input_schema: objectSchema(), cache_control: { type: "leaf" } },
    { type: "custom", name: "leaf", input_schema: objectSchema(), strict: true },
  );
}

function objectSchema(): JsonObject {
  return { type: "object", properties: { a: { type: "string", description: "leaf" } }, required: ["a"] };
}
