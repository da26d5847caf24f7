import { expect, test } from "vitest";
import { must, refusalOf } from "../../../../test/support/must.ts";
import { differenceOfPair, type Pair } from "./pair.ts";

function pair(control: number, treatment: number): Pair {
  const arm = (variant: string, mean: number, variance: number) => ({
    variant,
    sample: { count: 200, mean, variance },
    missing: 0,
  });
  return { control: arm("control", 150, control), treatment: arm("treatment", 90, treatment), covariance: 0 };
}

const question = { scale: "absolute", alpha: 0.05 } as const;

test("an arm that never varies is compared by the variance of the other, as the limit of one that hardly does", () => {
  for (const [constant, nearly] of [
    [pair(900, 0), pair(900, 1e-9)],
    [pair(0, 900), pair(1e-9, 900)],
  ] as const) {
    const found = must(differenceOfPair(constant, question));
    const limit = must(differenceOfPair(nearly, question));
    expect(found.difference).toBe(-60);
    expect(found.standardError).toBeCloseTo(limit.standardError, 9);
    expect(found.pValue).toBeCloseTo(limit.pValue, 12);
    expect(found.interval[0]).toBeCloseTo(limit.interval[0], 6);
    const relative = must(differenceOfPair(constant, { ...question, scale: "relative" }));
    expect(relative.difference).toBeCloseTo(-0.4, 12);
  }
});

test("two arms that never vary are not compared", () => {
  expect(refusalOf(differenceOfPair(pair(0, 0), question))).toBe("no-variance");
});
