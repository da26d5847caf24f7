import { describe, expect, test } from "vitest";
import type { ResourceCall } from "#core/dialects/resources.ts";
import type { Json } from "#core/kernel/json.ts";
import { geminiResources, geminiResourceServer } from "./resources.ts";

const create: ResourceCall = { kind: "cached-content", action: "create", query: "" };
const interaction: ResourceCall = { kind: "interaction", action: "create", query: "" };
const batch: ResourceCall = { kind: "batch", action: "create", model: "chat", query: "" };

describe("a path", () => {
  test.each<readonly [ResourceCall, string]>([
    [create, "/cachedContents"],
    [{ kind: "cached-content", action: "list", query: "pageSize=2" }, "/cachedContents?pageSize=2"],
    [{ kind: "cached-content", action: "update", id: "google~abc", query: "" }, "/cachedContents/abc"],
    [batch, "/models/gemini-x:batchGenerateContent"],
    [{ kind: "batch", action: "cancel", id: "abc", query: "" }, "/batches/abc:cancel"],
    [{ kind: "interaction", action: "cancel", id: "google~abc", query: "" }, "/interactions/abc/cancel"],
    [{ kind: "interaction", action: "get", id: "google~a/b", query: "" }, "/interactions/a%2Fb"],
  ])("of %j is %s", (call, path) => {
    expect(geminiResources.path(call, "gemini-x")).toBe(path);
  });
});

describe("a request", () => {
  test("goes out with the model's own name and nothing else changed", () => {
    expect(geminiResources.encodeRequest(create, '{"model":"models/chat", "ttl":"9s"}', "gemini-x")).toBe(
      '{"model":"models/gemini-x", "ttl":"9s"}',
    );
    expect(geminiResources.encodeRequest(interaction, '{"model":"chat","input":1.0}', "gemini-x")).toBe(
      '{"model":"gemini-x","input":1.0}',
    );
  });

  test("calls what it refers to as the provider does", () => {
    const text =
      '{"model":"chat","previous_interaction_id":"google~i1","cached_content":"cachedContents/google~c1"}';
    expect(JSON.parse(geminiResources.encodeRequest(interaction, text, "x"))).toEqual({
      model: "x",
      previous_interaction_id: "i1",
      cached_content: "cachedContents/c1",
    });
    const inner =
      '{"batch":{"model":"m","requests":[{"request":{"cachedContent":"cachedContents/google~c1"}}]}}';
    expect(geminiResources.encodeRequest(batch, inner, "x")).toBe(inner.replace("google~", ""));
  });

  test.each<readonly [ResourceCall, Json, unknown]>([
    [interaction, { model: "models/chat", stream: true }, { model: "chat", stream: true, providers: [] }],
    [batch, { batch: {} }, { model: "chat", stream: false, providers: [] }],
    [
      interaction,
      { model: "m", generation_config: { max_output_tokens: 7 }, previous_interaction_id: "a~1" },
      { model: "m", stream: false, maxOutputTokens: 7, providers: ["a"] },
    ],
  ])("%j with %j is read", (call, body, wanted) => {
    const read = geminiResourceServer.decodeRequest(call, body, JSON.stringify(body));
    expect(read).toEqual({ ok: true, value: wanted });
  });

  test.each<readonly [Json, string | undefined]>([
    [[], undefined],
    [{}, "model"],
    [{ model: 7 }, "model"],
    [{ agent: "a" }, "agent"],
  ])("%j is refused, the field named", (body, field) => {
    const read = geminiResourceServer.decodeRequest(interaction, body, JSON.stringify(body));
    expect(read.ok ? undefined : read.error.field).toBe(field);
    expect(read.ok).toBe(false);
  });
});

describe("an answer", () => {
  const placed = (call: ResourceCall, body: Json): unknown =>
    JSON.parse(geminiResources.encodeAnswer(call, { text: JSON.stringify(body), body }, "google"));

  test("names things by their provider", () => {
    expect(
      placed(create, { name: "cachedContents/c1", model: "models/m", displayName: "cachedContents/c1" }),
    ).toEqual({
      name: "cachedContents/google~c1",
      model: "models/m",
      displayName: "cachedContents/c1",
    });
    expect(placed(batch, { operations: [{ name: "batches/b1", metadata: { name: "batches/b1" } }] })).toEqual(
      {
        operations: [{ name: "batches/google~b1", metadata: { name: "batches/google~b1" } }],
      },
    );
  });

  test("of an interaction leaves the ids of its calls", () => {
    const body = { id: "i1", previous_interaction_id: "i0", steps: [{ type: "function_call", id: "c1" }] };
    expect(placed(interaction, body)).toEqual({
      id: "google~i1",
      previous_interaction_id: "google~i0",
      steps: [{ type: "function_call", id: "c1" }],
    });
    expect(placed(interaction, { event_type: "interaction.created", interaction: { id: "i1" } })).toEqual({
      event_type: "interaction.created",
      interaction: { id: "google~i1" },
    });
  });

  test("about a cache tells its tokens, and for how long they are kept", () => {
    const body = {
      createTime: "2026-11-26T00:00:00Z",
      updateTime: "2026-11-26T00:30:00Z",
      expireTime: "2026-11-26T01:00:00Z",
      usageMetadata: { totalTokenCount: 2000 },
    };
    const untilMs = Date.parse("2026-11-26T01:00:00Z");
    expect(geminiResources.read(create, body)).toMatchObject({
      usage: { inputTokens: 2000 },
      stored: { tokens: 2000, fromMs: untilMs - 3_600_000, untilMs },
    });
    expect(geminiResources.read({ ...create, action: "update", id: "c" }, body)).toMatchObject({
      usage: { inputTokens: 0 },
      stored: { tokens: 2000, fromMs: untilMs - 1_800_000, untilMs },
    });
    expect(geminiResources.read({ ...create, action: "get", id: "c" }, body)).toEqual({});
    expect(geminiResources.read(create, { ...body, expireTime: "soon" })).not.toHaveProperty("stored");
  });

  test.each<readonly [Json, unknown]>([
    [
      {
        id: "i1",
        status: "completed",
        service_tier: "flex",
        usage: {
          total_input_tokens: 9,
          total_cached_tokens: 4,
          total_output_tokens: 5,
          total_thought_tokens: 3,
          total_tool_use_tokens: 1,
          input_tokens_by_modality: [{ modality: "text", tokens: 9 }],
        },
      },
      {
        id: "i1",
        finish: { reason: "stop", raw: "completed" },
        usage: {
          inputTokens: 9,
          cachedInputTokens: 4,
          outputTokens: 5,
          thinkingTokens: 3,
          toolInputTokens: 1,
          inputByModality: { text: 9 },
          serviceTier: "flex",
        },
      },
    ],
    [
      { id: "i1", status: "in_progress" },
      { id: "i1", finish: { reason: "other", raw: "in_progress" } },
    ],
    [{ event_type: "interaction.status_update", interaction_id: "i1", status: "in_progress" }, {}],
    [{ event_type: "step.delta", index: 0, delta: { type: "text", text: "été" } }, { contentBytes: 5 }],
    [
      { event_type: "error", error: { code: "unavailable", message: "Overloaded" } },
      { failure: { kind: "server-error", message: "Overloaded", upstreamCode: "unavailable" } },
    ],
  ])("%j is read", (body, wanted) => {
    expect(geminiResources.read(interaction, body)).toEqual(wanted);
  });
});
