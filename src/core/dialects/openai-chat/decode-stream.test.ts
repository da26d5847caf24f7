import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StreamPart } from "#core/llm/stream-part.ts";
import { totalTokens } from "#core/llm/usage.ts";
import { readVector } from "../../../../test/support/read-vector.ts";
import { decodeFrame, decodeStreamStart } from "./decode-stream.ts";

interface StreamVector {
  readonly name: string;
  readonly frames: readonly string[];
  readonly text: string;
  readonly thinking: string;
  readonly calls: readonly { readonly id?: string; readonly name: string; readonly argumentsJson: string }[];
  readonly finish: string;
  readonly totalTokens: number;
}

function read(frames: readonly string[]): readonly StreamPart[] {
  let state = decodeStreamStart;
  return frames.flatMap((frame) => {
    const [next, parts] = decodeFrame(state, frame);
    state = next;
    return parts;
  });
}

function joined(parts: readonly StreamPart[], type: "text-delta" | "thinking-delta"): string {
  return parts.map((part) => (part.type === type ? part.text : "")).join("");
}

function calls(parts: readonly StreamPart[]) {
  return parts
    .filter((part) => part.type === "tool-call-start")
    .map(({ id, name, toolCall }) => ({
      ...(id !== undefined && { id }),
      name,
      argumentsJson: parts
        .map((part) =>
          part.type === "tool-call-delta" && part.toolCall === toolCall ? part.argumentsJson : "",
        )
        .join(""),
    }));
}

describe("decodeFrame", () => {
  test.each(readVector("openai-chat/streams.json") as StreamVector[])("$name", (vector) => {
    const parts = read(vector.frames);
    expect(parts[0]?.type).toBe("response-start");
    expect(joined(parts, "text-delta")).toBe(vector.text);
    expect(joined(parts, "thinking-delta")).toBe(vector.thinking);
    expect(calls(parts)).toEqual(vector.calls);
    expect(parts.filter((part) => part.type === "finish").map(({ finish }) => finish.reason)).toEqual([
      vector.finish,
    ]);
    const usage = parts.findLast((part) => part.type === "usage")?.usage;
    expect(usage ? totalTokens(usage) : 0).toBe(vector.totalTokens);
    expect(parts.some((part) => part.type === "error")).toBe(false);
    expect(parts.some((part) => part.type === "end")).toBe(vector.frames.includes("[DONE]"));
  });

  test("a call's signature comes with its start", () => {
    const google = (readVector("openai-chat/streams.json") as StreamVector[])[4];
    const starts = read(google?.frames ?? []).filter((part) => part.type === "tool-call-start");
    expect(starts.map(({ thoughtSignature }) => thoughtSignature)).toEqual(["c2ln", undefined]);
  });

  test("an answer's further fields are passed on once, log probabilities each time", () => {
    const frame = JSON.stringify({
      system_fingerprint: "fp",
      choices: [{ index: 0, delta: { content: "a" }, logprobs: { content: [] } }],
    });
    expect(
      read([frame, frame])
        .filter((part) => part.type === "extra")
        .map(({ extra }) => extra.fields),
    ).toEqual([{ system_fingerprint: "fp" }, { logprobs: { content: [] } }, { logprobs: { content: [] } }]);
  });

  test.each([
    ['{"error":{"message":"busy","code":503}}', "overloaded"],
    ['[{"error":{"message":"Quota","status":"RESOURCE_EXHAUSTED","code":429}}]', "rate-limited"],
    ['{"error":"gone wrong"}', "server-error"],
    ['{"choices":[{"delta":{"conte', "malformed-answer"],
    ["[]", "malformed-answer"],
    ["null", "malformed-answer"],
  ])("%s is an error, and nothing is read after it", (frame, kind) => {
    const parts = read([frame, '{"choices":[{"delta":{"content":"x"}}]}', "[DONE]"]);
    expect(parts.map(({ type }) => type)).toEqual(["error", "end"]);
    expect(parts[0]).toMatchObject({ failure: { kind } });
  });

  test("a call that never got its name is malformed", () => {
    const parts = read([
      '{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c","function":{"arguments":"{}"}}]}}]}',
      '{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}',
    ]);
    expect(parts.at(-1)).toMatchObject({ type: "error", failure: { kind: "malformed-answer" } });
  });

  test("law: any text and any JSON is answered without a throw", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.json(), chunkLike()), { maxLength: 5 }), (frames) => {
        expect(Array.isArray(read(frames))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

/** Frames with the protocol's keys and values of any kind. */
function chunkLike() {
  const any = fc.jsonValue({ maxDepth: 2 });
  const call = fc.record(
    { index: any, id: any, function: fc.oneof(any, fc.record({ name: any, arguments: any })), custom: any },
    { requiredKeys: [] },
  );
  const delta = fc.record(
    {
      role: any,
      content: any,
      reasoning: any,
      refusal: any,
      images: any,
      extra_content: any,
      tool_calls: fc.oneof(any, fc.array(call)),
    },
    { requiredKeys: [] },
  );
  const choice = fc.record(
    { index: any, delta: fc.oneof(any, delta), finish_reason: any, logprobs: any },
    { requiredKeys: [] },
  );
  return fc
    .record(
      { id: any, choices: fc.oneof(any, fc.array(choice)), usage: any, error: any },
      { requiredKeys: ["choices"] },
    )
    .map((frame) => JSON.stringify(frame));
}
