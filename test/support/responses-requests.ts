import * as fc from "fast-check";
import type { JsonObject } from "#core/kernel/json.ts";

/**
 * Requests as clients of the Responses API send them. Every text in them is `leaf-<number>-`, each number once, so that a
 * test can look for what became of it.
 */
export const responsesRequests: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      input: fc.oneof(
        fc.constant("leaf"),
        fc.array(turn(), { minLength: 1, maxLength: 4 }).map((turns) => numberCalls(turns.flat())),
      ),
      instructions: fc.constant("leaf"),
      stream: fc.boolean(),
      tools: fc.array(tool(), { minLength: 1, maxLength: 2 }),
      tool_choice: fc.constantFrom("auto", "none", "required"),
      text: fc.constantFrom<JsonObject>(
        { format: { type: "text" }, verbosity: "leaf" },
        { format: { type: "json_object" } },
        { format: { type: "json_schema", name: "schema", strict: true, schema: objectSchema("leaf") } },
      ),
      reasoning: fc.constantFrom<JsonObject>({ effort: "low" }, { effort: "high", summary: "auto" }),
      temperature: fc.constantFrom(0, 0.5, 2),
      max_output_tokens: fc.integer({ min: 1, max: 9999 }),
      user: fc.constant("leaf"),
      metadata: fc.constant({ team: "leaf" }),
      prompt_cache_key: fc.constant("leaf"),
      safety_identifier: fc.constant("leaf"),
      include: fc.constant(["reasoning.encrypted_content", "leaf"]),
      store: fc.boolean(),
      novelty: fc.constant("leaf"),
    },
    { requiredKeys: ["input"] },
  )
  .map((request) => numberLeaves({ model: "route", ...request }));

/** One or several items that belong together. */
function turn(): fc.Arbitrary<readonly JsonObject[]> {
  return fc.oneof(
    fc.constantFrom("system", "developer", "user", "assistant").map((role) => [{ role, content: "leaf" }]),
    fc
      .array(userPart(), { minLength: 1, maxLength: 3 })
      .map((content) => [{ type: "message", role: "user", content }]),
    fc.boolean().map((isSigned) => [
      { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "leaf" }] },
      ...(isSigned ? [signed("next-text")] : []),
      {
        type: "message",
        id: "msg_1",
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text: "leaf", annotations: [], logprobs: [], novelty: "leaf" }],
      },
    ]),
    fc.integer({ min: 1, max: 3 }).map(toolTurn),
  );
}

function signed(place: string): JsonObject {
  return { type: "reasoning", id: "rs_2", summary: [], encrypted_content: `signalbox.gemini.${place}.leaf` };
}

function toolTurn(count: number): readonly JsonObject[] {
  const calls = Array.from({ length: count }, (_, index) => ({
    type: "function_call",
    call_id: "@",
    name: `f${index}`,
    arguments: '{"a":"leaf"}',
    status: "completed",
  }));
  const outputs = calls.map((_, index) => ({
    type: "function_call_output",
    call_id: "@",
    output:
      index === 0 ? "leaf" : [{ type: "input_text", text: "leaf" }, image("data:image/png;base64,leaf")],
  }));
  return [signed("next-call"), ...calls, ...outputs];
}

function image(url: string): JsonObject {
  return { type: "input_image", image_url: url, detail: "auto" };
}

function userPart(): fc.Arbitrary<JsonObject> {
  return fc.constantFrom<JsonObject>(
    { type: "input_text", text: "leaf" },
    image("data:image/png;base64,leaf"),
    image("https://example.org/leaf.png"),
    { type: "input_file", filename: "leaf.pdf", file_data: "data:application/pdf;base64,leaf" },
    { type: "input_file", file_url: "https://example.org/leaf.pdf" },
  );
}

function tool(): fc.Arbitrary<JsonObject> {
  return fc.constantFrom<JsonObject>(
    { type: "function", name: "leaf", description: "leaf", parameters: objectSchema("leaf"), strict: true },
    { type: "function", name: "leaf", parameters: null, strict: null },
  );
}

function objectSchema(description: string): JsonObject {
  return { type: "object", properties: { a: { type: "string", description } }, required: ["a"] };
}

/** Gives each call an id of its own, and each output that of its call. */
function numberCalls(items: readonly JsonObject[]): readonly JsonObject[] {
  const numbers = { function_call: 0, function_call_output: 0 };
  return items.map((item) => {
    const { type } = item;
    if (type !== "function_call" && type !== "function_call_output") return item;
    return { ...item, call_id: `call_${numbers[type]++}` };
  });
}

function numberLeaves(request: JsonObject): JsonObject {
  let leaf = 0;
  const text = JSON.stringify(request).replaceAll("leaf", () => `leaf-${leaf++}-`);
  // The text above is JSON of an object, with other words in it.
  return JSON.parse(text) as JsonObject;
}
