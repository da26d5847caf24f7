import { describe, expect, test } from "vitest";
import { cohenKappa } from "#core/statistics/agreement.ts";
import { must } from "../../../../test/support/must.ts";
import { decidedValue, isSwapped, reviewId } from "./review.ts";
import { reviewerAgreement } from "./reviewer-agreement.ts";

describe("a review", () => {
  test("has one id for its item in its queue, whatever the names are made of", () => {
    expect(reviewId({ queue: "a", item: "1" })).toMatch(/^rev_[0-9a-f]{24}$/);
    expect(reviewId({ queue: "a", item: "1" })).toBe(reviewId({ queue: "a", item: "1" }));
    expect(reviewId({ queue: "a1", item: "1" })).not.toBe(reviewId({ queue: "a", item: "11" }));
  });

  test("is shown the other way round to about half of the reviewers, and to one always alike", () => {
    const swapped = Array.from({ length: 1_000 }, (_, at) => isSwapped("rev_1", `r${at}`));
    expect(swapped.filter(Boolean).length).toBeGreaterThan(450);
    expect(swapped.filter(Boolean).length).toBeLessThan(550);
    expect(swapped.slice(0, 5)).toEqual([0, 1, 2, 3, 4].map((at) => isSwapped("rev_1", `r${at}`)));
  });

  test.each([
    [[1, 1, 0], 1],
    [[0], 0],
    [[0.5, 0.5], 0.5],
    [[0.5, 1], 1],
    [[1, 0], undefined],
    [[], undefined],
  ])("with the verdicts %j is decided as %s", (values, decided) => {
    expect(decidedValue(values)).toBe(decided);
  });
});

describe("reviewers", () => {
  const said = (reviewer: string, values: readonly number[]) =>
    values.map((value, at) => ({ id: `rev_${at}`, reviewer, value }));

  test("agree as Cohen's kappa of the items that both judged says", () => {
    const found = reviewerAgreement(
      [...said("ann", [1, 1, 0, 0, 1, 0, 1, 1]), ...said("bob", [1, 0, 0, 0, 1, 1]), ...said("eve", [])],
      0.05,
    );
    const kappa = must(
      cohenKappa(
        [
          [2, 1],
          [1, 2],
        ],
        { alpha: 0.05 },
      ),
    );
    expect(found).toEqual([
      {
        reviewers: ["ann", "bob"],
        items: 6,
        alike: 4 / 6,
        kappa: kappa.kappa,
        interval: kappa.interval,
      },
    ]);
  });

  test("who said the same of all have no kappa", () => {
    const [found] = reviewerAgreement([...said("ann", [1, 1]), ...said("bob", [1, 1])], 0.05);
    expect(found).toMatchObject({ alike: 1, kappa: undefined });
  });
});
