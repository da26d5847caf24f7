import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AnswerContext } from "#core/dialects/dialect.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import type { Usage } from "#core/llm/usage.ts";
import { decodeFrame, decodeStreamStart } from "./decode-stream.ts";
import { encodePart, endEncoding, startEncoding } from "./encode-stream.ts";

const context: AnswerContext = {
  responseId: "01990000-0000-7000-8000-000000000001",
  model: "route",
  createdSeconds: 1000,
  nowSeconds: () => 1000,
  includeUsage: false,
};
const usage: Usage = {
  inputTokens: 4,
  cachedInputTokens: 0,
  toolInputTokens: 0,
  outputTokens: 2,
  thinkingTokens: 0,
};
const stop: StreamPart = { type: "finish", candidate: 0, finish: { reason: "stop", raw: "STOP" } };

function written(parts: readonly StreamPart[], includeUsage = false): readonly string[] {
  let state = startEncoding({ ...context, includeUsage });
  const frames = parts.flatMap((part) => {
    const [next, payloads] = encodePart(state, part);
    state = next;
    return payloads;
  });
  return [...frames, ...endEncoding(state)];
}

function choices(frames: readonly string[]): readonly JsonObject[] {
  return frames
    .filter((frame) => frame !== "[DONE]")
    .map((frame) => JSON.parse(frame) as { choices: JsonObject[] })
    .flatMap((frame) => frame.choices);
}

describe("encodePart", () => {
  test("the role comes with the first content, each chunk names the answer, [DONE] comes last", () => {
    const frames = written([
      { type: "response-start", model: "gemini-3.8-flash" },
      { type: "text-delta", candidate: 0, text: "Hel" },
      { type: "text-delta", candidate: 0, text: "lo" },
      stop,
      { type: "usage", usage },
    ]);
    expect(frames.at(-1)).toBe("[DONE]");
    expect(JSON.parse(frames[0] ?? "")).toEqual({
      id: context.responseId,
      object: "chat.completion.chunk",
      created: 1000,
      model: "gemini-3.8-flash",
      choices: [
        { index: 0, delta: { role: "assistant", content: "Hel" }, logprobs: null, finish_reason: null },
      ],
    });
    expect(choices(frames).map(({ delta, finish_reason }) => [delta, finish_reason])).toEqual([
      [{ role: "assistant", content: "Hel" }, null],
      [{ content: "lo" }, null],
      [{}, "stop"],
    ]);
  });

  test("usage comes in a chunk of its own, once, and only when asked for", () => {
    const parts: StreamPart[] = [
      { type: "usage", usage },
      stop,
      { type: "usage", usage: { ...usage, outputTokens: 9 } },
    ];
    expect(written(parts).some((frame) => frame.includes("usage"))).toBe(false);
    const frames = written(parts, true);
    expect(JSON.parse(frames[0] ?? "")).toHaveProperty("usage", null);
    expect(JSON.parse(frames.at(-2) ?? "")).toMatchObject({ choices: [], usage: { total_tokens: 13 } });
    expect(frames).toHaveLength(3);
  });

  test("a call without id gets one from the answer's id; Gemini's stop becomes tool_calls", () => {
    const frames = written([
      { type: "tool-call-start", candidate: 0, toolCall: 0, name: "a", thoughtSignature: "sig" },
      { type: "tool-call-delta", candidate: 0, toolCall: 0, argumentsJson: "{}" },
      { type: "tool-call-start", candidate: 0, toolCall: 1, name: "b", id: "own" },
      stop,
    ]);
    const id = "call_019900000000700080000000000000010";
    expect(choices(frames).map(({ delta }) => delta)).toEqual([
      {
        role: "assistant",
        content: null,
        tool_calls: [
          {
            index: 0,
            id,
            type: "function",
            function: { name: "a", arguments: "" },
            extra_content: { google: { thought_signature: "sig" } },
          },
        ],
      },
      { tool_calls: [{ index: 0, function: { arguments: "{}" } }] },
      { tool_calls: [{ index: 1, id: "own", type: "function", function: { name: "b", arguments: "" } }] },
      {},
    ]);
    expect(choices(frames).at(-1)?.["finish_reason"]).toBe("tool_calls");
    expect(id.length).toBeLessThanOrEqual(40);
  });

  test.each([
    ["malformed-tool-call", "content_filter"],
    ["other", "content_filter"],
    ["content-filter", "content_filter"],
    ["continuation", "length"],
  ] as const)("%s ends as %s with the provider's own word beside it", (reason, word) => {
    const frames = written([{ type: "finish", candidate: 0, finish: { reason, raw: "RAW" } }]);
    expect(choices(frames)[0]).toMatchObject({ finish_reason: word, native_finish_reason: "RAW" });
  });

  test("a blocked prompt ends as content_filter without content", () => {
    const frames = written([{ type: "blocked", block: { raw: "SAFETY" } }]);
    expect(choices(frames)).toMatchObject([{ delta: { content: "" }, finish_reason: "content_filter" }]);
    expect(frames.at(-1)).toBe("[DONE]");
  });

  test("without a finish, or after an error, there is no end mark", () => {
    expect(written([{ type: "text-delta", candidate: 0, text: "cut" }, { type: "end" }])).toHaveLength(1);
    const failure = { kind: "server-error", message: "x" } as const;
    expect(written([stop, { type: "error", failure }])).not.toContain("[DONE]");
  });

  test("Gemini's own fields stand under extra_content of the chunk that finishes", () => {
    const extra = { dialect: "gemini", fields: { groundingMetadata: { webSearchQueries: ["x"] } } } as const;
    const frames = written([{ type: "extra", candidate: 0, extra }, stop]);
    expect(choices(frames)).toMatchObject([
      {
        finish_reason: "stop",
        extra_content: { google: { groundingMetadata: { webSearchQueries: ["x"] } } },
      },
    ]);
  });

  test("law: what is written is read again", () => {
    fc.assert(
      fc.property(fc.array(deltas(), { maxLength: 12 }), (made) => {
        const parts = numbered(made);
        const frames = written([...parts, stop], true);
        let state = decodeStreamStart;
        const again = frames.flatMap((frame) => {
          const [next, read] = decodeFrame(state, frame);
          state = next;
          return read;
        });
        const kept = again.filter((part) => part.type.includes("delta") || part.type === "tool-call-start");
        expect(kept).toEqual(parts);
        expect(again.at(-1)).toEqual({ type: "end" });
      }),
    );
  });
});

function deltas() {
  const text = fc.string({ minLength: 1 });
  return fc.oneof(
    text.map((text) => ({ type: "text-delta", candidate: 0, text }) as const),
    fc
      .tuple(text, text)
      .map(
        ([text, thoughtSignature]) => ({ type: "text-delta", candidate: 0, text, thoughtSignature }) as const,
      ),
    text
      .filter((words) => !words.startsWith("<thought>"))
      .map((text) => ({ type: "thinking-delta", candidate: 0, text }) as const),
    text.map((text) => ({ type: "refusal-delta", candidate: 0, text }) as const),
    fc.tuple(text, text).map(([name, argumentsJson]) => ({ type: "call", name, argumentsJson }) as const),
  );
}

/** Each call as its start and its arguments, numbered in order. */
function numbered(
  made: readonly (
    | Exclude<StreamPart, { type: "end" }>
    | { type: "call"; name: string; argumentsJson: string }
  )[],
) {
  let toolCall = 0;
  return made.flatMap((part): readonly StreamPart[] => {
    if (part.type !== "call") return [part];
    const place = { candidate: 0, toolCall };
    toolCall++;
    return [
      { type: "tool-call-start", ...place, id: `id-${toolCall}`, name: part.name },
      { type: "tool-call-delta", ...place, argumentsJson: part.argumentsJson },
    ];
  });
}
