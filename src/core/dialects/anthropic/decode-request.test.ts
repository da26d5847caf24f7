import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RequestProblem } from "#core/dialects/dialect.ts";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import { damaged, jsonValues } from "../../../../test/support/arbitraries.ts";
import { anthropicRequests } from "../../../../test/support/anthropic-requests.ts";
import { decodeCountTokensRequest, decodeRequest } from "./decode-request.ts";

function decoded(body: Json): ChatRequest {
  const result = decodeRequest(body);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function problem(body: Json): RequestProblem {
  const result = decodeRequest(body);
  if (result.ok) throw new Error("Cannot test the problem: wanted one, got a request");
  return result.error;
}

const minimal = { model: "m", max_tokens: 100, messages: [{ role: "user", content: "hi" }] };

describe("a request for a message", () => {
  test("the least that a client may send is a request", () => {
    expect(decoded(minimal)).toEqual({
      model: "m",
      stream: false,
      messages: [{ role: "user", parts: [{ type: "text", text: "hi" }] }],
      tools: [],
      toolChoice: { type: "default" },
      output: { type: "text" },
      parameters: { maxOutputTokens: 100 },
      thinking: {},
      safety: [],
      includeUsage: true,
    });
  });

  test("wishes are read, and what has no neutral word is kept", () => {
    const request = decoded({
      ...minimal,
      stream: true,
      system: [{ type: "text", text: "Be brief", cache_control: { type: "ephemeral" } }],
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      stop_sequences: ["END"],
      metadata: { user_id: "u-1", team: "a" },
      service_tier: "standard_only",
      tools: [
        { name: "w", description: "d", input_schema: { type: "object" }, strict: true, defer_loading: true },
      ],
      tool_choice: { type: "tool", name: "w", disable_parallel_tool_use: true },
      output_config: { format: { type: "json_schema", schema: { type: "object" } } },
      context_management: { edits: [] },
    });
    expect(request).toMatchObject({
      stream: true,
      parameters: { temperature: 0.5, topP: 0.9, topK: 40, stop: ["END"], maxOutputTokens: 100 },
      user: "u-1",
      serviceTier: "default",
      toolChoice: { type: "required", names: ["w"] },
      parallelToolCalls: false,
      output: { type: "json-schema", schema: { type: "object" }, notation: "json-schema", strict: true },
    });
    expect(request.messages[0]).toEqual({
      role: "system",
      parts: [
        {
          type: "text",
          text: "Be brief",
          extra: { dialect: "anthropic", fields: { cache_control: { type: "ephemeral" } } },
        },
      ],
    });
    expect(request.tools).toEqual([
      {
        type: "function",
        name: "w",
        description: "d",
        parameters: { type: "object" },
        notation: "json-schema",
        strict: true,
        extra: { dialect: "anthropic", fields: { defer_loading: true } },
      },
    ]);
    expect(request.extra?.fields).toEqual({ metadata: { team: "a" }, context_management: { edits: [] } });
  });

  test("null is the same as nothing", () => {
    const empty = { cache_control: null, system: null, tools: null, thinking: null, output_config: null };
    expect(decoded({ ...minimal, ...empty })).toEqual(decoded(minimal));
  });

  test.each<readonly [JsonObject, object]>([
    [{ thinking: { type: "enabled", budget_tokens: 2048 } }, { budgetTokens: 2048, include: true }],
    [{ thinking: { type: "adaptive" } }, { budgetTokens: -1, include: true }],
    [{ thinking: { type: "adaptive", display: "omitted" } }, { budgetTokens: -1, include: false }],
    [
      { thinking: { type: "adaptive" }, output_config: { effort: "max" } },
      { level: "xhigh", include: true },
    ],
    [{ thinking: { type: "disabled" } }, { level: "none", include: false }],
    [{ output_config: { effort: "low" } }, { level: "low" }],
  ])("%j wants thinking %j", (fields, thinking) => {
    const request = decoded({ ...minimal, ...fields });
    expect(request.thinking).toEqual(thinking);
    expect(request.extra).toBeUndefined();
  });

  test("an effort beside a budget decides nothing, and is kept to be named", () => {
    const thinking = { type: "enabled", budget_tokens: 2048 };
    const { extra } = decoded({ ...minimal, thinking, output_config: { effort: "low" } });
    expect(extra?.fields).toEqual({ output_config: { effort: "low" } });
  });

  test.each([
    ["model", { ...minimal, model: 7 }],
    ["max_tokens", { model: "m", messages: minimal.messages }],
    ["max_tokens", { ...minimal, max_tokens: 0 }],
    ["messages", { ...minimal, messages: [] }],
    ["messages[0].role", { ...minimal, messages: [{ role: "tool", content: "x" }] }],
    ["messages[0].content", { ...minimal, messages: [{ role: "user" }] }],
    ["messages[0].content", { ...minimal, messages: [{ role: "system" }] }],
    ["messages[0].content[0].type", { ...minimal, messages: [{ role: "user", content: [{}] }] }],
    ["system", { ...minimal, system: 7 }],
    ["stop_sequences", { ...minimal, stop_sequences: [7] }],
    ["tools[0].input_schema", { ...minimal, tools: [{ name: "f" }] }],
    ["tool_choice.name", { ...minimal, tool_choice: { type: "tool" } }],
    ["thinking.budget_tokens", { ...minimal, thinking: { type: "enabled" } }],
    ["output_config.format.type", { ...minimal, output_config: { format: { type: "xml" } } }],
  ])("a problem names %s", (field, body) => {
    expect(problem(body)).toMatchObject({ code: "invalid-request", field });
  });

  test.each([
    [
      "tools[0].type",
      { tools: [{ type: "web_search_20260209", name: "web_search" }] },
      "web_search_20260209",
    ],
    ["tools[0].type", { tools: [{ type: "bash_20250124", name: "bash" }] }, "custom tool"],
    ["mcp_servers", { mcp_servers: [{ type: "url", url: "https://x", name: "x" }] }, "MCP"],
  ])("what only Anthropic can do is refused at %s", (field, fields, words) => {
    const refused = problem({ ...minimal, ...fields });
    expect(refused).toMatchObject({ code: "unsupported-feature", field });
    expect(refused.message).toContain(words);
  });

  test("what a client writes for a type is not told again", () => {
    const tool = { type: "planted Secret", name: "x" };
    expect(problem({ ...minimal, tools: [tool] }).message).not.toContain("Secret");
    const { messages } = decoded({
      ...minimal,
      messages: [{ role: "user", content: [{ type: "a Secret" }] }],
    });
    expect(messages[0]?.parts[0]).toMatchObject({ type: "opaque", name: "unknown" });
  });

  test("law: any JSON is a request or a problem with words, and never thrown", () => {
    const bodies = fc.oneof(jsonValues, damaged(anthropicRequests));
    fc.assert(
      fc.property(bodies, (body) => {
        for (const decode of [decodeRequest, decodeCountTokensRequest]) {
          const result = decode(body);
          if (!result.ok) expect(result.error.message).not.toBe("");
        }
      }),
      { numRuns: 500 },
    );
  });
});

test("a request whose tokens are counted needs no bound and is no stream", () => {
  const result = decodeCountTokensRequest({ model: "m", messages: minimal.messages, stream: true });
  expect(result).toMatchObject({ ok: true, value: { model: "m", stream: false, parameters: {} } });
});

test("values for the variant's prompt are read, and are no field of another dialect", () => {
  const body = {
    model: "r",
    max_tokens: 5,
    messages: [{ role: "user", content: "hi" }],
    prompt_variables: { product: "Halma" },
  };
  const request = decodeRequest(body);
  expect(request).toMatchObject({ ok: true, value: { promptVariables: { product: "Halma" } } });
  expect(request).not.toHaveProperty("value.extra");
});

test("messages may be left to the variant's prompt by a request that brings values for it, and by no other", () => {
  const body = { model: "r", max_tokens: 5, messages: [] };
  expect(decodeRequest({ ...body, prompt_variables: {} })).toMatchObject({
    ok: true,
    value: { messages: [] },
  });
  expect(decodeRequest(body)).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining("an array of at least one message") },
  });
});
