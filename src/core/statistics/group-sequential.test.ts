import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { groupSequentialBounds, groupSequentialLook, type SequentialPlan } from "./group-sequential.ts";
import { normalSurvival } from "./special-functions.ts";
import type { Spending } from "./spending.ts";

const spendings: Readonly<Record<string, Spending>> = {
  obrienFlemingLike: { kind: "obrien-fleming" },
  pocockLike: { kind: "pocock" },
  power1: { kind: "power", exponent: 1 },
  power2: { kind: "power", exponent: 2 },
};
const spending = z
  .enum(["obrienFlemingLike", "pocockLike", "power1", "power2"])
  .transform((name): Spending => spendings[name] ?? { kind: "pocock" });

describe("golden values", () => {
  const bounds = testGolden(
    "sequential_group.json",
    {
      input: z.object({ informationFractions: z.array(z.number()), alpha: z.number(), spending }),
      expected: z.object({ zBounds: z.array(z.number()), nominalP: z.array(z.number()) }),
    },
    ({ input, expected, close }) => {
      const found = must(groupSequentialBounds(input, input.informationFractions));
      close(
        found.map(({ bound }) => bound),
        expected.zBounds,
      );
      close(
        found.map(({ nominalP }) => nominalP),
        expected.nominalP,
      );
      for (const [look, { bound }] of found.entries())
        expect(bound).toBeCloseTo(expected.zBounds[look] ?? 0, 7);
    },
  );
  const overrun = testGolden(
    "sequential_group.json",
    {
      input: z.object({
        countControl: z.array(z.number()),
        countTreatment: z.array(z.number()),
        alpha: z.number(),
        spending,
      }),
      expected: z.object({ adjustedAlpha: z.array(z.number()) }),
    },
    ({ input, expected, close }) => {
      const units = input.countControl.map((count, look) => count + (input.countTreatment[look] ?? 0));
      const most = Math.max(...units);
      // The peer plans anew with what came in the end, which only one who has not looked before may do; at the
      // 300 units that were planned the second look would spend everything.
      const found = must(
        groupSequentialBounds(
          input,
          units.map((count) => count / most),
        ),
      );
      close(
        found.map(({ nominalP }) => nominalP),
        expected.adjustedAlpha,
      );
    },
  );

  test("every case is run", () => expect(bounds + overrun).toBe(6));
});

const plan: SequentialPlan = { alpha: 0.05, spending: { kind: "obrien-fleming" } };
const boundsOf = (fractions: readonly number[], changes: Partial<SequentialPlan> = {}) =>
  must(groupSequentialBounds({ ...plan, ...changes }, fractions)).map(({ bound }) => bound);

test("bounds at five equal looks are those of the textbooks", () => {
  const looks = [0.2, 0.4, 0.6, 0.8, 1];
  const near = (found: readonly number[], wanted: readonly number[]) => {
    for (const [look, bound] of found.entries()) expect(bound).toBeCloseTo(wanted[look] ?? 0, 3);
  };
  near(boundsOf(looks), [4.8769, 3.3569, 2.6803, 2.2898, 2.031]);
  near(boundsOf(looks, { spending: { kind: "pocock" } }), [2.438, 2.4268, 2.4101, 2.3966, 2.3859]);
});

const anySpending = fc.oneof(
  fc.constant<Spending>({ kind: "obrien-fleming" }),
  fc.constant<Spending>({ kind: "pocock" }),
  fc.double({ min: 0.3, max: 8, noNaN: true }).map((exponent): Spending => ({ kind: "power", exponent })),
);
const anyFractions = fc
  .array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 })
  .map((steps) => steps.map((_, look) => steps.slice(0, look + 1).reduce((sum, step) => sum + step, 0)));
const anyAlpha = fc.double({ min: 1e-4, max: 0.3, noNaN: true });

describe("laws", () => {
  test("one look at the end is the plain test", () => {
    fc.assert(
      fc.property(anySpending, anyAlpha, (spending, alpha) => {
        const [only] = must(groupSequentialBounds({ alpha, spending }, [1]));
        expect(only?.nominalP).toBeCloseTo(alpha, 12);
      }),
    );
  });

  test("looks are dearer than one, spend alpha in the end, and are the same for a side of half of it", () => {
    fc.assert(
      fc.property(anySpending, anyAlpha, anyFractions, (spending, alpha, fractions) => {
        const found = must(groupSequentialBounds({ alpha, spending }, fractions));
        const oneSided = { alpha: alpha / 2, spending, alternative: "less" } as const;
        const aside = must(groupSequentialBounds(oneSided, fractions));
        let before = 0;
        for (const [look, { bound, nominalP, spent }] of found.entries()) {
          expect(nominalP).toBeLessThanOrEqual(spent * (1 + 1e-9));
          expect(spent).toBeGreaterThanOrEqual(before);
          expect(aside[look]?.bound).toBe(bound);
          before = spent;
        }
        // A fraction next to 1 spends all but what a number has no digits for.
        if ((fractions.at(-1) ?? 0) >= 1 - 1e-12) expect(before).toBeCloseTo(alpha, 12);
        else expect(before).toBeLessThan(alpha);
      }),
      { numRuns: 50 },
    );
  });

  test("later looks change no bound of earlier ones", () => {
    fc.assert(
      fc.property(anySpending, anyFractions, (spending, fractions) => {
        const all = boundsOf(fractions, { spending });
        const some = boundsOf(fractions.slice(0, -1).concat([5]), { spending });
        for (const [look, bound] of all.slice(0, -1).entries()) expect(some[look]).toBeCloseTo(bound, 8);
      }),
      { numRuns: 50 },
    );
  });

  test("the repeated interval leaves 0 out exactly where the bound is crossed", () => {
    const value = fc.double({ min: -5, max: 5, noNaN: true });
    const alternatives = fc.constantFrom("two-sided", "greater", "less");
    fc.assert(
      fc.property(value, alternatives, anyFractions, (effect, alternative, fractions) => {
        const estimate = { value: effect, standardError: 1 };
        const look = must(groupSequentialLook({ ...plan, alternative }, { fractions, estimate }));
        const [low, high] = look.interval;
        expect(low > 0 || high < 0).toBe(look.crossed);
        if (Math.abs(look.pValue - look.nominalP) > 1e-12)
          expect(look.pValue < look.nominalP).toBe(look.crossed);
      }),
      { numRuns: 50 },
    );
  });
});

test("an overrun spends what is left, by its own information, and nothing is left for a look after it", () => {
  const [, overrun, after] = must(groupSequentialBounds(plan, [0.5, 1.3, 1.5]));
  const [, exact] = must(groupSequentialBounds(plan, [0.5, 1]));
  expect(overrun?.spent).toBe(0.05);
  // Less goes together with the first look, so that the same rate needs a higher bound.
  expect(overrun?.bound).toBeGreaterThan(exact?.bound ?? 0);
  expect(after).toEqual({ fraction: 1.5, bound: Infinity, nominalP: 0, spent: 0.05 });
});

test("very early and very near looks keep their digits", () => {
  const [first, second] = boundsOf([1e-5, 0.01]);
  expect(first).toBe(Infinity);
  expect(2 * normalSurvival(second ?? 0)).toBeGreaterThan(0);
  const [apart] = boundsOf([1]);
  const [, near] = boundsOf([0.999_99, 1], { spending: { kind: "pocock" } });
  expect(near).toBeGreaterThan(apart ?? 0);
  expect(near).toBeLessThan(2.1);
});

test("a hundred looks can be planned", () => {
  const fractions = Array.from({ length: 100 }, (_, look) => (look + 1) / 100);
  expect(boundsOf(fractions).at(-1)).toBeCloseTo(2.1854, 3);
});

test("what cannot be said is refused with the reason", () => {
  const ask = (fractions: readonly number[], changes: Partial<SequentialPlan> = {}) =>
    refusalOf(groupSequentialBounds({ ...plan, ...changes }, fractions));
  expect(ask([])).toBe("too-few");
  expect(ask([0.5, 0.5])).toBe("bad-value");
  expect(ask([0])).toBe("bad-value");
  expect(ask([Number.NaN])).toBe("bad-value");
  expect(ask([0.5, Infinity])).toBe("bad-value");
  expect(ask(Array.from({ length: 501 }, (_, look) => look + 1))).toBe("bad-value");
  expect(ask([1], { alpha: 1 })).toBe("bad-level");
  expect(ask([1], { spending: { kind: "power", exponent: 0 } })).toBe("bad-value");
  const look = (value: number, standardError: number) =>
    refusalOf(groupSequentialLook(plan, { fractions: [1], estimate: { value, standardError } }));
  expect(look(Number.NaN, 1)).toBe("not-finite");
  expect(look(1, 0)).toBe("no-variance");
});
