import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "#core/kernel/json.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import { answerStreams } from "../../../../test/support/arbitraries.ts";
import { decodeFrame, startStreamDecoder } from "./stream-decoder.ts";
import { encodeStreamPart, endStreamEncoder, startStreamEncoder } from "./stream-encoder.ts";

const context = {
  responseId: "req-1",
  model: "route",
  createdSeconds: 0,
  nowSeconds: () => 0,
  includeUsage: false,
};

function encodeAll(parts: readonly StreamPart[]) {
  let state = startStreamEncoder(context);
  const written = parts.map((part) => {
    const [next, payloads] = encodeStreamPart(state, part);
    state = next;
    return payloads;
  });
  const payloads = [...written.flat(), ...endStreamEncoder(state)];
  // Payloads are serialised JSON objects.
  return { written, frames: payloads.map((payload) => JSON.parse(payload) as JsonObject), payloads };
}

/** What the parts say in the end: words joined, calls whole, the last usage. */
function summary(parts: readonly StreamPart[]) {
  const calls = parts.flatMap((part) => (part.type === "tool-call-start" ? [part] : []));
  return {
    text: parts.map((part) => (part.type === "text-delta" ? part.text : "")).join(""),
    thoughts: parts.map((part) => (part.type === "thinking-delta" ? part.text : "")).join(""),
    calls: calls.map(({ id, name, thoughtSignature, toolCall }) => ({
      id,
      name,
      thoughtSignature,
      args: JSON.parse(
        parts
          .map((part) =>
            part.type === "tool-call-delta" && part.toolCall === toolCall ? part.argumentsJson : "",
          )
          .join(""),
      ) as unknown,
    })),
    finish: parts.flatMap((part) => (part.type === "finish" ? [part.finish.reason] : [])),
    usage: parts.findLast((part) => part.type === "usage")?.usage,
  };
}

function decodeAll(payloads: readonly string[]): readonly StreamPart[] {
  let state = startStreamDecoder();
  return payloads.flatMap((payload) => {
    const [next, parts] = decodeFrame(state, payload);
    state = next;
    return parts;
  });
}

const text = (words: string): StreamPart => ({ type: "text-delta", candidate: 0, text: words });
const finish = (reason: "stop" | "tool-calls"): StreamPart => ({
  type: "finish",
  candidate: 0,
  finish: { reason, raw: reason },
});
const usage = (outputTokens: number): StreamPart => ({
  type: "usage",
  usage: { inputTokens: 5, cachedInputTokens: 0, toolInputTokens: 0, outputTokens, thinkingTokens: 0 },
});
const start = (toolCall: number): StreamPart => ({
  type: "tool-call-start",
  candidate: 0,
  toolCall,
  id: `c${toolCall}`,
  name: `f${toolCall}`,
});
const delta = (toolCall: number, argumentsJson: string): StreamPart => ({
  type: "tool-call-delta",
  candidate: 0,
  toolCall,
  argumentsJson,
});

describe("a stream for a Gemini client", () => {
  test("sends each word at once, and the finish with the last usage only at the end", () => {
    const { written, frames } = encodeAll([text("a"), usage(1), text("b"), finish("stop"), usage(2)]);
    expect(written.map((payloads) => payloads.length)).toEqual([1, 0, 1, 0, 0]);
    expect(
      frames.map((frame) => (frame["usageMetadata"] as JsonObject | undefined)?.["candidatesTokenCount"]),
    ).toEqual([undefined, 1, 2]);
    expect(frames.map((frame) => JSON.stringify(frame).includes("finishReason"))).toEqual([
      false,
      false,
      true,
    ]);
  });

  test("has a candidate, the model and our id in every frame", () => {
    const { frames } = encodeAll([
      { type: "response-start", id: "theirs", model: "gpt-x" },
      text("a"),
      finish("stop"),
      usage(1),
      { type: "end" },
    ]);
    expect(frames).toHaveLength(2);
    for (const frame of frames) {
      expect(frame).toMatchObject({ modelVersion: "gpt-x", responseId: "req-1", candidates: [{ index: 0 }] });
    }
  });

  test("has whole function calls, also of deltas that cross", () => {
    const { written, frames } = encodeAll([
      start(0),
      delta(0, '{"a"'),
      start(1),
      delta(0, ":1}"),
      delta(1, ""),
      finish("tool-calls"),
    ]);
    expect(written.map((payloads) => payloads.length)).toEqual([0, 0, 0, 0, 0, 2]);
    expect(frames.slice(0, 2)).toMatchObject([
      { candidates: [{ content: { parts: [{ functionCall: { id: "c0", name: "f0", args: { a: 1 } } }] } }] },
      { candidates: [{ content: { parts: [{ functionCall: { id: "c1", name: "f1", args: {} } }] } }] },
    ]);
    expect(frames[2]).toMatchObject({ candidates: [{ finishReason: "STOP" }] });
  });

  test.each([
    ["that is cut off", [start(0), delta(0, '{"a":'), finish("tool-calls")]],
    ["that never began", [delta(3, "{}"), finish("tool-calls")]],
    ["that is no object", [start(0), delta(0, "[1]"), finish("tool-calls")]],
  ])("with a call %s ends as Gemini ends such answers", (_name, parts) => {
    const { frames } = encodeAll(parts);
    expect(frames).toMatchObject([{ candidates: [{ finishReason: "MALFORMED_FUNCTION_CALL" }] }]);
    expect(JSON.stringify(frames)).not.toContain("functionCall");
  });

  test("never ends cleanly when the upstream did not say why it ended", () => {
    expect(JSON.stringify(encodeAll([text("a"), usage(1)]).frames)).not.toContain("finishReason");
  });

  test("tells a refused prompt with its usage", () => {
    const { frames } = encodeAll([{ type: "blocked", block: { raw: "SAFETY" } }, usage(0)]);
    expect(frames).toMatchObject([
      { promptFeedback: { blockReason: "SAFETY" }, usageMetadata: { promptTokenCount: 5 } },
    ]);
  });

  test("keeps grounding for the last frame", () => {
    const extra = { dialect: "gemini", fields: { groundingMetadata: { webSearchQueries: ["q"] } } } as const;
    const { frames } = encodeAll([text("a"), { type: "extra", candidate: 0, extra }, finish("stop")]);
    expect(frames.at(-1)).toMatchObject({
      candidates: [{ finishReason: "STOP", groundingMetadata: { webSearchQueries: ["q"] } }],
    });
  });

  test("law: what is written means the same when it is read", () => {
    fc.assert(
      fc.property(answerStreams, (parts) => {
        expect(summary(decodeAll(encodeAll(parts).payloads))).toEqual(summary(parts));
      }),
      { numRuns: 300 },
    );
  });
});
