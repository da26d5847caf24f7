import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSse, startSse } from "#core/dialects/sse/read-sse.ts";
import { sseFrame } from "#core/dialects/sse/write-sse.ts";
import type { Json } from "#core/kernel/json.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import { damaged, jsonValues } from "../../../../test/support/arbitraries.ts";
import { readVector } from "../../../../test/support/read-vector.ts";
import { decodeFrame, startStreamDecoder } from "./stream-decoder.ts";

interface StreamVector {
  readonly name: string;
  readonly frames: readonly Json[];
  readonly parts: readonly StreamPart[];
}

const { streams } = readVector("gemini/streams.json") as { readonly streams: readonly StreamVector[] };

function partsOf(chunks: readonly Uint8Array[]): readonly StreamPart[] {
  let sse = startSse();
  let decoder = startStreamDecoder();
  const parts: StreamPart[] = [];
  for (const chunk of chunks) {
    const [next, frames] = readSse(sse, chunk);
    sse = next;
    for (const frame of frames) {
      if (frame.kind === "comment") continue;
      const [after, decoded] = decodeFrame(decoder, frame.data);
      decoder = after;
      parts.push(...decoded);
    }
  }
  return parts;
}

describe("a stream of Gemini", () => {
  test.each(streams)("of $name gives its parts, however the bytes are cut", ({ frames, parts }) => {
    const bytes = Buffer.from(frames.map((frame) => sseFrame(JSON.stringify(frame))).join(""), "utf8");
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 10 }), (at) => {
        const places = [0, ...at.toSorted((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        expect(partsOf(chunks)).toEqual(parts);
      }),
      { numRuns: 50 },
    );
  });

  test("finishes a candidate once, whatever is repeated", () => {
    const frame = JSON.stringify({ candidates: [{ finishReason: "STOP" }] });
    const [state, first] = decodeFrame(startStreamDecoder(), frame);
    const [, second] = decodeFrame(state, frame);
    expect([first, second].map((parts) => parts.filter(({ type }) => type === "finish").length)).toEqual([
      1, 0,
    ]);
  });

  test.each(["", "{", '{"candidates":', "<html>", "[DONE]", "7", '{"candidates":[7]}'])(
    "that holds %j is malformed",
    (data) => {
      expect(decodeFrame(startStreamDecoder(), data)[1]).toMatchObject([
        { type: "error", failure: { kind: "malformed-answer" } },
      ]);
    },
  );

  test("law: any text is read or a failure, never thrown on", () => {
    const anyFrame = fc.oneof(
      jsonValues,
      damaged(fc.constantFrom(...streams.flatMap(({ frames }) => frames))),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          anyFrame.map((value) => JSON.stringify(value)),
          fc.string(),
        ),
        (data) => {
          const [, parts] = decodeFrame(startStreamDecoder(), data);
          expect(Array.isArray(parts)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
