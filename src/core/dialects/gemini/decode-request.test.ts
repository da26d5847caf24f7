import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import { damaged, jsonValues } from "../../../../test/support/arbitraries.ts";
import { readVector } from "../../../../test/support/read-vector.ts";
import { decodeRequest } from "./decode-request.ts";

const path = { model: "models/gemini-3-flash-preview", stream: true };
const full = readVector("gemini/request-full.json") as { readonly body: JsonObject; readonly request: Json };
const names = readVector("gemini/request-snake.json") as { readonly snake: Json; readonly camel: Json };

function problemOf(body: Json) {
  const decoded = decodeRequest(body, path);
  return decoded.ok ? undefined : decoded.error;
}

function decoded(body: Json) {
  const result = decodeRequest(body, path);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe("a Gemini request", () => {
  test("is read whole", () => {
    expect(decoded(full.body)).toEqual(full.request);
  });

  test("means the same in proto names, with numbers as texts and single values for lists", () => {
    expect(decoded(names.snake)).toEqual(decoded(names.camel));
  });

  test("that mixes tool results with words becomes a tool message and a user message, in order", () => {
    const result = { functionResponse: { name: "f", response: { a: 1 } } };
    const { messages } = decoded({ contents: [{ role: "user", parts: [result, { text: "so?" }, result] }] });
    expect(messages.map(({ role }) => role)).toEqual(["tool", "user", "tool"]);
  });

  test("keeps part kinds that only Gemini has", () => {
    const part = { executableCode: { language: "PYTHON", code: "1" } };
    const later = { hologram: { data: "x" } };
    const { messages } = decoded({ contents: [{ role: "model", parts: [part, later] }] });
    expect(messages[0]?.parts).toEqual([
      { type: "opaque", dialect: "gemini", name: "executableCode", value: part },
      { type: "opaque", dialect: "gemini", name: "hologram", value: later },
    ]);
  });

  test("keeps an enum output with its schema for Gemini alone", () => {
    const config = { responseMimeType: "text/x.enum", responseSchema: { type: "STRING", enum: ["a"] } };
    const { output, extra } = decoded({ contents: [], generationConfig: config });
    expect(output).toEqual({ type: "text" });
    expect(extra?.fields).toEqual({ generationConfig: config });
  });

  test("knows a film of YouTube without a media type", () => {
    const fileData = { fileUri: "https://www.youtube.com/watch?v=x" };
    const { messages } = decoded({ contents: [{ parts: [{ fileData }] }] });
    expect(messages[0]?.parts[0]).toMatchObject({ type: "media", kind: "video" });
  });

  test.each<readonly [string, Json, string]>([
    ["contents", { contents: "hi" }, "contents[0]"],
    ["a role", { contents: [{ role: "assistant" }] }, "contents[0].role"],
    [
      "data",
      { contents: [{}, { parts: [{ inlineData: { data: 7 } }] }] },
      "contents[1].parts[0].inlineData.data",
    ],
    ["a part without anything", { contents: [{ parts: [{}] }] }, "contents[0].parts[0]"],
    [
      "a part with two kinds of data",
      { contents: [{ parts: [{ text: "a", functionCall: { name: "f" } }] }] },
      "contents[0].parts[0]",
    ],
    ["a name", { contents: [{ parts: [{ functionCall: {} }] }] }, "contents[0].parts[0].functionCall.name"],
    ["a number", { generationConfig: { temperature: "warm" } }, "generationConfig.temperature"],
    ["an integer", { generationConfig: { maxOutputTokens: 1.5 } }, "generationConfig.maxOutputTokens"],
    [
      "a mode",
      { toolConfig: { functionCallingConfig: { mode: "MAYBE" } } },
      "toolConfig.functionCallingConfig.mode",
    ],
    [
      "a level",
      { generationConfig: { thinkingConfig: { thinkingLevel: "HUGE" } } },
      "generationConfig.thinkingConfig.thinkingLevel",
    ],
    [
      "level and budget",
      { generationConfig: { thinkingConfig: { thinkingLevel: "LOW", thinkingBudget: 1 } } },
      "generationConfig.thinkingConfig",
    ],
    ["two schemas", { generationConfig: { responseSchema: {}, responseJsonSchema: {} } }, "generationConfig"],
    ["a stop", { generationConfig: { stopSequences: ["a", 1] } }, "generationConfig.stopSequences[1]"],
    [
      "two notations",
      { tools: [{ functionDeclarations: [{ name: "f", parameters: {}, parametersJsonSchema: {} }] }] },
      "tools[0].functionDeclarations[0]",
    ],
  ])("with %s that is wrong is refused by the field's path", (_name, body, field) => {
    expect(problemOf(body)).toMatchObject({ code: "invalid-request", field });
  });

  test("without a model is refused", () => {
    expect(decodeRequest({ contents: [] }, {})).toMatchObject({ ok: false, error: { field: "model" } });
  });

  test("tells nothing of its content in a problem", () => {
    const secret = "sk-very-secret";
    expect(problemOf({ contents: [{ role: secret }] })?.message).not.toContain(secret);
    expect(problemOf({ generationConfig: { temperature: secret } })?.message).not.toContain(secret);
  });

  test("that nests without end is refused, not crashed on", () => {
    let deep: Json = "x";
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(problemOf({ contents: deep })).toMatchObject({ code: "invalid-request" });
    expect(problemOf(deep)).toMatchObject({ code: "invalid-request" });
  });

  test("law: any JSON is read or refused, never thrown on", () => {
    fc.assert(
      fc.property(
        fc.oneof(jsonValues, damaged(fc.constant(full.body)), damaged(fc.constant(names.snake))),
        (body) => {
          const result = decodeRequest(body, path);
          expect(result.ok || result.error.message).not.toBe("");
        },
      ),
      { numRuns: 1000 },
    );
  });
});
