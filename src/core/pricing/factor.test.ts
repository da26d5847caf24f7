import fc from "fast-check";
import { expect, test } from "vitest";
import { ratioOfPercent } from "./factor.ts";

test.each([
  ["50%", 50, 100],
  ["180%", 180, 100],
  ["52.5%", 525, 1_000],
  ["0.0001%", 1, 1_000_000],
  ["9999%", 9_999, 100],
])("%s is %d / %d", (text, numerator, denominator) => {
  expect(ratioOfPercent(text)).toEqual({ numerator, denominator });
});

test.each(["50", "0%", "0.0%", "-5%", "1e2%", "100000%", "0.00001%", " 50%", "%"])(
  "%s is no factor",
  (text) => {
    expect(ratioOfPercent(text)).toBeUndefined();
  },
);

test("law: no digit is lost", () => {
  fc.assert(
    fc.property(fc.nat(9_999), fc.integer({ min: 1, max: 9_999 }), (whole, fraction) => {
      const digits = String(fraction).padStart(4, "0");
      expect(ratioOfPercent(`${whole}.${digits}%`)).toEqual({
        numerator: whole * 10_000 + fraction,
        denominator: 1_000_000,
      });
    }),
  );
});
