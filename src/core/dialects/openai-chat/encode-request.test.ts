import { assert, constantFrom, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import type { EncodedRequest, RequestProblem, UpstreamModel } from "#core/dialects/dialect.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import { readVector } from "../../../../test/support/read-vector.ts";
import { budgetGemini, levelGemini, plainModel } from "../../../../test/support/upstream-models.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeRequest } from "./encode-request.ts";

const neutral: ChatRequest = {
  model: "route",
  stream: false,
  messages: [{ role: "user", parts: [{ type: "text", text: "hi" }] }],
  tools: [],
  toolChoice: { type: "default" },
  output: { type: "text" },
  parameters: {},
  thinking: {},
  safety: [],
  includeUsage: false,
};

function encoded(change: Partial<ChatRequest>, model: UpstreamModel = plainModel): EncodedRequest {
  const result = encodeRequest({ ...neutral, ...change }, model);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function problem(change: Partial<ChatRequest>): RequestProblem {
  const result = encodeRequest({ ...neutral, ...change }, plainModel);
  if (result.ok) throw new Error("Cannot test the problem: wanted one, got a request");
  return result.error;
}

function warned({ warnings }: EncodedRequest): readonly string[] {
  return warnings.map(({ code, field }) => `${code} ${field}`);
}

describe("encodeRequest", () => {
  test("a request of this dialect comes out as it went in", () => {
    const body = readVector("openai-chat/request-full.json") as JsonObject;
    const result = decodeRequest(body);
    if (!result.ok) throw new Error(result.error.message);
    const again = encodeRequest(result.value, budgetGemini);
    const messages = body["messages"] as JsonObject[];
    const { max_completion_tokens: _newer, ...rest } = body;
    expect(again).toEqual({
      ok: true,
      value: {
        body: {
          ...rest,
          model: "gemini-2.5-flash",
          messages: [
            { ...messages[0], role: "system" },
            ...messages.slice(1, 4),
            { ...messages[4], content: "12:00" },
            ...messages.slice(5),
          ],
          max_tokens: 400,
          stop: ["END"],
        },
        warnings: [],
      },
    });
  });

  test("a turn of one text is written as one that has to be looked at for more", () => {
    assert(
      property(constantFrom("system", "user", "assistant"), string(), (role, text) => {
        const plain = { role, parts: [{ type: "text", text }] } as const;
        const lookedAt = { ...plain, extra: { dialect: "openai-chat", fields: {} } } as const;
        expect(encoded({ messages: [plain] })).toEqual(encoded({ messages: [lookedAt] }));
      }),
    );
  });

  test("usage is always asked for in streams: it prices the call", () => {
    expect(encoded({ stream: true }).body).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(encoded({}).body).not.toHaveProperty("stream_options");
  });

  test("Gemini's own wishes are left out by name", () => {
    const request = encoded({
      parameters: { topK: 40 },
      safety: [{ category: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_NONE" }],
      extra: { dialect: "gemini", fields: { store: true } },
    });
    expect(warned(request)).toEqual([
      "dropped-field topK",
      "dropped-field safety.HARM_CATEGORY_HARASSMENT",
      "dropped-field store",
    ]);
    expect(Object.keys(request.body)).toEqual(["model", "messages"]);
  });

  test.each<[string, Partial<ChatRequest>]>([
    ["tools[0]", { tools: [{ type: "built-in", dialect: "gemini", name: "googleSearch", value: {} }] }],
    ["cachedContent", { cachedContent: "cachedContents/1" }],
    [
      "generationConfig.responseModalities",
      {
        extra: { dialect: "gemini", fields: { generationConfig: { responseModalities: ["TEXT", "IMAGE"] } } },
      },
    ],
    [
      "messages[0].parts[0]",
      {
        messages: [
          { role: "user", parts: [{ type: "opaque", dialect: "gemini", name: "executableCode", value: {} }] },
        ],
      },
    ],
    [
      "messages[0].parts[0]",
      {
        messages: [
          {
            role: "user",
            parts: [
              {
                type: "media",
                kind: "video",
                mimeType: "video/mp4",
                source: { type: "inline", base64: "AA==" },
              },
            ],
          },
        ],
      },
    ],
  ])("what would change the meaning is refused: %s", (field, change) => {
    expect(problem(change)).toMatchObject({ code: "unsupported-feature", field });
  });

  test("Gemini's calls and results without ids are paired by name and order", () => {
    const request = encoded({
      messages: [
        {
          role: "assistant",
          parts: [
            { type: "tool-call", name: "a", argumentsJson: "{}" },
            { type: "tool-call", name: "b", argumentsJson: "{}" },
            { type: "tool-call", name: "a", argumentsJson: "{}", id: "call_0" },
          ],
        },
        {
          role: "tool",
          parts: [
            { type: "tool-result", name: "b", content: { ok: true } },
            { type: "tool-result", name: "a", content: "one" },
            { type: "tool-result", name: "a", content: "two" },
          ],
        },
      ],
    });
    expect(request.body["messages"]).toMatchObject([
      { content: null, tool_calls: [{ id: "call_0_" }, { id: "call_1" }, { id: "call_0" }] },
      { role: "tool", tool_call_id: "call_1", content: '{"ok":true}' },
      { role: "tool", tool_call_id: "call_0_", content: "one" },
      { role: "tool", tool_call_id: "call_0", content: "two" },
    ]);
  });

  test("a result that answers no call is the request's mistake", () => {
    const messages = [{ role: "tool", parts: [{ type: "tool-result", name: "a", content: "x" }] }] as const;
    expect(problem({ messages })).toMatchObject({ code: "invalid-request", field: "messages[0].parts[0]" });
  });

  test("signatures go to Gemini's models only", () => {
    const messages = [
      {
        role: "assistant",
        parts: [
          { type: "text", text: "x", thoughtSignature: "s" },
          { type: "tool-call", id: "c", name: "a", argumentsJson: "{}", thoughtSignature: "t" },
        ],
      },
    ] as const;
    expect(encoded({ messages }, levelGemini).body["messages"]).toMatchObject([
      {
        extra_content: { google: { thought_signature: "s" } },
        tool_calls: [{ extra_content: { google: { thought_signature: "t" } } }],
      },
    ]);
    const plain = encoded({ messages });
    expect(JSON.stringify(plain.body)).not.toContain("thought_signature");
    expect(warned(plain)).toEqual([
      "dropped-field messages[0].parts[1].thoughtSignature",
      "dropped-field messages[0].thoughtSignature",
    ]);
  });

  test("a call of another model gets Google's placeholder, and keeps its id", () => {
    const call = (id: string) => ({ type: "tool-call", id, name: "a", argumentsJson: "{}" }) as const;
    const messages = [
      { role: "assistant", parts: [call("c1"), call("c2")] },
      {
        role: "tool",
        parts: [
          { type: "tool-result", callId: "c1", content: "x" },
          { type: "tool-result", callId: "c2", content: "y" },
        ],
      },
    ] as const;
    const written = encoded({ messages }, levelGemini);
    const placeholder = "skip_thought_signature_validator";
    expect(written.body["messages"]).toEqual([
      {
        role: "assistant",
        content: null,
        tool_calls: [
          expect.objectContaining({
            id: "c1",
            extra_content: { google: { thought_signature: placeholder } },
          }),
          expect.not.objectContaining({ extra_content: expect.anything() }),
        ],
      },
      { role: "tool", tool_call_id: "c1", content: "x" },
      { role: "tool", tool_call_id: "c2", content: "y" },
    ]);
    expect(warned(written)).toEqual(["inserted-thought-signature messages[0].parts[0]"]);
    expect(warned(encoded({ messages }))).toEqual([]);
  });

  test.each([
    [{ level: "high" }, plainModel, { reasoning_effort: "high" }, []],
    [{ level: "xhigh" }, levelGemini, { reasoning_effort: "high" }, ["approximated-field thinking.level"]],
    [{ level: "none" }, levelGemini, { reasoning_effort: "minimal" }, ["approximated-field thinking.level"]],
    [
      { budgetTokens: 5000 },
      plainModel,
      { reasoning_effort: "medium" },
      ["approximated-field thinking.budgetTokens"],
    ],
    [{ budgetTokens: -1 }, plainModel, {}, []],
    [
      { budgetTokens: 5000, include: true },
      budgetGemini,
      { extra_body: { google: { thinking_config: { thinking_budget: 5000, include_thoughts: true } } } },
      [],
    ],
    [{ include: true }, plainModel, {}, ["dropped-field thinking.include"]],
    [{ level: "low" }, { ...plainModel, thinking: { mode: "none" } }, {}, ["dropped-field thinking.level"]],
  ] as const)("thinking %j", (thinking, model, written, warnings) => {
    const request = encoded({ thinking }, model);
    const { model: _model, messages: _messages, ...rest } = request.body;
    expect(rest).toEqual(written);
    expect(warned(request)).toEqual(warnings);
  });

  test("tool choices", () => {
    const tools = [{ type: "function", name: "a", notation: "json-schema" }] as const;
    const choice = (toolChoice: ChatRequest["toolChoice"]) =>
      encoded({ tools, toolChoice }).body["tool_choice"];
    expect(choice({ type: "auto" })).toBe("auto");
    expect(choice({ type: "required" })).toBe("required");
    expect(choice({ type: "required", names: ["a"] })).toEqual({ type: "function", function: { name: "a" } });
    expect(choice({ type: "validated", names: ["a"] })).toMatchObject({
      type: "allowed_tools",
      allowed_tools: { mode: "auto" },
    });
    expect(warned(encoded({ tools, toolChoice: { type: "validated" } }))).toEqual([
      "approximated-field toolChoice",
    ]);
  });

  test("a schema in Gemini's words becomes JSON Schema", () => {
    const schema = { type: "OBJECT", properties: { a: { type: "STRING", nullable: true } } };
    const request = encoded({ output: { type: "json-schema", schema, notation: "gemini-schema" } });
    expect(request.body["response_format"]).toEqual({
      type: "json_schema",
      json_schema: {
        name: "response",
        schema: { type: "object", properties: { a: { type: ["string", "null"] } } },
      },
    });
  });
});
