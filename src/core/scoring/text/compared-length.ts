import { unscored, type Unscored } from "#core/scoring/score.ts";

/** Longest text whose n-grams are compared, characters. */
const lengthMax = 200_000;
/** Most pairs of words or characters that are compared: about a second. */
const pairsMax = 100_000_000;

/** No score where a text is too long for its n-grams to be counted; undefined where none is. */
export function tooLong(texts: readonly string[]): Unscored | undefined {
  const longest = Math.max(...texts.map((text) => text.length));
  if (longest <= lengthMax) return undefined;
  return unscored(
    "scorer-timeout",
    `Texts of at most ${lengthMax} characters are wanted, one has ${longest}`,
  );
}

/** No score where each item of one list cannot be compared with each of another; undefined where they can. */
export function tooManyPairs(length: number, other: number, most = pairsMax): Unscored | undefined {
  if (length * other <= most) return undefined;
  return unscored(
    "scorer-timeout",
    `Lists with at most ${most} pairs are wanted, they have ${length} and ${other} items`,
  );
}
