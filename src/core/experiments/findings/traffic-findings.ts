import { isDominant } from "./dominance.ts";
import type { Finding } from "./finding.ts";
import { shareText } from "./share-text.ts";

/** The unit of a variant with the most requests. */
export interface LargestUnit {
  readonly variant: string;
  /** Its pseudonym. */
  readonly unit: string;
  readonly requests: number;
  /** Units of the variant. */
  readonly units: number;
  /** Requests of all of them. */
  readonly requestsOfAll: number;
}

/** Where one unit has so many of a variant's requests that it weighs on every metric that is a ratio of sums. */
export function dominantUnitFindings(largest: readonly LargestUnit[]): readonly Finding[] {
  const requests = largest.reduce((sum, { requestsOfAll }) => sum + requestsOfAll, 0);
  return largest.flatMap(({ variant, unit, requests: most, units, requestsOfAll }): readonly Finding[] => {
    if (!isDominant({ most, total: requestsOfAll, members: units })) return [];
    const text = `Unit ${unit} has ${most} of ${requestsOfAll} requests of ${variant} (${shareText(most / requestsOfAll)}; ${shareText(most / requests)} of all): a bot or a test client weighs on its variant`;
    return [{ code: "dominant-unit", severity: "warning", about: variant, text }];
  });
}

/** How many requests of a variant were given an answer that had been kept. */
export interface KeptAnswerCount {
  readonly variant: string;
  readonly requests: number;
  readonly keptAnswers: number;
}

/** The share of kept answers in a variant above which they are told. */
const keptShareMax = 0.01;

/** Where kept answers were given to more than a few requests: what counts them, and what does not. */
export function keptAnswerFindings(counts: readonly KeptAnswerCount[]): readonly Finding[] {
  if (!counts.some(({ requests, keptAnswers }) => keptAnswers > keptShareMax * requests)) return [];
  const given = counts
    .map(({ variant, requests, keptAnswers }) => `${variant} ${keptAnswers} of ${requests} requests`)
    .join(", ");
  const text = `Answers that had been kept were given (${given}): times and speeds leave them out of all variants alike, everything else counts them`;
  return [{ code: "kept-answers", severity: "note", text }];
}
