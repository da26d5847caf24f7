import * as fc from "fast-check";
import { expect, test } from "vitest";
import { moneyView } from "./cost-view.ts";

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
