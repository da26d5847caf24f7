import { expect, test } from "vitest";
import { dominantUnitFindings, keptAnswerFindings, type LargestUnit } from "./traffic-findings.ts";

function largest(changes: Partial<LargestUnit> = {}): LargestUnit {
  return { variant: "argon", unit: "s8FJ", requests: 50, units: 200, requestsOfAll: 1_000, ...changes };
}

test("a unit with a twentieth of its variant's requests is told, by its pseudonym", () => {
  expect(dominantUnitFindings([largest(), largest({ variant: "flash", requests: 49 })])).toEqual([
    {
      code: "dominant-unit",
      severity: "warning",
      about: "argon",
      text: "Unit s8FJ has 50 of 1000 requests of argon (5 %; 2.5 % of all): a bot or a test client weighs on its variant",
    },
  ]);
});

test("of few units each has about as much, and of single requests none outweighs another", () => {
  expect(dominantUnitFindings([largest({ units: 19, requestsOfAll: 100 })])).toEqual([]);
  expect(dominantUnitFindings([largest({ units: 20, requests: 1, requestsOfAll: 20 })])).toEqual([]);
  expect(dominantUnitFindings([])).toEqual([]);
});

test("kept answers are told with all variants, once a variant has more than a hundredth", () => {
  const counts = (keptAnswers: number) => [
    { variant: "argon", requests: 1_000, keptAnswers },
    { variant: "flash", requests: 990, keptAnswers: 0 },
  ];
  expect(keptAnswerFindings(counts(10))).toEqual([]);
  expect(keptAnswerFindings(counts(11))).toEqual([
    {
      code: "kept-answers",
      severity: "note",
      text: "Answers that had been kept were given (argon 11 of 1000 requests, flash 0 of 990 requests): times and speeds leave them out of all variants alike, everything else counts them",
    },
  ]);
});
