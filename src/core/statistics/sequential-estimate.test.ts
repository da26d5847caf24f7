import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { must, refusalOf } from "../../../test/support/must.ts";
import { normals, seededUnits } from "../../../test/support/seeded-draws.ts";
import { groupSequentialBounds, groupSequentialLook, type SequentialPlan } from "./group-sequential.ts";
import { sequentialEstimate } from "./sequential-estimate.ts";

const plan: SequentialPlan = { alpha: 0.05, spending: { kind: "pocock" } };
const looks = [0.25, 0.5, 0.75, 1];

describe("laws", () => {
  test("after one look it is the plain estimate, interval and p-value", () => {
    const estimate = { value: 5, standardError: 2 };
    const found = must(sequentialEstimate(plan, { fractions: [1], estimate }));
    expect(found.estimate).toBeCloseTo(5, 8);
    expect(found.interval[0]).toBeCloseTo(5 - 2 * 1.959963985, 7);
    expect(found.interval[1]).toBeCloseTo(5 + 2 * 1.959963985, 7);
    expect(found.pValue).toBeCloseTo(0.012419331, 8);
  });

  test("interval and p-value agree with the bound, and turn around with the sign", () => {
    const statistics = fc.double({ min: -4.5, max: 4.5, noNaN: true });
    const kinds = fc.constantFrom<SequentialPlan["spending"]>({ kind: "pocock" }, { kind: "obrien-fleming" });
    const counts = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(statistics, kinds, counts, (value, spending, count) => {
        const seen = { fractions: looks.slice(-count), estimate: { value, standardError: 1 } };
        const design = { ...plan, spending };
        const { crossed, bound } = must(groupSequentialLook(design, seen));
        fc.pre(value !== 0 && Math.abs(Math.abs(value) - bound) > 1e-6);
        const { estimate, interval, pValue } = must(sequentialEstimate(design, seen));
        expect(pValue <= 0.05).toBe(crossed);
        expect(interval[0] > 0 || interval[1] < 0).toBe(crossed);
        expect(interval[0]).toBeLessThan(estimate);
        expect(interval[1]).toBeGreaterThan(estimate);
        expect(Math.abs(estimate)).toBeLessThanOrEqual(Math.abs(value) + 0.01);
        const mirrored = { ...seen, estimate: { value: -value, standardError: 1 } };
        expect(must(sequentialEstimate(design, mirrored)).estimate).toBeCloseTo(-estimate, 8);
      }),
      { numRuns: 40 },
    );
  });

  test("one side has half of the rate, and an interval that is open", () => {
    const seen = { fractions: looks, estimate: { value: -2.5, standardError: 1 } };
    const both = must(sequentialEstimate(plan, seen));
    const below = must(sequentialEstimate({ ...plan, alpha: 0.025, alternative: "less" }, seen));
    expect(below.estimate).toBeCloseTo(both.estimate, 9);
    expect(below.interval[0]).toBe(-Infinity);
    expect(below.interval[1]).toBeCloseTo(both.interval[1], 9);
    expect(2 * below.pValue).toBeCloseTo(both.pValue, 9);
  });
});

test("effects that stopped a test early are too large as they are, and right on the median when adjusted", () => {
  const runs = 200;
  const drift = 2.5;
  const normal = normals(seededUnits(4));
  const bounds = must(groupSequentialBounds(plan, looks)).map(({ bound }) => bound);
  let [above, plainlyAbove, held] = [0, 0, 0];
  for (let run = 0; run < runs; run++) {
    let path = 0;
    const values = looks.map((time) => (path += normal() / 2 + drift / 4) / time);
    const crossing = values.findIndex(
      (value, look) => Math.abs(value) * Math.sqrt(looks[look] ?? 1) >= (bounds[look] ?? 0),
    );
    const end = crossing < 0 ? 3 : crossing;
    const [value = 0, time = 1] = [values[end], looks[end]];
    const seen = {
      fractions: looks.slice(0, end + 1),
      estimate: { value, standardError: 1 / Math.sqrt(time) },
    };
    const found = must(sequentialEstimate(plan, seen));
    if (found.estimate > drift) above += 1;
    if (value > drift) plainlyAbove += 1;
    if (found.interval[0] <= drift && drift <= found.interval[1]) held += 1;
  }
  expect(Math.abs(above / runs - 0.5)).toBeLessThan(3 * Math.sqrt(0.25 / runs));
  expect(plainlyAbove).toBeGreaterThan(above);
  expect(Math.abs(held / runs - 0.95)).toBeLessThan(3 * Math.sqrt((0.05 * 0.95) / runs));
});

test("what cannot be said is refused with the reason", () => {
  const ask = (value: number, fractions: readonly number[]) =>
    refusalOf(sequentialEstimate(plan, { fractions, estimate: { value, standardError: 1 } }));
  expect(ask(0.5, [0.5])).toBe("bad-value");
  expect(ask(Number.NaN, [1])).toBe("not-finite");
  expect(ask(1, [])).toBe("too-few");
  expect(
    refusalOf(
      sequentialEstimate({ ...plan, alpha: 0 }, { fractions: [1], estimate: { value: 1, standardError: 1 } }),
    ),
  ).toBe("bad-level");
});
