import { describe, expect, test } from "vitest";
import type { Round } from "./rounds.ts";
import { rotated } from "./rounds.ts";
import {
  added,
  addedRatioToBare,
  errors,
  firstFrame,
  gapP99,
  latency,
  mainUs,
  perSecond,
  processUs,
  ratioToBare,
  typical,
} from "./summary.ts";

function round(latenciesMs: readonly number[], cpuUs = 0, failed = 0): Round {
  return {
    latenciesMs: Float64Array.from(latenciesMs),
    firstFrameMs: Float64Array.of(3, 1, 2),
    gapsMs: Float64Array.of(5, 5, 9),
    errors: failed,
    firstError: "",
    elapsedMs: 500,
    cpu: { mainUs: cpuUs, processUs: cpuUs * 2 },
  };
}

/** Three rounds; the second hit by something that tripled every time. */
const rounds = new Map([
  ["direct", [round([1]), round([3]), round([1])]],
  ["bare", [round([2], 100), round([6], 300), round([2], 100)]],
  ["postgres", [round([2.5], 150, 1), round([7.5], 450), round([3], 190, 2)]],
]);

describe("figures of rounds", () => {
  test("noise that hits a whole round leaves the ratios as they were", () => {
    expect(ratioToBare(rounds, "postgres", mainUs)).toBe(1.5);
    expect(addedRatioToBare(rounds, "postgres", latency(0.5))).toBe(1.5);
  });

  test("a round in which the bare proxy added nothing is left out", () => {
    const odd = new Map([
      ["direct", [round([2]), round([1])]],
      ["bare", [round([2]), round([2])]],
      ["postgres", [round([9]), round([4])]],
    ]);
    expect(addedRatioToBare(odd, "postgres", latency(0.5))).toBe(3);
  });

  test("typical values, additions, rates, errors", () => {
    expect(typical(rounds, "postgres", latency(0.5))).toBe(3);
    expect(added(rounds, "postgres", latency(0.99))).toBe(2);
    expect(typical(rounds, "bare", perSecond)).toBe(2);
    expect(typical(rounds, "bare", processUs)).toBe(200);
    expect(typical(rounds, "bare", firstFrame)).toBe(2);
    expect(typical(rounds, "bare", gapP99)).toBe(9);
    expect(errors(rounds, "postgres")).toBe(3);
  });

  test("a target that was not measured has no figures", () => {
    expect(typical(rounds, "pglite", mainUs)).toBeNaN();
    expect(ratioToBare(rounds, "pglite", mainUs)).toBeNaN();
  });
});

test("each round begins with another target, and none is left out", () => {
  expect([0, 1, 2, 3].map((by) => rotated(["a", "b", "c"], by).join(""))).toEqual([
    "abc",
    "bca",
    "cab",
    "abc",
  ]);
  expect(rotated([], 3)).toEqual([]);
});
