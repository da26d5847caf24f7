import { z } from "zod";
import { referenceKeys, referenceTexts } from "#core/scoring/reference.ts";
import { measured } from "#core/scoring/score.ts";
import type { Scorer } from "#core/scoring/scorer.ts";
import { bleuTokens, type BleuTokens } from "./bleu-tokens.ts";
import { tooLong } from "./compared-length.ts";
import { countOf, sharedCount, wordNGrams, type NGrams } from "./n-grams.ts";

const ordersMax = 4;

/** `bleu`: how many runs of one to four words the answer shares with its references. */
export const bleuConfig = z.strictObject({
  kind: z.literal("bleu"),
  ...referenceKeys,
  tokens: z
    .enum(["13a", "char", "none"])
    .default("13a")
    .meta({
      description:
        "What a word is: as the NIST's script mteval-v13a cuts them, a character, or what stands between spaces.",
      examples: ["char"],
    }),
  smoothing: z
    .enum(["exp", "floor", "add_k", "none"])
    .default("exp")
    .meta({ description: "What is done where no run of a length is shared.", examples: ["none"] }),
  smoothing_value: z
    .number()
    .positive()
    .optional()
    .meta({
      description: "The floor (0.1 when absent), or what is added (1 when absent).",
      examples: [0.1],
    }),
  ignore_case: z
    .boolean()
    .default(false)
    .meta({ description: "Whether large and small letters are the same.", examples: [true] }),
});

type BleuConfig = z.infer<typeof bleuConfig>;

/** Of several references all count together, as BLEU is defined. */
export function bleuScorer(config: BleuConfig): Scorer {
  return ({ text, fields }) => {
    const references = referenceTexts(config, fields);
    if (!references.ok) return references.error;
    const long = tooLong([text, ...references.value]);
    if (long) return long;
    const counts = bleuCounts(text, references.value, config);
    return measured(bleuOfCounts(counts, config, true), undefined, counts);
  };
}

/** How words are cut and compared. */
export interface BleuWords {
  readonly tokens: BleuTokens;
  readonly ignore_case: boolean;
}

/**
 * What BLEU is computed of: the lengths of answer and reference (the one next to it in length, the shorter of two), then how
 * many n-grams are shared for n of 1 to 4, then how many the answer has.
 */
export function bleuCounts(
  answer: string,
  references: readonly string[],
  words: BleuWords,
): readonly number[] {
  const cut = (text: string): readonly string[] =>
    bleuTokens((words.ignore_case ? text.toLowerCase() : text).trimEnd(), words.tokens);
  const own = cut(answer);
  const others = references.map(cut);
  const orders = Array.from({ length: ordersMax }, (_, index) => index + 1);
  const grams = orders.map((n) => wordNGrams(own, n));
  const shared = orders.map((n, index) =>
    sharedCount(grams[index] ?? new Map(), mostOfEach(others.map((other) => wordNGrams(other, n)))),
  );
  const lengths = others.map((other) => other.length);
  return [own.length, nearest(own.length, lengths), ...shared, ...grams.map(countOf)];
}

function mostOfEach(all: readonly NGrams[]): NGrams {
  const most = new Map<string, number>();
  for (const grams of all) {
    for (const [gram, count] of grams) most.set(gram, Math.max(count, most.get(gram) ?? 0));
  }
  return most;
}

function nearest(length: number, others: readonly number[]): number {
  return others.reduce((best, other) => {
    const [ahead, behind] = [Math.abs(other - length), Math.abs(best - length)];
    return ahead < behind || (ahead === behind && other < best) ? other : best;
  });
}

/**
 * BLEU from 0 to 1 of counts: bp * exp(mean of ln p_n), n = 1..4, where p_n is the share of n-grams that are shared and
 * bp = exp(1 - r / c) for an answer of c tokens that is shorter than its reference of r. Papineni et al. 2002,
 * doi:10.3115/1073083.1073135; smoothing as sacreBLEU 2 (exp: the k-th p_n without a match counts 1 / 2^k matches; Chen and
 * Cherry 2014, doi:10.3115/v1/W14-3346).
 * @param isSentence whether orders that the answer is too short for are left out, as is usual of one answer, not of many
 */
export function bleuOfCounts(
  counts: readonly number[],
  { smoothing, smoothing_value: value }: Pick<BleuConfig, "smoothing" | "smoothing_value">,
  isSentence: boolean,
): number {
  const [length = 0, wanted = 0] = counts;
  const shared = counts.slice(2, 2 + ordersMax);
  if (shared.every((count) => count === 0)) return 0;
  let [logarithms, orders, halvings] = [0, 0, 1];
  for (const [index, plain] of shared.entries()) {
    const added = smoothing === "add_k" && index > 0 ? (value ?? 1) : 0;
    const total = (counts[2 + ordersMax + index] ?? 0) + added;
    if (total === 0) return isSentence ? bleuOf(logarithms, orders, length, wanted) : 0;
    let matched = plain + added;
    if (matched === 0 && smoothing === "exp") matched = 1 / (halvings *= 2);
    if (matched === 0 && smoothing === "floor") matched = value ?? 0.1;
    logarithms += Math.log(matched / total);
    orders += 1;
  }
  return bleuOf(logarithms, orders, length, wanted);
}

function bleuOf(logarithms: number, orders: number, length: number, wanted: number): number {
  const brevity = length < wanted ? Math.exp(1 - wanted / length) : 1;
  return brevity * Math.exp(logarithms / orders);
}
