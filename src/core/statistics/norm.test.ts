import fc from "fast-check";
import { expect, test } from "vitest";
import { normOf } from "./norm.ts";

test("is Math.hypot, also of a million values and of those whose squares do not fit a number", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: -1e200, max: 1e200 })), (values) => {
      const expected = Math.hypot(...values);
      expect(normOf(values) / (expected || 1)).toBeCloseTo(expected ? 1 : 0, 12);
    }),
  );
  expect(normOf(Array.from({ length: 1_000_000 }, () => 3))).toBeCloseTo(3000, 6);
  expect(normOf([])).toBe(0);
  expect(normOf([1, -Infinity])).toBe(Infinity);
});
