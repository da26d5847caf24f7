import fc from "fast-check";
import { expect, test } from "vitest";
import { share, shareText } from "./share.ts";

test.each([
  ["80%", 0.8],
  ["2.5%", 0.025],
  ["0%", 0],
  ["100%", 1],
])("%s is %d", (text, value) => {
  expect(share.parse(text)).toBeCloseTo(value, 12);
});

test.each(["80", "0.8", "101%", "-5%", "%", "80 %"])("%s is no share", (text) => {
  expect(share.safeParse(text).success).toBe(false);
});

test("a share that was written and read is the same to four digits", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), (millionths) => {
      const text = shareText(millionths / 1_000_000);
      expect(share.parse(text)).toBeCloseTo(millionths / 1_000_000, 9);
    }),
  );
});
