import { expect, test } from "vitest";
import { period, periodMs } from "./period.ts";

test.each([
  ["1h", 3_600_000],
  ["90d", 7_776_000_000],
  ["36500d", 3_153_600_000_000],
  ["36501d", undefined],
  ["0d", undefined],
  ["1.5d", undefined],
  ["90", undefined],
  ["8s", undefined],
])("%s is %s ms", (text, ms) => {
  expect(periodMs(text)).toBe(ms);
});

test("what is no period is refused in words", () => {
  const schema = period({ description: "Kept.", examples: ["90d"] });
  expect(schema.parse("14d")).toBe(14 * 86_400_000);
  expect(schema.safeParse("2w").error?.issues[0]?.message).toBe("a period such as 90d");
  expect(schema.safeParse("0h").error?.issues[0]?.message).toBe("a period above 0 and at most a century");
});
