/** Under which names a run of a judge keeps what it said of an item, beside what a human did: names of scores of its records. */
export const judgementScores = {
  /** How far the judge is right, from 0 to 1: of two answers the mean of both orders. */
  right: "right",
  /** What a scorer with this judge would say of the (first) answer; passes or not. */
  verdict: "verdict",
  /** Of two answers what the judge said of the first one where it stood first, and where it stood second: 1, 1/2 or 0. */
  asA: "in_first_place",
  asB: "in_second_place",
  /** What the human said: 1, 1/2 or 0. */
  human: "human",
  /** Characters by which the first answer is longer than the second one. */
  lengthDifference: "length_difference",
  /** Characters of the only answer. */
  length: "length",
} as const;

/** The scores of runs over pairs, in their order. */
export const pairScores: readonly string[] = [
  judgementScores.right,
  judgementScores.verdict,
  judgementScores.asA,
  judgementScores.asB,
  judgementScores.human,
  judgementScores.lengthDifference,
];

/** The scores of runs over single answers, in their order. */
export const ratingScores: readonly string[] = [
  judgementScores.right,
  judgementScores.verdict,
  judgementScores.human,
  judgementScores.length,
];

/** What votes of an order say together: a mean above one half is for the first answer, one half is a tie. */
export function categoryOf(value: number): 0 | 0.5 | 1 {
  if (value === 0.5) return 0.5;
  return value > 0.5 ? 1 : 0;
}
