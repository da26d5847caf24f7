import { describe, expect, test } from "vitest";
import { figureDifference, repeatedFigure } from "./repeated-figure.ts";

describe("a figure over runs", () => {
  test("has Student's interval: 10, 12, 14 have mean 12, deviation 2, t(0.975, 2) = 4.302653", () => {
    const figure = repeatedFigure([10, 12, 14]);
    expect(figure?.mean).toBe(12);
    expect(figure?.interval?.[1]).toBeCloseTo(12 + (4.30265273 * 2) / Math.sqrt(3), 6);
  });

  test("of one run, or of equal ones, has none", () => {
    expect(repeatedFigure([5])).toEqual({ mean: 5 });
    expect(repeatedFigure([5, 5])).toEqual({ mean: 5 });
    expect(repeatedFigure([])).toBeUndefined();
  });
});

describe("a difference of targets", () => {
  test("is taken run by run: what a run has for both drops out", () => {
    // Each run is slower than the one before, and the second target 1 to 1.2 slower in each.
    const found = figureDifference([10, 20, 30], [11, 21.1, 31.2]);
    expect(found?.mean).toBeCloseTo(1.1, 12);
    expect(found?.relative).toBeCloseTo(0.055, 12);
    expect(found?.isSure).toBe(true);
    expect(figureDifference([10, 20, 30], [11, 19, 30])?.isSure).toBe(false);
  });

  test("of one run is not sure; of runs that one of them missed there is none", () => {
    expect(figureDifference([10], [30])).toEqual({ mean: 20, relative: 2, isSure: false });
    expect(figureDifference([10, 11], [30])).toBeUndefined();
  });
});
