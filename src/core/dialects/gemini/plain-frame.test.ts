import { assert, constant, constantFrom, oneof, property, record, tuple, type Arbitrary } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import { plainFrameParts } from "./plain-frame.ts";
import { decodeAnyFrame, startStreamDecoder } from "./stream-decoder.ts";

const facts = { modelVersion: "gemini-3.8-flash", responseId: "r" };
const usageMetadata = {
  promptTokenCount: 4,
  candidatesTokenCount: 2,
  promptTokensDetails: [{ modality: "TEXT", tokenCount: 4 }],
};

function saying(part: JsonObject): JsonObject {
  return { candidates: [{ content: { parts: [part], role: "model" }, index: 0 }], usageMetadata, ...facts };
}

describe("a plain frame", () => {
  test.each([{ text: "all calm" }, { text: "hm", thought: true }, { text: "" }])(
    "is one that says %j",
    (part) => {
      expect(plainFrameParts(saying(part))).toEqual(readInFull(saying(part)));
      expect(plainFrameParts(saying(part))).toBeDefined();
    },
  );

  test.each([
    saying({ text: "a", thoughtSignature: "s" }),
    saying({ functionCall: { name: "f" } }),
    { ...saying({ text: "a" }), promptFeedback: {} },
    { error: { code: 503 } },
    { candidates: [{ content: { parts: [{ text: "a" }] }, finishReason: "STOP" }] },
    [],
    null,
  ])("is not %j", (frame) => {
    expect(plainFrameParts(frame)).toBeUndefined();
  });

  test("tells what the readers of messages find in it", () => {
    assert(
      property(frames, (frame) => {
        const parts = plainFrameParts(frame);
        if (parts) expect(parts).toEqual(readInFull(frame));
      }),
      { numRuns: 2000 },
    );
  });
});

function readInFull(frame: Json): unknown {
  const [state, parts] = decodeAnyFrame({ ...startStreamDecoder(), hasStarted: true }, frame);
  // A plain frame changes nothing of the state.
  expect(state).toEqual({ ...startStreamDecoder(), hasStarted: true });
  return parts;
}

/** Mostly what a plain frame holds, now and then anything else. */
function mostly(plain: Arbitrary<Json>): Arbitrary<Json> {
  const other = constantFrom<Json[]>(null, 0, -1, 1.5, "", "x", true, [], {}, [null], { text: "x" });
  return oneof({ weight: 19, arbitrary: plain }, { weight: 1, arbitrary: other });
}

/** An object of these fields, any of which may be missing, with a strange one now and then. */
function message(fields: Readonly<Record<string, Arbitrary<Json>>>): Arbitrary<Json> {
  const strange = constantFrom(
    "thought_signature",
    "finishReason",
    "error",
    "promptFeedback",
    "inline_data",
    "__proto__",
  );
  const whole = record({ ...fields }, { requiredKeys: [] });
  const withStrange = tuple(whole, strange, mostly(constant("x"))).map(([object, key, value]) =>
    // Spread and computed key, so that `__proto__` is a key.
    ({ ...object, [key]: value }),
  );
  return mostly(
    oneof({ weight: 6, arbitrary: whole }, { weight: 1, arbitrary: withStrange }) as Arbitrary<Json>,
  );
}

function listOf(item: Arbitrary<Json>): Arbitrary<Json> {
  return mostly(
    oneof(
      { weight: 5, arbitrary: tuple(item) },
      { weight: 1, arbitrary: tuple(item, item) },
    ) as Arbitrary<Json>,
  );
}

const counts = mostly(constantFrom<Json[]>(0, 7, "12", -3));
const part = message({ text: mostly(constantFrom("", "words")), thought: mostly(constantFrom(true, false)) });
const content = message({ parts: listOf(part), role: mostly(constant("model")) });
const candidate = message({ content, index: mostly(constantFrom(0, 1)) });
const frames = message({
  candidates: listOf(candidate),
  usageMetadata: message({ promptTokenCount: counts, candidates_token_count: counts }),
  modelVersion: mostly(constant("m")),
  responseId: mostly(constant("r")),
});
