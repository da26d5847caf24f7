import { z } from "zod";
import { againstTexts, referenceKeys } from "#core/scoring/reference.ts";
import { measured, verdict } from "#core/scoring/score.ts";
import type { Scorer } from "#core/scoring/scorer.ts";
import { normalText, squadNorm, type TextNorm } from "./normal-text.ts";

/** `normalised`: whether the answer is the reference when what does not matter is left out. */
export const normalisedConfig = z.strictObject({
  kind: z.literal("normalised"),
  ...referenceKeys,
  case: leftOut("Whether large and small letters are the same."),
  punctuation: leftOut("Whether punctuation is left out."),
  articles: leftOut("Whether the English articles a, an and the are left out."),
  spaces: leftOut("Whether white space is one space, and none at the ends."),
  compatibility: leftOut("Whether forms of a character that mean the same are one (Unicode's NFKC)."),
});

export function normalisedScorer({ reference, expected, ...norm }: z.infer<typeof normalisedConfig>): Scorer {
  const compared = (text: string): string => normalText(text, norm);
  return againstTexts({ reference, expected }, (answer, right) =>
    verdict(compared(answer) === compared(right)),
  );
}

/** `word_f1`: how many words the answer and the reference share. */
export const wordF1Config = z.strictObject({ kind: z.literal("word_f1"), ...referenceKeys });

export function wordF1Scorer(config: z.infer<typeof wordF1Config>): Scorer {
  return againstTexts(config, (answer, reference) => measured(wordF1(answer, reference, squadNorm)));
}

/**
 * The F1 of words of two texts, each as often as it is there: 2 s / (n + m) of s shared words among n and m. From 0 to 1; of
 * two texts without words 1. SQuAD's measure (Rajpurkar et al. 2016).
 */
export function wordF1(answer: string, reference: string, norm: TextNorm): number {
  const [words, wanted] = [answer, reference].map((text) =>
    normalText(text, norm).split(" ").filter(Boolean),
  );
  if (!words?.length || !wanted?.length) return words?.length === wanted?.length ? 1 : 0;
  const left = new Map<string, number>();
  for (const word of wanted) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of words) {
    const count = left.get(word) ?? 0;
    if (count > 0) shared += 1;
    left.set(word, count - 1);
  }
  return (2 * shared) / (words.length + wanted.length);
}

function leftOut(description: string) {
  return z
    .boolean()
    .default(true)
    .meta({ description, examples: [true] });
}
