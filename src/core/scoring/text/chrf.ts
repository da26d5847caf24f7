import { z } from "zod";
import { referenceKeys, referenceTexts } from "#core/scoring/reference.ts";
import { measured } from "#core/scoring/score.ts";
import type { Scorer } from "#core/scoring/scorer.ts";
import { tooLong } from "./compared-length.ts";
import { characterNGrams, countOf, sharedCount, wordNGrams, type NGrams } from "./n-grams.ts";
import { spacedWords } from "./white-space.ts";

/** `chrf`: how many runs of characters (and of words) the answer shares with its reference. */
export const chrfConfig = z.strictObject({
  kind: z.literal("chrf"),
  ...referenceKeys,
  characters: z
    .int()
    .min(1)
    .max(10)
    .default(6)
    .meta({ description: "Longest run of characters.", examples: [6] }),
  words: z
    .int()
    .min(0)
    .max(4)
    .default(0)
    .meta({ description: "Longest run of words: 0 is chrF, 2 is chrF++.", examples: [2] }),
  beta: z
    .number()
    .positive()
    .max(10)
    .default(2)
    .meta({ description: "How many times as much recall counts as precision.", examples: [2] }),
  ignore_case: z
    .boolean()
    .default(false)
    .meta({ description: "Whether large and small letters are the same.", examples: [true] }),
});

type ChrfConfig = z.infer<typeof chrfConfig>;
type ChrfOrders = Pick<ChrfConfig, "characters" | "words" | "beta" | "ignore_case">;

/** Of several references the one counts that the answer does best by. */
export function chrfScorer(config: ChrfConfig): Scorer {
  return ({ text, fields }) => {
    const references = referenceTexts(config, fields);
    if (!references.ok) return references.error;
    const long = tooLong([text, ...references.value]);
    if (long) return long;
    const counts = chrfCounts(text, references.value, config);
    return measured(chrfOfCounts(counts, config), undefined, counts);
  };
}

/** What chrF is computed of: for each order how many n-grams the answer has, the reference has, and both share. */
export function chrfCounts(
  answer: string,
  references: readonly string[],
  orders: ChrfOrders,
): readonly number[] {
  const own = gramsOf(answer, orders);
  let [best, bestValue]: [readonly number[], number] = [[], -1];
  for (const reference of references) {
    const counts = gramsOf(reference, orders).flatMap((wanted, index) => {
      const grams = own[index] ?? new Map<string, number>();
      // An order that the reference is too short for says nothing against the answer.
      return [wanted.size === 0 ? 0 : countOf(grams), countOf(wanted), sharedCount(grams, wanted)];
    });
    const value = chrfOfCounts(counts, orders);
    if (value > bestValue) [best, bestValue] = [counts, value];
  }
  return best;
}

/**
 * chrF from 0 to 1 of counts: (1 + b^2) P R / (b^2 P + R), where P and R are the means of precision and recall over the orders
 * that both texts are long enough for. Popovic 2015, doi:10.18653/v1/W15-3049, and 2017, doi:10.18653/v1/W17-4770 (chrF++); as
 * sacreBLEU 2 without its epsilon.
 */
export function chrfOfCounts(counts: readonly number[], { beta }: Pick<ChrfConfig, "beta">): number {
  let [precisions, recalls, orders] = [0, 0, 0];
  for (let at = 0; at < counts.length; at += 3) {
    const [own = 0, wanted = 0, shared = 0] = counts.slice(at, at + 3);
    if (own === 0 || wanted === 0) continue;
    precisions += shared / own;
    recalls += shared / wanted;
    orders += 1;
  }
  if (precisions + recalls === 0) return 0;
  const [precision, recall] = [precisions / orders, recalls / orders];
  const factor = beta ** 2;
  return ((1 + factor) * precision * recall) / (factor * precision + recall);
}

function gramsOf(
  text: string,
  { characters, words, ignore_case: ignoresCase }: ChrfOrders,
): readonly NGrams[] {
  const compared = ignoresCase ? text.toLowerCase() : text;
  const spaced = spacedWords(compared);
  const letters = Array.from(spaced.join(""));
  const cut = spaced.flatMap(withoutPunctuation);
  return [
    ...Array.from({ length: characters }, (_, index) => characterNGrams(letters, index + 1)),
    ...Array.from({ length: words }, (_, index) => wordNGrams(cut, index + 1)),
  ];
}

/** A word, and one mark of ASCII at its end or else at its beginning, as chrF++ separates them. */
function withoutPunctuation(word: string): readonly string[] {
  const letters = Array.from(word);
  if (letters.length === 1) return [word];
  if (mark.test(letters.at(-1) ?? "")) return [letters.slice(0, -1).join(""), letters.at(-1) ?? ""];
  return mark.test(letters[0] ?? "") ? [letters[0] ?? "", letters.slice(1).join("")] : [word];
}

const mark = /[!-/:-@[-`{-~]/;
