import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ResponseCollector } from "./response-collector.ts";
import type { StreamPart } from "./stream-part.ts";

function collected(parts: readonly StreamPart[], textLengthMax = 1_000) {
  const collector = new ResponseCollector(textLengthMax);
  for (const part of parts) collector.add(part);
  return collector;
}

const text = (words: string, candidate = 0): StreamPart => ({ type: "text-delta", candidate, text: words });

describe("the parts of a stream", () => {
  test("give the answer they are pieces of: words joined, calls with their arguments, candidates apart", () => {
    const { response } = {
      response: collected([
        { type: "response-start", id: "r-1", model: "m" },
        { type: "thinking-delta", candidate: 0, text: "Hm" },
        text("Hel"),
        text("other", 1),
        text("lo"),
        { type: "tool-call-start", candidate: 0, toolCall: 0, id: "c-1", name: "find" },
        { type: "tool-call-start", candidate: 0, toolCall: 1, name: "sum" },
        { type: "tool-call-delta", candidate: 0, toolCall: 0, argumentsJson: '{"a"' },
        { type: "tool-call-delta", candidate: 0, toolCall: 1, argumentsJson: "{}" },
        { type: "tool-call-delta", candidate: 0, toolCall: 0, argumentsJson: ":1}" },
        { type: "finish", candidate: 0, finish: { reason: "tool-calls", raw: "STOP" } },
        { type: "end" },
      ]).response(),
    };
    expect(response).toEqual({
      id: "r-1",
      model: "m",
      candidates: [
        {
          index: 0,
          parts: [
            { type: "thinking", text: "Hm" },
            { type: "text", text: "Hello" },
            { type: "tool-call", id: "c-1", name: "find", argumentsJson: '{"a":1}' },
            { type: "tool-call", name: "sum", argumentsJson: "{}" },
          ],
          finish: { reason: "tool-calls", raw: "STOP" },
        },
        { index: 1, parts: [{ type: "text", text: "other" }] },
      ],
    });
  });

  test("keep the signatures of what they are pieces of, each with the words that it came with", () => {
    const thought = { type: "thinking-delta", candidate: 0 } as const;
    const parts = collected([
      { ...thought, text: "Hm" },
      { ...thought, text: "!", thoughtSignature: "one" },
      { ...thought, text: "Well" },
      text("Hel"),
      { type: "text-delta", candidate: 0, text: "lo", thoughtSignature: "two" },
      { type: "text-delta", candidate: 0, text: "", thoughtSignature: "three" },
      { type: "tool-call-start", candidate: 0, toolCall: 0, name: "find", thoughtSignature: "four" },
    ]).response().candidates[0]?.parts;
    expect(parts).toEqual([
      { type: "thinking", text: "Hm" },
      { type: "thinking", text: "!", thoughtSignature: "one" },
      { type: "thinking", text: "Well" },
      { type: "text", text: "Hel" },
      { type: "text", text: "lo", thoughtSignature: "two" },
      { type: "text", text: "", thoughtSignature: "three" },
      { type: "tool-call", name: "find", argumentsJson: "", thoughtSignature: "four" },
    ]);
  });

  test("of a refused prompt give no candidate but the reason", () => {
    expect(collected([{ type: "blocked", block: { raw: "SAFETY" } }]).response()).toEqual({
      candidates: [],
      blocked: { raw: "SAFETY" },
    });
  });

  test("never give more words than the bound, and it is said when some are missing", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.nat(200), (words, bound) => {
        const collector = collected(
          words.map((word) => text(word)),
          bound,
        );
        const [part] = collector.response().candidates[0]?.parts ?? [];
        const kept = part?.type === "text" ? part.text : "";
        expect(kept.length).toBeLessThanOrEqual(bound);
        expect(words.join("").startsWith(kept)).toBe(true);
        expect(collector.truncated).toBe(kept.length < words.join("").length);
      }),
    );
  });
});
