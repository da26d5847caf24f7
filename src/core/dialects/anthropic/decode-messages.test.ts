import { describe, expect, test } from "vitest";
import type { Json } from "#core/kernel/json.ts";
import type { Message } from "#core/llm/message.ts";
import { decodeRequest } from "./decode-request.ts";

function messagesOf(...messages: readonly Json[]): readonly Message[] {
  const result = decodeRequest({ model: "m", max_tokens: 1, messages });
  if (!result.ok) throw new Error(result.error.message);
  return result.value.messages;
}

function own(fields: object) {
  return { dialect: "anthropic", fields };
}

const png = { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" };
const pngPart = {
  type: "media",
  kind: "image",
  mimeType: "image/png",
  source: { type: "inline", base64: "iVBORw0KGgo=" },
};

describe("a turn of the user", () => {
  test("holds words, pictures and files", () => {
    const [message] = messagesOf({
      role: "user",
      content: [
        { type: "text", text: "Look" },
        { type: "image", source: png },
        { type: "image", source: { type: "url", url: "https://example.org/a.png" } },
        { type: "document", title: "Plan", source: { ...png, media_type: "application/pdf" } },
        { type: "document", source: { type: "url", url: "https://example.org/a" } },
        { type: "document", source: { type: "file", file_id: "file_1" } },
      ],
    });
    expect(message?.parts).toEqual([
      { type: "text", text: "Look" },
      pngPart,
      { type: "media", kind: "image", source: { type: "url", url: "https://example.org/a.png" } },
      { ...pngPart, kind: "document", mimeType: "application/pdf", filename: "Plan" },
      {
        type: "media",
        kind: "document",
        mimeType: "application/pdf",
        source: { type: "url", url: "https://example.org/a" },
      },
      { type: "media", kind: "document", source: { type: "file", id: "file_1" } },
    ]);
  });

  test("documents of text and finds of a search are words", () => {
    const text = (words: string) => ({ type: "text", text: words });
    const [message] = messagesOf({
      role: "user",
      content: [
        {
          type: "document",
          title: "Plan",
          context: "Draft",
          citations: { enabled: true },
          source: { type: "text", media_type: "text/plain", data: "One." },
        },
        {
          type: "document",
          source: { type: "content", content: [text("Two."), { type: "image", source: png }] },
        },
        { type: "search_result", title: "T", source: "https://x", content: [text("Three.")] },
      ],
    });
    expect(message?.parts).toEqual([
      { ...text("Plan\n\nDraft\n\nOne."), extra: own({ citations: { enabled: true } }) },
      text("Two."),
      pngPart,
      text("T\n\nhttps://x\n\nThree."),
    ]);
  });

  test("with results of tools becomes a turn of the tools and one of the user, files of results in front", () => {
    const messages = messagesOf({
      role: "user",
      content: [
        {
          type: "tool_result",
          tool_use_id: "a",
          content: [
            { type: "text", text: "seen", cache_control: { type: "ephemeral" } },
            { type: "image", source: png },
          ],
        },
        { type: "tool_result", tool_use_id: "b", content: "no such city", is_error: true },
        { type: "tool_result", tool_use_id: "c" },
        { type: "text", text: "And now?" },
      ],
    });
    expect(messages).toEqual([
      {
        role: "tool",
        parts: [
          {
            type: "tool-result",
            callId: "a",
            content: "seen\n[image 1 of this result, in the next turn]",
            extra: own({ content: [{ cache_control: { type: "ephemeral" } }] }),
          },
          { type: "tool-result", callId: "b", content: { error: "no such city" } },
          { type: "tool-result", callId: "c", content: "" },
        ],
      },
      { role: "user", parts: [pngPart, { type: "text", text: "And now?" }] },
    ]);
  });

  test("with instructions in it becomes several turns", () => {
    const messages = messagesOf({
      role: "user",
      content: [
        { type: "text", text: "a" },
        { type: "mid_conv_system", content: [{ type: "text", text: "b" }] },
        { type: "text", text: "c" },
      ],
    });
    expect(messages.map(({ role }) => role)).toEqual(["user", "system", "user"]);
  });

  test("keeps blocks of unknown kinds", () => {
    const block = { type: "container_upload", file_id: "f" };
    const [message] = messagesOf({ role: "user", content: [block] });
    expect(message?.parts).toEqual([
      { type: "opaque", dialect: "anthropic", name: "container_upload", value: block },
    ]);
  });
});

describe("a turn of the model", () => {
  const call = { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Oslo" } };
  const callPart = { type: "tool-call", id: "toolu_1", name: "weather", argumentsJson: '{"city":"Oslo"}' };

  function turn(...content: readonly Json[]): Message | undefined {
    return messagesOf({ role: "user", content: "x" }, { role: "assistant", content })[1];
  }

  test("may be plain words, for the answer to go on with", () => {
    expect(messagesOf({ role: "assistant", content: "The answer is" })).toEqual([
      { role: "assistant", parts: [{ type: "text", text: "The answer is" }] },
    ]);
  });

  test("gives a call the signature of the thought before it", () => {
    const signed = { type: "thinking", thinking: "Hm", signature: "signalbox.tool-call.c2ln" };
    const expected = [
      { type: "thinking", text: "Hm" },
      { ...callPart, thoughtSignature: "c2ln" },
    ];
    expect(turn(signed, call)?.parts).toEqual(expected);
    expect(turn({ ...signed, thinking: "" }, { type: "text", text: "So" }, call)?.parts).toEqual([
      { type: "text", text: "So" },
      expected[1],
    ]);
  });

  test("gives a thought its own signature back", () => {
    const signed = { type: "thinking", thinking: "Hm", signature: "signalbox.thinking.c2ln" };
    expect(turn(signed, call)?.parts).toEqual([
      { type: "thinking", text: "Hm", thoughtSignature: "c2ln" },
      callPart,
    ]);
  });

  test("shows no other model the signatures and secrets of Anthropic's, but names them", () => {
    const redacted = { type: "redacted_thinking", data: "secret" };
    const bare = { type: "thinking", thinking: "", signature: "EqoB" };
    expect(turn({ type: "thinking", thinking: "Hm", signature: "EqoB" }, redacted, bare, call)).toEqual({
      role: "assistant",
      parts: [{ type: "thinking", text: "Hm", extra: own({ signature: "EqoB" }) }, callPart],
      extra: own({ thinking: [redacted, { signature: "EqoB" }] }),
    });
  });

  test("names a signature whose call is gone", () => {
    const signed = { type: "thinking", thinking: "", signature: "signalbox.tool-call.c2ln" };
    expect(turn(signed, { type: "text", text: "So" })).toEqual({
      role: "assistant",
      parts: [{ type: "text", text: "So" }],
      extra: own({ thinking: [{ signature: "c2ln" }] }),
    });
  });
});
