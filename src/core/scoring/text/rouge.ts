import { z } from "zod";
import { againstTexts, referenceKeys } from "#core/scoring/reference.ts";
import { measured } from "#core/scoring/score.ts";
import type { Scorer } from "#core/scoring/scorer.ts";
import { commonLength, commonPlaces } from "./common-subsequence.ts";
import { tooLong, tooManyPairs } from "./compared-length.ts";
import { countOf, sharedCount, wordNGrams } from "./n-grams.ts";

/** `rouge`: how much of the reference is in the answer, and how much of the answer in the reference. */
export const rougeConfig = z.strictObject({
  kind: z.literal("rouge"),
  ...referenceKeys,
  n: z
    .union([z.int().min(1).max(9), z.enum(["l", "l_sum"])])
    .default("l")
    .meta({
      description:
        "What is counted: runs of so many words (ROUGE-N), the longest common sequence of words (l), or that of each line with all lines of the other text (l_sum).",
      examples: [1, 2, "l"],
    }),
  measure: z
    .enum(["f", "precision", "recall"])
    .default("f")
    .meta({
      description: "The share of the answer, of the reference, or their harmonic mean.",
      examples: ["recall"],
    }),
  words: z
    .enum(["ascii", "unicode"])
    .default("ascii")
    .meta({
      description:
        "What a word is: letters and digits of ASCII as published results have it, or of any script.",
      examples: ["unicode"],
    }),
});

type RougeConfig = z.infer<typeof rougeConfig>;

/** Of several references the one counts that the answer does best by. */
export function rougeScorer(config: RougeConfig): Scorer {
  return againstTexts(config, (answer, reference) => {
    const refused =
      tooLong([answer, reference]) ??
      tooManyPairs(rougeWords(answer, config.words).length, rougeWords(reference, config.words).length);
    return refused ?? measured(rougeOf(answer, reference, config)[config.measure]);
  });
}

/** ROUGE's three measures, from 0 to 1. */
export interface Rouge {
  readonly precision: number;
  readonly recall: number;
  readonly f: number;
}

/**
 * ROUGE-N, ROUGE-L and ROUGE-Lsum without stemming (Lin 2004, aclanthology.org/W04-1013), in lower case; Lsum takes lines as
 * sentences and counts no word twice, as version 1.5.5 of the original and Google's rouge-score do. 0 where a text has no words.
 */
export function rougeOf(answer: string, reference: string, config: Pick<RougeConfig, "n" | "words">): Rouge {
  const { n } = config;
  if (n === "l_sum") return summaryRouge(answer, reference, config.words);
  const [own, wanted] = [rougeWords(answer, config.words), rougeWords(reference, config.words)];
  if (n === "l") return rouge(commonLength(wanted, own), own.length, wanted.length);
  const [grams, wantedGrams] = [wordNGrams(own, n), wordNGrams(wanted, n)];
  return rouge(sharedCount(wantedGrams, grams), countOf(grams), countOf(wantedGrams));
}

function rouge(shared: number, own: number, wanted: number): Rouge {
  const [precision, recall] = [own === 0 ? 0 : shared / own, wanted === 0 ? 0 : shared / wanted];
  return { precision, recall, f: shared === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

function summaryRouge(answer: string, reference: string, words: RougeConfig["words"]): Rouge {
  const [own, wanted] = [answer, reference].map((text) =>
    text.split("\n").map((line) => rougeWords(line, words)),
  );
  const [ownWords, wantedWords] = [(own ?? []).flat(), (wanted ?? []).flat()];
  const [ownLeft, wantedLeft] = [new Map(wordNGrams(ownWords, 1)), new Map(wordNGrams(wantedWords, 1))];
  let shared = 0;
  for (const line of wanted ?? []) {
    const places = new Set((own ?? []).flatMap((other) => commonPlaces(line, other)));
    for (const word of line.filter((_, index) => places.has(index))) {
      const [mine, theirs] = [ownLeft.get(word) ?? 0, wantedLeft.get(word) ?? 0];
      if (mine === 0 || theirs === 0) continue;
      shared += 1;
      ownLeft.set(word, mine - 1);
      wantedLeft.set(word, theirs - 1);
    }
  }
  return rouge(shared, ownWords.length, wantedWords.length);
}

function rougeWords(text: string, words: RougeConfig["words"]): readonly string[] {
  const pattern = words === "ascii" ? /[a-z0-9]+/g : /[\p{L}\p{M}\p{N}]+/gu;
  return text.toLowerCase().match(pattern) ?? [];
}
