import { expect, test } from "vitest";
import { isWrittenLine } from "./written-line.ts";

test.each([
  ["gemini-3.8-flash", true],
  ["models/a b: {c}", true],
  ["日本 🙂", true],
  ["a\0", false],
  ["a\r\nb", false],
  ["\u001b[31m", false],
  ["\u009b", false],
  ["\ud800", false],
])("%j is one line of text: %s", (text, is) => {
  expect(isWrittenLine(text)).toBe(is);
});
