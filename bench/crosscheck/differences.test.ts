import { expect, test } from "vitest";
import { differenceOf } from "./differences.ts";

const check = { id: "mean", peer: "a peer", tolerance: 1e-6, cases: () => [] };

test("the worst difference of all figures is told, and where it is", () => {
  const cases = [
    { input: {}, ours: { mean: 1, error: 0.5 } },
    { input: {}, ours: { mean: 2 } },
  ];
  const theirs = [{ mean: 1, error: 0.5 }, { mean: 2.00002 }];
  const found = differenceOf(check, cases, theirs);
  expect(found).toMatchObject({ cases: 2, figures: 3, agrees: false });
  expect(found.worst).toBeCloseTo(1e-5, 8);
  expect(found.worstAt).toBe("case 2, mean: 2 and 2.00002");
  expect(differenceOf({ ...check, tolerance: 1e-4 }, cases, theirs).agrees).toBe(true);
});

test("what is no number on one side does not agree, and what a peer leaves out is an error", () => {
  const cases = [{ input: {}, ours: { mean: Number.NaN } }];
  expect(differenceOf(check, cases, [{ mean: 1 }]).agrees).toBe(false);
  expect(differenceOf(check, cases, [{ mean: Number.NaN }]).agrees).toBe(true);
  expect(() => differenceOf(check, cases, [{}])).toThrow(/figure mean is wanted of case 1/);
});
