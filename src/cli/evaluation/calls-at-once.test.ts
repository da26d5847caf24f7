import { expect, test } from "vitest";
import { callsAtOnce } from "./calls-at-once.ts";

test("one call at once is the least, a thousand the most", () => {
  expect(callsAtOnce("1")).toBe(1);
  expect(callsAtOnce("1000")).toBe(1_000);
});

test.each(["0", "1001", "-1", "1.5", "", "many"])("%j at once are refused", (text) => {
  expect(() => callsAtOnce(text)).toThrow("a whole number from 1 to 1000 is wanted");
});
