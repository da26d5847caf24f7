import { cohenKappa } from "#core/statistics/agreement.ts";
import type { Interval } from "#core/statistics/interval.ts";
import type { ReviewVerdict } from "./review.ts";

/** How far two reviewers agree on the items that both judged. */
export interface ReviewerAgreement {
  readonly reviewers: readonly [one: string, other: string];
  /** Items that both judged, >= 1. */
  readonly items: number;
  /** Share of them judged alike. */
  readonly alike: number;
  /** Cohen's; undefined where both said the same of all, or of one item alone. */
  readonly kappa: number | undefined;
  readonly interval: Interval | undefined;
}

/** Reviewers that are compared at most: those with most verdicts. Each with each other makes 190 pairs. */
const reviewersMax = 20;

/** Each two reviewers that judged the same items, those with most items first. @param alpha error rate in (0, 1) of each interval */
export function reviewerAgreement(
  verdicts: readonly Pick<ReviewVerdict, "id" | "reviewer" | "value">[],
  alpha: number,
): readonly ReviewerAgreement[] {
  const byReviewer = new Map<string, Map<string, number>>();
  for (const { id, reviewer, value } of verdicts) {
    const own = byReviewer.get(reviewer) ?? new Map<string, number>();
    byReviewer.set(reviewer, own.set(id, value));
  }
  const busiest = [...byReviewer].toSorted(([, a], [, b]) => b.size - a.size).slice(0, reviewersMax);
  return busiest
    .flatMap(([one, ofOne], at) =>
      busiest.slice(at + 1).flatMap(([other, ofOther]) => {
        const pairs = [...ofOne].flatMap(([id, value]) => {
          const theirs = ofOther.get(id);
          return theirs === undefined ? [] : [[value, theirs] as const];
        });
        return pairs.length === 0 ? [] : [{ reviewers: [one, other] as const, ...agreementOf(pairs, alpha) }];
      }),
    )
    .toSorted((a, b) => b.items - a.items);
}

function agreementOf(
  pairs: readonly (readonly [number, number])[],
  alpha: number,
): Omit<ReviewerAgreement, "reviewers"> {
  const categories = [...new Set(pairs.flat())].toSorted((a, b) => a - b);
  const table = categories.map((row) =>
    categories.map((column) => pairs.filter(([a, b]) => a === row && b === column).length),
  );
  const found = cohenKappa(table, { alpha });
  return {
    items: pairs.length,
    alike: pairs.filter(([a, b]) => a === b).length / pairs.length,
    kappa: found.ok ? found.value.kappa : undefined,
    interval: found.ok ? found.value.interval : undefined,
  };
}
