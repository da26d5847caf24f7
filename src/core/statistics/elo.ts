import { ok, type Result } from "#core/kernel/result.ts";
import { refused, type Refusal } from "./refusal.ts";

/** Two variants' answers to one prompt, compared. */
export interface Duel {
  readonly first: string;
  readonly second: string;
  /** Of the first: 1 is a win, 1/2 a tie, 0 a loss. */
  readonly score: number;
  /** What goes together: the prompt, whatever the order and repetition. Default: each duel for itself. */
  readonly cluster?: string;
}

/** Elo's scale: a difference of 400 is odds of 10 to 1. */
const eloPerLogOdds = 400 / Math.LN10;
const eloAverage = 1000;

/** A strength in log-odds on Elo's scale: 1000 + 400/ln(10) x strength; 1000 is the average. */
export function eloOf(strength: number): number {
  return eloAverage + eloPerLogOdds * strength;
}

/** The chance to win a duel, ties as half: 1 / (1 + e^-(own - other)), strengths in log-odds. Bradley & Terry (1952). */
export function winProbability({ own, other }: { readonly own: number; readonly other: number }): number {
  return 1 / (1 + Math.exp(other - own));
}

/**
 * Elo's ratings as duels come in, all beginning at 1000: the first's gains k (score - expected), which the second loses.
 * For display only: they depend on the order and have no error. To compare, take bradleyTerry. Elo (1978).
 * Refuses `bad-value` for a score outside [0, 1], a duel with itself, or a k that is not above 0 and finite.
 * @param k the most that one duel moves; default 4
 */
export function onlineElo(duels: readonly Duel[], k = 4): Result<Readonly<Record<string, number>>, Refusal> {
  const refusal = refusedDuels(duels);
  if (refusal) return refusal;
  if (!(k > 0 && k < Infinity))
    return refused("bad-value", `A duel moves ratings by more than 0, not by ${k}`);
  const ratings = new Map<string, number>();
  const ratingOf = (name: string): number => ratings.get(name) ?? eloAverage;
  for (const { first, second, score } of duels) {
    const [own, other] = [ratingOf(first) / eloPerLogOdds, ratingOf(second) / eloPerLogOdds];
    const gain = k * (score - winProbability({ own, other }));
    ratings.set(first, ratingOf(first) + gain);
    ratings.set(second, ratingOf(second) - gain);
  }
  return ok(Object.fromEntries(ratings));
}

/** Why duels cannot be rated: `bad-value`. */
export function refusedDuels(
  duels: readonly Duel[],
): { readonly ok: false; readonly error: Refusal } | undefined {
  if (!duels.every(({ score }) => score >= 0 && score <= 1)) {
    return refused("bad-value", "A score is 1 for a win, 1/2 for a tie, 0 for a loss");
  }
  return duels.some(({ first, second }) => first === second)
    ? refused("bad-value", "A duel has two sides")
    : undefined;
}
