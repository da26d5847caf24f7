import { expect, test } from "vitest";
import { isStorableText, toStorableText } from "./storable-text.ts";

test.each([
  ["", ""],
  ["a\nb\u001b 日本 🙂", "a\nb\u001b 日本 🙂"],
  ["a\0b", "a\uFFFDb"],
  ["\ud83d", "\uFFFD"],
  ["a\ude42b\0", "a\uFFFDb\uFFFD"],
])("%j is stored as %j", (text, stored) => {
  expect(isStorableText(text)).toBe(text === stored);
  expect(toStorableText(text)).toBe(stored);
  expect(isStorableText(stored)).toBe(true);
});
