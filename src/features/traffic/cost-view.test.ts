import * as fc from "fast-check";
import { expect, test } from "vitest";
import { moneyView, usdText } from "./cost-view.ts";

test.each<[bigint, string]>([
  [0n, "0"],
  [1n, "0.000000000001"],
  [123_000_000n, "0.000123"],
  [1_000_000_000_000n, "1"],
  [12_500_000_000_000n, "12.5"],
  [9_007_199_254_740_993_000_000_000_001n, "9007199254740993.000000000001"],
])("%s pico-dollars are %s dollars", (pico, text) => {
  expect(usdText(pico)).toBe(text);
});

test("both ways of telling money say the same", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), (pico) => {
      const { usd, pico_dollars: told } = moneyView(pico);
      const [whole = "", fraction = ""] = usd.split(".");
      expect(BigInt(whole + fraction.padEnd(12, "0"))).toBe(pico);
      expect(BigInt(told)).toBe(pico);
    }),
  );
});
