import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { adjustedPValues, preferentialLevels, rejectedByEValues, type Correction } from "./multiplicity.ts";

const corrections: Readonly<Record<string, Correction>> = {
  bonferroni: "bonferroni",
  sidak: "sidak",
  holm: "holm",
  hochberg: "hochberg",
  hommel: "hommel",
  benjaminiHochberg: "benjamini-hochberg",
  benjaminiYekutieli: "benjamini-yekutieli",
};

describe("golden corrections", () => {
  const adjusted = testGolden(
    "multiple_testing.json",
    {
      input: z.object({ pValues: z.array(z.number()), alpha: z.number() }),
      expected: z.record(
        z.string(),
        z.object({ adjusted: z.array(z.number()), rejected: z.array(z.boolean()) }),
      ),
    },
    ({ input, expected, close }) => {
      expect(Object.keys(expected)).toEqual(Object.keys(corrections));
      for (const [name, answer] of Object.entries(expected)) {
        const found = must(adjustedPValues(input.pValues, corrections[name] ?? "holm"));
        close(found, answer.adjusted);
        // What is at alpha but for rounding is either.
        for (const [index, p] of found.entries()) {
          if (Math.abs(p - input.alpha) > 1e-12) expect(p <= input.alpha).toBe(answer.rejected[index]);
        }
      }
    },
  );
  const preferential = testGolden(
    "multiple_testing.json",
    {
      input: z.object({ treatments: z.number(), metrics: z.number(), gamma: z.number(), alpha: z.number() }),
      expected: z.object({ primaryAlpha: z.number(), otherAlpha: z.number() }),
    },
    ({ input, expected, close }) => {
      const { primary, other } = must(preferentialLevels(input));
      close([primary, other], [expected.primaryAlpha, expected.otherAlpha]);
    },
  );
  const byEValues = testGolden(
    "multiple_testing.json",
    {
      input: z.object({ eValues: z.array(z.number()), alpha: z.number() }),
      expected: z.object({ rejected: z.array(z.boolean()) }),
    },
    ({ input, expected }) =>
      expect(must(rejectedByEValues(input.eValues, input.alpha))).toEqual(expected.rejected),
  );

  test("every case is run", () => expect(adjusted + preferential + byEValues).toBe(12));
});

test("no correction helps a p-value, and stronger ones are never kinder", () => {
  const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(pValues, (values) => {
      const of = (correction: Correction) => must(adjustedPValues(values, correction));
      const [bonferroni, holm, hochberg, hommel] = [
        of("bonferroni"),
        of("holm"),
        of("hochberg"),
        of("hommel"),
      ];
      for (const [index, p] of values.entries()) {
        const chain = [p, hommel[index], hochberg[index], holm[index], bonferroni[index], 1];
        for (const [place, value] of chain.slice(1).entries()) {
          expect(value).toBeGreaterThanOrEqual((chain[place] ?? 0) - 1e-12);
        }
      }
    }),
  );
});

test("what cannot be said is refused with the reason", () => {
  expect(refusalOf(adjustedPValues([0.5, Number.NaN], "holm"))).toBe("bad-value");
  expect(refusalOf(rejectedByEValues([-1], 0.05))).toBe("bad-value");
  expect(refusalOf(rejectedByEValues([1], 0))).toBe("bad-level");
  expect(refusalOf(preferentialLevels({ alpha: 0.05, gamma: 0.5, treatments: 0, metrics: 1 }))).toBe(
    "bad-count",
  );
  expect(must(adjustedPValues([], "hommel"))).toEqual([]);
});
