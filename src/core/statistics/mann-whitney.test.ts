import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { mannWhitneyTest } from "./mann-whitney.ts";

describe("golden values of SciPy", () => {
  const number = z.number();
  const count = testGolden(
    "mann_whitney.json",
    {
      input: z.object({ control: z.array(number), treatment: z.array(number) }),
      expected: z.object({
        U2: number,
        pAsymptoticContinuity: number,
        pAsymptoticNoContinuity: number,
        pGreaterContinuity: number,
        commonLanguageEffect: number,
        hodgesLehmann: number,
        pExact: number.optional(),
      }),
    },
    ({ input: { control, treatment }, expected, close }) => {
      const found = must(mannWhitneyTest(control, treatment, 0.05));
      close([found.u, found.probabilityAbove], [expected.U2, expected.commonLanguageEffect]);
      close(found.pValue, expected.pAsymptoticContinuity);
      close(found.pUncorrected, expected.pAsymptoticNoContinuity);
      close(found.pGreater, expected.pGreaterContinuity);
      close(found.shift, expected.hodgesLehmann);
      if (expected.pExact !== undefined) close(found.pExact ?? Number.NaN, expected.pExact);
    },
  );

  test("every case is run", () => expect(count).toBe(7));
});

test("the interval holds the shift, p is in [0, 1], and arms are symmetric", () => {
  const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(values, values, (control, treatment) => {
      fc.pre(new Set([...control, ...treatment]).size > 1);
      const found = must(mannWhitneyTest(control, treatment, 0.05));
      const turned = must(mannWhitneyTest(treatment, control, 0.05));
      expect(found.shiftInterval[0]).toBeLessThanOrEqual(found.shift);
      expect(found.shiftInterval[1]).toBeGreaterThanOrEqual(found.shift);
      expect(found.pValue > 0 && found.pValue <= 1).toBe(true);
      expect(turned.pValue).toBeCloseTo(found.pValue, 12);
      expect(turned.probabilityAbove).toBeCloseTo(1 - found.probabilityAbove, 12);
    }),
  );
});

test("what cannot be said is refused with the reason", () => {
  expect(refusalOf(mannWhitneyTest([], [1], 0.05))).toBe("too-few");
  expect(refusalOf(mannWhitneyTest([1, 1], [1], 0.05))).toBe("no-variance");
  expect(refusalOf(mannWhitneyTest([1, Number.NaN], [1], 0.05))).toBe("not-finite");
  expect(refusalOf(mannWhitneyTest([1], [2], 0))).toBe("bad-level");
  expect(
    refusalOf(
      mannWhitneyTest(
        Array.from({ length: 4001 }, () => 1),
        Array.from({ length: 1000 }, () => 2),
        0.05,
      ),
    ),
  ).toBe("bad-value");
});
