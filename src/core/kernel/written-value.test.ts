import { expect, test } from "vitest";
import { isMissing, writtenBoolean, writtenNumber } from "./written-value.ts";

test.each([
  ["0", 0],
  [" -1.50 ", -1.5],
  [".5", 0.5],
  ["1e3", 1000],
])("%j is the number %d", (text, number) => {
  expect(writtenNumber(text)).toBe(number);
});

test.each(["", "1,5", "1 000", "0x10", "NaN", "Infinity", "1e400", "12 EUR"])("%j is no number", (text) => {
  expect(writtenNumber(text)).toBeUndefined();
});

test("words for true, false and nothing are known in any case", () => {
  expect(["TRUE", " false ", "yes"].map(writtenBoolean)).toEqual([true, false, undefined]);
  expect(["", " NA ", "null", "0", "no"].map(isMissing)).toEqual([true, true, true, false, false]);
});
