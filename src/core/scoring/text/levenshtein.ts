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
  const compared = (text: string): readonly string[] => {
    const trimmed = config.trim ? text.trim() : text;
    return Array.from(config.ignore_case ? trimmed.toLowerCase() : trimmed);
  };
  return againstTexts(config, (answer, reference) => {
    const [own, wanted] = [compared(answer), compared(reference)];
    const refused = tooManyPairs(own.length, wanted.length);
    if (refused) return refused;
    const longer = Math.max(own.length, wanted.length);
    return measured(longer === 0 ? 1 : 1 - editDistance(own, wanted) / longer);
  });
}

/** How many characters must be put in, taken out or changed to make one text of another (Levenshtein 1966). Time n m. */
export function editDistance(text: readonly string[], other: readonly string[]): number {
  let row = Uint32Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [index, character] of text.entries()) {
    const next = new Uint32Array(other.length + 1);
    next[0] = index + 1;
    for (let at = 1; at <= other.length; at++) {
      const changed = (row[at - 1] ?? 0) + (character === other[at - 1] ? 0 : 1);
      next[at] = Math.min(changed, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1);
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
