import { measured, unscored, type Score, type UnscoredCode } from "#core/scoring/score.ts";

/** One vote of one judge: a value from 0 to 1, or why there is none. */
export type Vote =
  | { readonly kind: "cast"; readonly judge: string; readonly value: number; readonly reason: string }
  | { readonly kind: "void"; readonly judge: string; readonly code: UnscoredCode; readonly message: string };

/**
 * What votes say together: the mean of each judge's mean, so that a judge counts as much as another however many of its votes
 * could be read. No score where a judge has no vote at all: a panel without one of its members is another panel.
 * @param passAt the least value with which an answer passes; absent: more than one half
 */
export function counted(votes: readonly Vote[], passAt: number | undefined): Score {
  const judges = [...new Set(votes.map(({ judge }) => judge))];
  const means: number[] = [];
  for (const judge of judges) {
    const own = votes.filter((vote) => vote.judge === judge);
    const values = own.flatMap((vote) => (vote.kind === "cast" ? [vote.value] : []));
    const [first] = own;
    if (values.length === 0 && first?.kind === "void") return unscored(first.code, first.message);
    means.push(meanOf(values));
  }
  const value = meanOf(means);
  const score = measured(value, reasonOf(votes));
  if (score.kind === "unscored") return score;
  return { ...score, passed: passAt === undefined ? value > 0.5 : value >= passAt };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** How the votes went where they differ, and the first reason that a judge gave. */
function reasonOf(votes: readonly Vote[]): string | undefined {
  const cast = votes.filter((vote) => vote.kind === "cast");
  const reason = cast.find((vote) => vote.reason !== "")?.reason;
  const void_ = votes.length - cast.length;
  const differ = cast.some(({ value }) => value !== cast[0]?.value);
  const parts = [
    ...(differ ? [`votes ${cast.map(({ value }) => Number(value.toFixed(3))).join(", ")}`] : []),
    ...(void_ > 0 ? [`${void_} of ${votes.length} votes cannot be read`] : []),
    ...(reason === undefined ? [] : [reason]),
  ];
  return parts.length === 0 ? undefined : parts.join("; ");
}
