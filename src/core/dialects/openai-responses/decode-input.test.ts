import { describe, expect, test } from "vitest";
import type { JsonObject } from "#core/kernel/json.ts";
import { decodeRequest } from "./decode-request.ts";

function messages(...input: readonly JsonObject[]) {
  const result = decodeRequest({ model: "route", input });
  if (!result.ok) throw new Error(result.error.message);
  return result.value.messages;
}

const user = { role: "user", content: "hi" };
const call = (id: string): JsonObject => ({ type: "function_call", call_id: id, name: "w", arguments: "{}" });
const output = (id: string, value: JsonObject[string]): JsonObject => ({
  type: "function_call_output",
  call_id: id,
  output: value,
});
const reasoning = (fields: JsonObject): JsonObject => ({
  type: "reasoning",
  id: "rs_1",
  summary: [],
  ...fields,
});
const signed = (place: string): JsonObject =>
  reasoning({ encrypted_content: `signalbox.gemini.${place}.c2ln` });
const said = (text: string): JsonObject => ({
  type: "message",
  id: "msg_1",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text, annotations: [], logprobs: [], parsed: null }],
});

describe("the items of an input", () => {
  test("that the model made in one go are one turn, results of its calls another", () => {
    expect(
      messages(
        user,
        reasoning({ summary: [{ type: "summary_text", text: "Let me see" }] }),
        said("I look"),
        call("a"),
        call("b"),
        output("a", "cold"),
        output("b", "warm"),
        user,
      ),
    ).toEqual([
      { role: "user", parts: [{ type: "text", text: "hi" }] },
      {
        role: "assistant",
        parts: [
          { type: "thinking", text: "Let me see" },
          { type: "text", text: "I look" },
          { type: "tool-call", id: "a", name: "w", argumentsJson: "{}" },
          { type: "tool-call", id: "b", name: "w", argumentsJson: "{}" },
        ],
      },
      {
        role: "tool",
        parts: [
          { type: "tool-result", callId: "a", content: "cold" },
          { type: "tool-result", callId: "b", content: "warm" },
        ],
      },
      { role: "user", parts: [{ type: "text", text: "hi" }] },
    ]);
  });

  test("hold pictures, files, sound, and words of a system", () => {
    const content = [
      { type: "input_text", text: "look" },
      { type: "input_image", image_url: "data:image/png;base64,AAAA", detail: "low" },
      { type: "input_image", file_id: "file-1" },
      { type: "input_file", file_data: "AAAA", filename: "a.csv" },
      { type: "input_file", file_url: "https://example.org/a.pdf" },
      { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
    ];
    expect(messages({ role: "developer", content: "Be brief" }, { role: "user", content })).toEqual([
      { role: "system", parts: [{ type: "text", text: "Be brief" }] },
      {
        role: "user",
        parts: [
          { type: "text", text: "look" },
          {
            type: "media",
            kind: "image",
            mimeType: "image/png",
            source: { type: "inline", base64: "AAAA" },
            detail: "low",
          },
          { type: "media", kind: "image", source: { type: "file", id: "file-1" } },
          {
            type: "media",
            kind: "document",
            mimeType: "text/csv",
            source: { type: "inline", base64: "AAAA" },
            filename: "a.csv",
          },
          { type: "media", kind: "document", source: { type: "url", url: "https://example.org/a.pdf" } },
          {
            type: "media",
            kind: "audio",
            mimeType: "audio/wav",
            source: { type: "inline", base64: "AAAA" },
          },
        ],
      },
    ]);
  });

  test("a picture that a tool gave follows in the user's turn", () => {
    const picture = { type: "input_image", image_url: "data:image/png;base64,AAAA" };
    const [, , result, next] = messages(
      user,
      call("a"),
      output("a", [{ type: "input_text", text: "see" }, picture]),
    );
    expect(result?.parts).toEqual([
      { type: "tool-result", callId: "a", content: "see\n[image 1 of this result, in the next turn]" },
    ]);
    expect(next).toMatchObject({ role: "user", parts: [{ type: "media", kind: "image" }] });
  });

  test.each<[string, readonly JsonObject[], readonly unknown[]]>([
    [
      "the call behind it",
      [signed("next-call"), call("a"), call("b")],
      [{ id: "a", thoughtSignature: "c2ln" }, { id: "b" }],
    ],
    ["the text behind it", [signed("next-text"), said("x")], [{ text: "x", thoughtSignature: "c2ln" }]],
    ["the text before it", [said("x"), signed("last-text")], [{ text: "x", thoughtSignature: "c2ln" }]],
    [
      "the text before it, where calls stand between them",
      [said("x"), call("a"), signed("last-text")],
      [{ text: "x", thoughtSignature: "c2ln" }, { id: "a" }],
    ],
    [
      "a text without words",
      [call("a"), signed("last-text")],
      [{ id: "a" }, { type: "text", text: "", thoughtSignature: "c2ln" }],
    ],
    ["the thought itself", [signed("thought")], [{ type: "thinking", text: "", thoughtSignature: "c2ln" }]],
    [
      "the call of another client's order",
      [signed("next-call"), said("x"), call("a")],
      [{ text: "x" }, { id: "a", thoughtSignature: "c2ln" }],
    ],
  ])("a signature comes back to %s", (_what, items, parts) => {
    const turn = messages(user, ...items, user)[1];
    expect(turn?.parts).toHaveLength(parts.length);
    expect(turn?.parts).toMatchObject(parts);
  });

  test("a signature does not leave its turn, and thoughts that OpenAI encrypted mean nothing here", () => {
    expect(messages(user, signed("next-call"), user, call("a"))[2]).toEqual({
      role: "assistant",
      parts: [{ type: "tool-call", id: "a", name: "w", argumentsJson: "{}" }],
    });
    expect(messages(user, reasoning({ encrypted_content: "gAAAAB" }), user)).toHaveLength(2);
  });

  test("open thoughts are read where there is no summary of them", () => {
    const turn = messages(
      user,
      reasoning({ content: [{ type: "reasoning_text", text: "hm" }] }),
      said("x"),
    )[1];
    expect(turn?.parts[0]).toEqual({ type: "thinking", text: "hm" });
  });

  test("keep what they alone have, without what says nothing", () => {
    const item = { ...said("x"), phase: "final_answer", novelty: { a: 1 }, other: null };
    expect(messages(user, item)[1]).toEqual({
      role: "assistant",
      parts: [{ type: "text", text: "x" }],
      extra: { dialect: "openai-responses", fields: { novelty: { a: 1 } } },
    });
  });

  test("a refusal stays one, and an empty text beside a call goes", () => {
    const refusal = { role: "assistant", content: [{ type: "refusal", refusal: "no" }] };
    expect(messages(user, refusal)[1]?.parts).toEqual([{ type: "refusal", text: "no" }]);
    expect(messages(user, { role: "assistant", content: "" }, call("a"))[1]?.parts).toHaveLength(1);
  });
});
