import { expect, test } from "vitest";
import { digest, randomFrom } from "./random.ts";

function draw(seed: string): number[] {
  const random = randomFrom(seed);
  return Array.from({ length: 1000 }, () => random.next());
}

test("the same seed gives the same numbers, another seed others, all in [0, 1)", () => {
  expect(draw("a")).toEqual(draw("a"));
  expect(draw("a")).not.toEqual(draw("b"));
  expect(draw("a").every((number) => number >= 0 && number < 1)).toBe(true);
});

test("whole numbers are spread evenly", () => {
  const random = randomFrom("even");
  const counts = [0, 0, 0, 0, 0, 0];
  for (let round = 0; round < 6000; round += 1) {
    const number = random.integer(0, 5);
    counts[number] = (counts[number] ?? 0) + 1;
  }
  // Chi-square with 5 degrees of freedom: above 25.7 with probability 1e-4.
  expect(counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(25.7);
});

test("a digest tells apart texts that join to the same", () => {
  expect(digest("ab", "c")).not.toBe(digest("a", "bc"));
});
