import { z } from "zod";
import { againstTexts, referenceKeys } from "#core/scoring/reference.ts";
import { measured } from "#core/scoring/score.ts";
import type { Scorer } from "#core/scoring/scorer.ts";
import { tooManyPairs } from "./compared-length.ts";

/** `levenshtein`: how alike the answer and the reference are, character by character. */
export const levenshteinConfig = z.strictObject({
  kind: z.literal("levenshtein"),
  ...referenceKeys,
  trim: z
    .boolean()
    .default(true)
    .meta({ description: "Whether white space at both ends does not count.", examples: [true] }),
  ignore_case: z
    .boolean()
    .default(false)
    .meta({ description: "Whether large and small letters are the same.", examples: [true] }),
});

/** 1 - distance / length of the longer text; of two empty texts 1. */
export function levenshteinScorer(config: z.infer<typeof levenshteinConfig>): Scorer {
  const compared = (text: string): Uint32Array => {
    const trimmed = config.trim ? text.trim() : text;
    return codePoints(config.ignore_case ? trimmed.toLowerCase() : trimmed);
  };
  return againstTexts(config, (answer, reference) => {
    const [own, wanted] = [compared(answer), compared(reference)];
    const refused = tooManyPairs(own.length, wanted.length);
    if (refused) return refused;
    const longer = Math.max(own.length, wanted.length);
    return measured(longer === 0 ? 1 : 1 - editDistance(own, wanted) / longer);
  });
}

/** Characters as numbers, which are compared faster than texts. */
function codePoints(text: string): Uint32Array {
  return Uint32Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

/** How many characters must be put in, taken out or changed to make one text of another (Levenshtein 1966). Time n m. */
function editDistance(text: Uint32Array, other: Uint32Array): number {
  let row = Uint32Array.from({ length: other.length + 1 }, (_, at) => at);
  let next = new Uint32Array(other.length + 1);
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    let before = index + 1;
    next[0] = before;
    for (let at = 1; at <= other.length; at++) {
      const changed = (row[at - 1] ?? 0) + (character === other[at - 1] ? 0 : 1);
      before = Math.min(changed, (row[at] ?? 0) + 1, before + 1);
      next[at] = before;
    }
    [row, next] = [next, row];
  }
  return row[other.length] ?? 0;
}
