import { expect, test } from "vitest";
import { TimeLimitError, withinTime } from "./within-time.ts";

test("a job in time gives its value, or its error", () => {
  expect(withinTime(1_000, () => 7)).toBe(7);
  expect(() => withinTime(1_000, () => JSON.parse("{"))).toThrow(SyntaxError);
});

test("a regular expression that would take for ever is interrupted", () => {
  const endless = /^(a+)+$/;
  expect(() => withinTime(20, () => endless.test(`${"a".repeat(60)}!`))).toThrow(TimeLimitError);
});
