import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { goldenInterval, testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { mcnemarTest } from "./mcnemar.ts";

describe("golden values of statsmodels", () => {
  const number = z.number();
  const count = testGolden(
    "mcnemar.json",
    {
      input: z.object({ both: number, onlyA: number, onlyB: number, neither: number }),
      expected: z.object({
        pExact: number,
        pMidP: number.optional(),
        chiSquare: number,
        pChiSquare: number,
        chiSquareCorrected: number,
        pChiSquareCorrected: number,
        difference: number,
        standardError: number,
        ci: goldenInterval,
      }),
    },
    ({ input, expected: { ci, pMidP, ...expected }, close }) => {
      const found = must(mcnemarTest(input, 0.05));
      close(found.interval, ci);
      if (pMidP !== undefined) close(found.pMidP, pMidP);
      close(found.pExact, expected.pExact);
      close([found.chiSquare, found.pChiSquare], [expected.chiSquare, expected.pChiSquare]);
      close(found.chiSquareCorrected, expected.chiSquareCorrected);
      close(found.pChiSquareCorrected, expected.pChiSquareCorrected);
      close([found.difference, found.standardError], [expected.difference, expected.standardError]);
    },
  );

  test("every case is run", () => expect(count).toBe(6));
});

test("the variants may change places, and p-values are in [0, 1]", () => {
  const cell = fc.integer({ min: 0, max: 2000 });
  fc.assert(
    fc.property(cell, cell, cell, cell, (both, onlyA, onlyB, neither) => {
      fc.pre(onlyA + onlyB > 0);
      const found = must(mcnemarTest({ both, onlyA, onlyB, neither }, 0.05));
      const turned = must(mcnemarTest({ both, onlyA: onlyB, onlyB: onlyA, neither }, 0.05));
      expect(turned.pExact).toBe(found.pExact);
      expect(turned.difference).toBe(0 - found.difference);
      for (const p of [found.pExact, found.pMidP, found.pChiSquare, found.pChiSquareCorrected]) {
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
      }
      expect(found.pMidP).toBeLessThanOrEqual(found.pExact);
    }),
  );
});

test("what cannot be said is refused with the reason", () => {
  const ask = (onlyA: number, both = 5, alpha = 0.05) =>
    refusalOf(mcnemarTest({ both, onlyA, onlyB: 0, neither: 0 }, alpha));
  expect(ask(0)).toBe("no-variance");
  expect(ask(0, 0)).toBe("too-few");
  expect(ask(0.5)).toBe("bad-count");
  expect(ask(1, 5, 2)).toBe("bad-level");
});
