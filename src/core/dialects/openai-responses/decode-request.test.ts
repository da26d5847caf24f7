import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "#core/kernel/json.ts";
import { damaged, jsonValues } from "../../../../test/support/arbitraries.ts";
import { responsesRequests } from "../../../../test/support/responses-requests.ts";
import { decodeRequest } from "./decode-request.ts";

function decoded(fields: JsonObject) {
  return decodeRequest({ model: "route", input: "hi", ...fields });
}

function request(fields: JsonObject) {
  const result = decoded(fields);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe("a request of the Responses API", () => {
  test("is read with all its wishes", () => {
    expect(
      request({
        model: "models/route",
        instructions: "Be brief",
        stream: true,
        temperature: 0.5,
        top_p: 0.9,
        max_output_tokens: 77,
        parallel_tool_calls: false,
        reasoning: { effort: "high", summary: "auto" },
        user: "u",
        metadata: { team: "a" },
        service_tier: "flex",
      }),
    ).toEqual({
      model: "route",
      stream: true,
      messages: [
        { role: "system", parts: [{ type: "text", text: "Be brief" }] },
        { role: "user", parts: [{ type: "text", text: "hi" }] },
      ],
      tools: [],
      toolChoice: { type: "default" },
      parallelToolCalls: false,
      output: { type: "text" },
      parameters: { temperature: 0.5, topP: 0.9, maxOutputTokens: 77 },
      thinking: { level: "high", include: true },
      safety: [],
      includeUsage: true,
      thread: { isStored: true },
      user: "u",
      metadata: { team: "a" },
      serviceTier: "flex",
    });
  });

  test("may ask for the structure of its text", () => {
    const schema = { type: "object", properties: {} };
    expect(request({ text: { format: { type: "json_object" } } }).output).toEqual({ type: "json" });
    expect(
      request({ text: { format: { type: "json_schema", name: "film", strict: true, schema } } }).output,
    ).toEqual({ type: "json-schema", name: "film", strict: true, schema, notation: "json-schema" });
    expect(decoded({ text: { format: { type: "json_schema", name: "film" } } })).toMatchObject({
      error: { code: "invalid-request", field: "text.format.schema" },
    });
  });

  test("may bring functions, and say which of them must be called", () => {
    const tool = {
      type: "function",
      name: "w",
      description: null,
      parameters: { type: "object" },
      strict: null,
    };
    expect(request({ tools: [tool] }).tools).toEqual([
      { type: "function", name: "w", parameters: { type: "object" }, notation: "json-schema" },
    ]);
    const choice = (value: JsonObject | string) => request({ tools: [tool], tool_choice: value }).toolChoice;
    expect(choice("required")).toEqual({ type: "required" });
    expect(choice({ type: "function", name: "w" })).toEqual({ type: "required", names: ["w"] });
    const allowed = { type: "allowed_tools", tools: [{ type: "function", name: "w" }] };
    expect(choice({ ...allowed, mode: "auto" })).toEqual({ type: "validated", names: ["w"] });
    expect(choice({ ...allowed, mode: "required" })).toEqual({ type: "required", names: ["w"] });
  });

  test("keeps what it alone has, but for what happens anyway", () => {
    expect(
      request({
        store: false,
        truncation: "disabled",
        background: false,
        include: ["reasoning.encrypted_content"],
        top_logprobs: 0,
        previous_response_id: null,
        stream_options: { include_obfuscation: false },
      }).extra,
    ).toBeUndefined();
    const own = { truncation: "auto", include: ["x"], max_tool_calls: 3, prompt_cache_key: "k" };
    expect(request({ ...own, text: { verbosity: "low" }, reasoning: { context: "c" } }).extra).toEqual({
      dialect: "openai-responses",
      fields: { ...own, text: { verbosity: "low" }, reasoning: { context: "c" } },
    });
  });

  test("says how it belongs to a thread", () => {
    expect(request({}).thread).toEqual({ isStored: true });
    expect(request({ store: true, previous_response_id: null }).thread).toEqual({ isStored: true });
    expect(request({ store: false }).thread).toEqual({ isStored: false });
    expect(request({ previous_response_id: "a" }).thread).toEqual({ previousId: "a", isStored: true });
  });

  test("the strongest effort is the strongest that others know", () => {
    expect(request({ reasoning: { effort: "max" } }).thinking).toEqual({ level: "xhigh" });
    expect(decoded({ reasoning: { effort: "enormous" } })).toMatchObject({
      error: { code: "invalid-request", field: "reasoning.effort" },
    });
  });

  test.each<[string, JsonObject]>([
    ["conversation", { conversation: { id: "conv_1" } }],
    ["prompt", { prompt: { id: "pmpt_1" } }],
    ["background", { background: true }],
    ["top_logprobs", { top_logprobs: 2 }],
    ["include", { include: ["message.output_text.logprobs"] }],
    ["tools[0].type", { tools: [{ type: "web_search" }] }],
    ["tools[0].type", { tools: [{ type: "custom", name: "x" }] }],
    ["tool_choice.type", { tool_choice: { type: "web_search" } }],
    ["input[0]", { input: [{ type: "item_reference", id: "msg_1" }] }],
    ["input[0]", { input: [{ id: "msg_1" }] }],
    ["input[0].type", { input: [{ type: "web_search_call", id: "ws_1" }] }],
  ])("%s cannot be served, and says so", (field, fields) => {
    const result = decoded(fields);
    expect(result).toMatchObject({ ok: false, error: { code: "unsupported-feature", field } });
  });

  test.each<[string, JsonObject]>([
    ["input", { input: [] }],
    ["input", { input: null }],
    ["input", { input: 3 }],
    ["input[0]", { input: ["hi"] }],
    ["input[0].type", { input: [{}] }],
    ["input[0].role", { input: [{ role: "tool", content: "x" }] }],
    ["input[0].content", { input: [{ role: "user" }] }],
    [
      "input[0].content[0].type",
      { input: [{ role: "user", content: [{ type: "output_text", text: "x" }] }] },
    ],
    ["input[0].content[0].image_url", { input: [{ role: "user", content: [{ type: "input_image" }] }] }],
    ["input[0].content[0].file_data", { input: [{ role: "user", content: [{ type: "input_file" }] }] }],
    ["input[0].call_id", { input: [{ type: "function_call", name: "x", arguments: "{}" }] }],
    ["input[0].output", { input: [{ type: "function_call_output", call_id: "c" }] }],
    ["include", { include: "all" }],
    ["previous_response_id", { previous_response_id: 7 }],
    ["store", { store: "no" }],
    ["metadata", { metadata: { a: 1 } }],
    ["model", { model: 5 }],
  ])("%s of a wrong type is named", (field, fields) => {
    expect(decoded(fields)).toMatchObject({ ok: false, error: { code: "invalid-request", field } });
  });

  test.each([[null], ["text"], [[]]])("a body that is no object is refused: %j", (body) => {
    expect(decodeRequest(body)).toMatchObject({ ok: false, error: { field: "body" } });
  });

  test("law: any JSON is read or refused, never thrown on", () => {
    fc.assert(
      fc.property(fc.oneof(jsonValues, damaged(responsesRequests)), (body) => {
        const result = decodeRequest(body);
        expect(result.ok || result.error.message).not.toBe("");
      }),
      { numRuns: 1000 },
    );
  });
});

test("values for the variant's prompt are read, and are no field of another dialect", () => {
  const request = decodeRequest({ model: "r", input: "hi", prompt_variables: { product: "Halma" } });
  expect(request).toMatchObject({ ok: true, value: { promptVariables: { product: "Halma" } } });
  expect(request).not.toHaveProperty("value.extra");
});

test("input may be left to the variant's prompt by a request that brings values for it, and by no other", () => {
  for (const body of [{ model: "r" }, { model: "r", input: [] }]) {
    expect(decodeRequest({ ...body, prompt_variables: {} })).toMatchObject({
      ok: true,
      value: { messages: [] },
    });
    expect(decodeRequest(body)).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining("at least one item") },
    });
  }
});
