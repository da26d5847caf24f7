import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { UpstreamModel } from "#core/dialects/dialect.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { Message } from "#core/llm/message.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import { chatRequests, jsonObjects } from "../../../../test/support/arbitraries.ts";
import { readVector } from "../../../../test/support/read-vector.ts";
import { budgetGemini, levelGemini } from "../../../../test/support/upstream-models.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeRequest } from "./encode-request.ts";

const present: UpstreamModel = {
  ...levelGemini,
  id: "gemini-4-argon",
  ignoresSampling: true,
  acceptsPrefill: false,
};
const hello: Message = { role: "user", parts: [{ type: "text", text: "hi" }] };

function request(change: Partial<ChatRequest>): ChatRequest {
  return {
    model: "route",
    stream: false,
    messages: [hello],
    tools: [],
    toolChoice: { type: "default" },
    output: { type: "text" },
    parameters: {},
    thinking: {},
    safety: [],
    includeUsage: false,
    ...change,
  };
}

function encoded(change: Partial<ChatRequest>, model = levelGemini) {
  const result = encodeRequest(request(change), model);
  if (!result.ok) throw new Error(result.error.message);
  return {
    body: result.value.body,
    warnings: result.value.warnings.map(({ code, field }) => `${code} ${field}`),
  };
}

function problemOf(change: Partial<ChatRequest>, model = levelGemini) {
  const result = encodeRequest(request(change), model);
  return result.ok ? undefined : result.error;
}

const call = (id: string, more: JsonObject = {}) =>
  ({ type: "tool-call", id, name: `f_${id}`, argumentsJson: '{"a":1}', ...more }) as const;
const result = (callId: string): Message => ({
  role: "tool",
  parts: [{ type: "tool-result", callId, content: "42" }],
});

/** The body with an object that nobody knows in the request, its config, and each turn and part. */
function withUnknown(body: JsonObject, laterField: JsonObject): JsonObject {
  const contents = body["contents"] as readonly JsonObject[];
  return {
    ...body,
    contents: contents.map((content) => ({
      ...content,
      laterField,
      parts: (content["parts"] as readonly JsonObject[]).map((part) => ({
        ...part,
        partMetadata: laterField,
      })),
    })),
    generationConfig: { ...(body["generationConfig"] as JsonObject | undefined), laterField },
    laterField,
  };
}

describe("a request for Gemini", () => {
  test("that came from Gemini is the same again, field by field", () => {
    const { body } = readVector("gemini/request-full.json") as { readonly body: JsonObject };
    const decoded = decodeRequest(body, { model: "m" });
    if (!decoded.ok) throw new Error(decoded.error.message);
    expect(encodeRequest(decoded.value, levelGemini)).toEqual({ ok: true, value: { body, warnings: [] } });
  });

  test("law: writing is total, and what was written is written the same again", () => {
    fc.assert(
      fc.property(chatRequests, fc.constantFrom(levelGemini, budgetGemini, present), (asked, model) => {
        const first = encodeRequest(asked, model);
        if (!first.ok) {
          expect(first.error.field).toBeDefined();
          return;
        }
        const again = decodeRequest(first.value.body, { model: asked.model, stream: asked.stream });
        if (!again.ok) throw new Error(again.error.message);
        const second = encodeRequest(again.value, model);
        expect(second.ok && second.value.body).toEqual(first.value.body);
      }),
      { numRuns: 500 },
    );
  });

  test("law: fields that we do not know come back to Gemini as they came", () => {
    fc.assert(
      fc.property(chatRequests, jsonObjects, (asked, unknown) => {
        const written = encodeRequest(asked, levelGemini);
        fc.pre(written.ok);
        const body = withUnknown(written.value.body, unknown);
        const decoded = decodeRequest(body, { model: "m" });
        if (!decoded.ok) throw new Error(decoded.error.message);
        const again = encodeRequest(decoded.value, levelGemini);
        expect(again.ok && again.value.body).toEqual(body);
      }),
      { numRuns: 300 },
    );
  });

  test("has tool results in a row in one turn, apart from what the user says", () => {
    const { body } = encoded({
      messages: [
        hello,
        { role: "assistant", parts: [call("1", { thoughtSignature: "s" }), call("2")] },
        result("2"),
        result("1"),
        hello,
      ],
    });
    const contents = body["contents"] as readonly JsonObject[];
    expect(contents.map(({ role, parts }) => [role, (parts as readonly unknown[]).length])).toEqual([
      ["user", 1],
      ["model", 2],
      ["user", 2],
      ["user", 1],
    ]);
    expect(contents[2]?.["parts"]).toEqual([
      { functionResponse: { id: "2", name: "f_2", response: { output: "42" } } },
      { functionResponse: { id: "1", name: "f_1", response: { output: "42" } } },
    ]);
  });

  test("needs the call that a tool result answers", () => {
    expect(problemOf({ messages: [hello, result("gone")] })).toMatchObject({
      code: "invalid-request",
      field: "messages[1].content[0]",
    });
  });

  test("refuses arguments that are no object", () => {
    for (const argumentsJson of ["[1]", "{", `{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`]) {
      const messages: readonly Message[] = [
        hello,
        { role: "assistant", parts: [{ ...call("1"), argumentsJson }] },
      ];
      expect(problemOf({ messages })).toMatchObject({
        code: "invalid-request",
        field: "messages[1].content[0]",
      });
    }
  });

  test("gets Google's placeholder where the first call of a step lost its signature", () => {
    const messages: readonly Message[] = [
      hello,
      { role: "assistant", parts: [call("1"), call("2")] },
      result("1"),
      result("2"),
      { role: "assistant", parts: [call("3", { thoughtSignature: "own" })] },
      result("3"),
    ];
    const { body, warnings } = encoded({ messages });
    expect(JSON.stringify(body).match(/skip_thought_signature_validator/g)).toHaveLength(1);
    expect(body).toMatchObject({
      contents: [{}, { parts: [{ thoughtSignature: "skip_thought_signature_validator" }, {}] }, {}, {}, {}],
    });
    expect(warnings).toEqual(["inserted-thought-signature messages[1].content[0]"]);
    expect(encoded({ messages }, budgetGemini).warnings).toEqual([]);
  });

  test("has one system instruction: later ones are moved to it, by name", () => {
    const system = (text: string): Message => ({ role: "system", parts: [{ type: "text", text }] });
    const { body, warnings } = encoded({ messages: [system("a"), system("b"), hello, system("c")] });
    expect(body["systemInstruction"]).toEqual({ parts: [{ text: "a" }, { text: "b" }, { text: "c" }] });
    expect(warnings).toEqual(["moved-system-message messages[3]"]);
  });

  test("of system messages alone speaks as the user, by name", () => {
    const { body, warnings } = encoded({ messages: [{ ...hello, role: "system" }] });
    expect(body).toEqual({ contents: [{ role: "user", parts: [{ text: "hi" }] }] });
    expect(warnings).toEqual(["moved-system-message messages"]);
  });

  test("without any message is refused", () => {
    expect(problemOf({ messages: [] })).toMatchObject({ code: "invalid-request", field: "messages" });
  });

  test("that ends with the model's turn is refused where the model continues none", () => {
    const messages: readonly Message[] = [hello, { ...hello, role: "assistant" }];
    expect(problemOf({ messages }, present)).toMatchObject({
      code: "unsupported-feature",
      field: "messages",
    });
    expect(problemOf({ messages }, levelGemini)).toBeUndefined();
  });

  test("carries real JSON Schema where Gemini takes it", () => {
    const schema = { type: "object", properties: { a: { $ref: "#/$defs/A" } }, $defs: { A: { const: 1 } } };
    const { body } = encoded({
      tools: [{ type: "function", name: "f", parameters: schema, notation: "json-schema" }],
      output: { type: "json-schema", schema, notation: "json-schema", description: "what for", strict: true },
    });
    expect(body).toMatchObject({
      tools: [{ functionDeclarations: [{ name: "f", parametersJsonSchema: schema }] }],
      generationConfig: {
        responseMimeType: "application/json",
        responseJsonSchema: { ...schema, description: "what for" },
      },
    });
  });

  test("leaves out sampling that the model ignores, by name", () => {
    const { body, warnings } = encoded(
      { parameters: { temperature: 1, topP: 1, topK: 1, seed: 1 } },
      present,
    );
    expect(body["generationConfig"]).toEqual({ seed: 1 });
    expect(warnings).toEqual(["dropped-field temperature", "dropped-field topP", "dropped-field topK"]);
  });

  test("for several answers is refused where the model gives one", () => {
    expect(problemOf({ parameters: { candidateCount: 2 } }, present)).toMatchObject({
      code: "unsupported-feature",
      field: "n",
    });
    expect(encoded({ parameters: { candidateCount: 1 } }, present).body).not.toHaveProperty(
      "generationConfig",
    );
    expect(encoded({ parameters: { candidateCount: 2 } }).body).toMatchObject({
      generationConfig: { candidateCount: 2 },
    });
  });

  test("has a seed of 32 bits", () => {
    const { body, warnings } = encoded({ parameters: { seed: 2 ** 40 + 5 } });
    expect(body).toMatchObject({ generationConfig: { seed: 5 } });
    expect(warnings).toEqual(["approximated-field seed"]);
  });

  test("sets no mode where there are no functions, which Gemini would refuse", () => {
    expect(encoded({ toolChoice: { type: "none" } }).body).not.toHaveProperty("toolConfig");
  });

  test("names what another dialect has and Gemini lacks; empty fields say nothing", () => {
    const extra = {
      dialect: "openai-chat",
      fields: { logit_bias: { 5: 1 }, refusal: null, annotations: [] },
    } as const;
    const { warnings } = encoded({
      extra,
      messages: [
        { ...hello, name: "Ann", extra },
        { ...hello, parts: [{ type: "text", text: "x", extra }] },
      ],
      user: "u",
      metadata: { a: "b" },
      parallelToolCalls: false,
    });
    expect(warnings.toSorted()).toEqual([
      "dropped-field logit_bias",
      "dropped-field messages[0].logit_bias",
      "dropped-field messages[0].name",
      "dropped-field messages[1].content[0].logit_bias",
      "dropped-field metadata",
      "dropped-field parallel_tool_calls",
      "dropped-field user",
    ]);
  });

  test.each([
    ["sound", { modalities: ["text", "audio"] }, "modalities"],
    ["a web search", { web_search_options: {} }, "web_search_options"],
  ])("for %s, asked in another dialect's words, is refused", (_name, fields, field) => {
    expect(problemOf({ extra: { dialect: "openai-chat", fields } })).toMatchObject({
      code: "unsupported-feature",
      field,
    });
  });

  test("with a tool of another provider or a file kept there is refused", () => {
    const tools = [{ type: "built-in", dialect: "openai-chat", name: "custom", value: {} }] as const;
    expect(problemOf({ tools })).toMatchObject({ code: "unsupported-feature", field: "tools[0]" });
    const file = { type: "media", kind: "document", source: { type: "file", id: "f" } } as const;
    expect(problemOf({ messages: [{ role: "user", parts: [file] }] })).toMatchObject({
      code: "unsupported-feature",
      field: "messages[0].content[0]",
    });
  });
});
