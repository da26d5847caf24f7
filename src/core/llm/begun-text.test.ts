import { expect, test } from "vitest";
import { BegunText } from "./begun-text.ts";
import type { StreamPart } from "./stream-part.ts";

const words = (text: string, candidate = 0): StreamPart => ({ type: "text-delta", candidate, text });

function textOf(...parts: readonly StreamPart[]): string | undefined {
  const begun = new BegunText();
  for (const part of parts) begun.add(part);
  return begun.text;
}

test("words put together can be gone on with, whatever was thought before them", () => {
  expect(
    textOf(
      { type: "response-start", id: "one" },
      { type: "thinking-delta", candidate: 0, text: "well" },
      words("One "),
      { type: "extra", candidate: 0, extra: { dialect: "gemini", fields: {} } },
      words("two"),
    ),
  ).toBe("One two");
  expect(textOf(words("One "), { type: "end" })).toBe("One ");
  expect(textOf()).toBe("");
});

test.each<[string, StreamPart]>([
  ["a tool is called", { type: "tool-call-start", candidate: 0, toolCall: 0, name: "weather" }],
  ["it declines", { type: "refusal-delta", candidate: 0, text: "no" }],
  [
    "only one dialect knows what it is",
    { type: "opaque", candidate: 0, dialect: "gemini", name: "x", value: {} },
  ],
  ["it has ended", { type: "finish", candidate: 0, finish: { reason: "stop", raw: "STOP" } }],
  ["there is another candidate", words("other", 1)],
  ["it is more than a million letters", words("x".repeat(1024 * 1024))],
])("it cannot where %s", (_why, part) => {
  expect(textOf(words("One "), part)).toBeUndefined();
});
