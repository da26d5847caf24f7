import { expect, test } from "vitest";
import { amount, numberOfAmount } from "./amount.ts";

test.each([
  ["2000", 2_000],
  ["50k", 50_000],
  ["3M", 3_000_000],
  ["1.5M", 1_500_000],
  ["1.1k", 1_100],
  ["0", 0],
  ["1.5", undefined],
  ["1.0005k", undefined],
  ["3m", undefined],
  ["-1", undefined],
  ["3 M", undefined],
  ["", undefined],
  ["1e3", undefined],
])("%s is %s", (text, number) => {
  expect(numberOfAmount(text)).toBe(number);
});

test("a setting takes numbers and texts within its bounds, and says which are wanted", () => {
  const schema = amount({ description: "d", examples: [2_000], smallest: 1, largest: 1_000_000 });
  expect(schema.parse(2_000)).toBe(2_000);
  expect(schema.parse("1M")).toBe(1_000_000);
  for (const wrong of [0, "2M", 1.5, true, "many"]) {
    const read = schema.safeParse(wrong);
    expect(read.error?.issues[0]?.message).toBe("a whole number from 1 to 1000000 such as 2000, 50k or 3M");
  }
});
