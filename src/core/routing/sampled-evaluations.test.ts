import { expect, test } from "vitest";
import { sampledEvaluations } from "./sampled-evaluations.ts";

const ids = Array.from({ length: 4_000 }, (_, at) => `request-${at}`);

function taken(name: string, sample: number): ReadonlySet<string> {
  return new Set(ids.filter((id) => sampledEvaluations([{ name, sample }], id) !== undefined));
}

test("a share of requests is taken, the same whoever asks, and a raise only adds some", () => {
  const [few, more] = [taken("quality", 0.05), taken("quality", 0.2)];
  // Four standard deviations of a binomial.
  expect(Math.abs(few.size - 200)).toBeLessThan(56);
  expect(Math.abs(more.size - 800)).toBeLessThan(102);
  expect(few.isSubsetOf(more)).toBe(true);
  expect(taken("quality", 0.05)).toEqual(few);
  expect(taken("quality", 1).size).toBe(ids.length);
});

test("two evaluations draw by themselves", () => {
  const both = taken("quality", 0.2).intersection(taken("safety", 0.2));
  expect(Math.abs(both.size - 160)).toBeLessThan(50);
});

test("each that takes a request is named, in their order", () => {
  const running = [
    { name: "one", sample: 1 },
    { name: "none", sample: 1e-12 },
    { name: "two", sample: 1 },
  ];
  expect(sampledEvaluations(running, "request-1")).toEqual(["one", "two"]);
  expect(sampledEvaluations([], "request-1")).toBeUndefined();
});
