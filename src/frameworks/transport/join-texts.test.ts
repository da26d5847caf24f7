import { describe, expect, test } from "vitest";
import type { JsonObject } from "#core/kernel/json.ts";
import { chunk, usageChunk } from "../../../test/support/scripted-transport.ts";
import { joinTexts } from "./join-texts.ts";

/** Of each chunk what it says. */
function said(chunks: readonly JsonObject[]): readonly unknown[] {
  return joinTexts(chunks).map((one) => {
    const { choices, usage } = one as {
      choices: { delta: JsonObject; finish_reason: unknown }[];
      usage: unknown;
    };
    return usage ? "usage" : [choices[0]?.delta, choices[0]?.finish_reason];
  });
}

describe("chunks that came in together", () => {
  test("give their words in one, the role of the first with them", () => {
    const words = [
      chunk({ role: "assistant", content: "" }),
      chunk({ content: "Hel" }),
      chunk({ content: "lo" }),
    ];
    expect(said(words)).toEqual([[{ role: "assistant", content: "Hello" }, null]]);
  });

  test("keep whatever else is said apart, and in its place", () => {
    const call = { tool_calls: [{ index: 0, id: "a", function: { name: "f", arguments: "{}" } }] };
    const signature = { content: "c", extra_content: { google: { thought_signature: "c2ln" } } };
    const parts = [
      chunk({ reasoning_content: "Hm" }),
      chunk({ content: "a" }),
      chunk({ content: "b" }),
      chunk(signature),
      chunk(call),
      chunk({ content: "d" }),
      chunk({ content: "" }, "stop"),
      usageChunk,
    ];
    expect(said(parts)).toEqual([
      [{ reasoning_content: "Hm" }, null],
      [{ content: "ab" }, null],
      [signature, null],
      [call, null],
      [{ content: "d" }, null],
      [{ content: "" }, "stop"],
      "usage",
    ]);
  });

  test("are what they were where they are no chunks, or of other answers", () => {
    const others: JsonObject[] = [
      { error: { message: "It broke" } },
      { choices: [] },
      { choices: [{ index: 1, delta: { content: "b" } }] },
      { choices: [{ index: 1, delta: { content: "c" } }] },
      {},
    ];
    expect(joinTexts(others)).toEqual(others);
  });
});
