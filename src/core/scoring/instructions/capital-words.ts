import { spacedWords } from "#core/scoring/text/white-space.ts";
import { isUpper } from "./python-text.ts";

/** Where NLTK's tokenizer cuts in any case. A comma or colon before a digit is part of a number. */
const cuts =
  /\.{2,}|--|''|[;@#$%&?!*[\](){}<>"`«»\u201c\u201d\u2018\u2019\u201e\u2012-\u2015]|[:,](?!\p{Nd})/gu;
const endings = /(?<=[^' ])('[sSmMdD]|'ll|'LL|'re|'RE|'ve|'VE|n't|N'T) /g;
const contractions = /\b(can|d|gim|gon|got|lem|more)(not|'ye|me|na|ta|'n)\b/gi;
const contracted: ReadonlySet<string> = new Set([
  "cannot",
  "d'ye",
  "gimme",
  "gonna",
  "gotta",
  "lemme",
  "more'n",
]);

/**
 * How many words of a text have capital letters only, cut into words as NLTK's `word_tokenize` cuts them: "IT'S" and "CANNOT"
 * are two, "WELL-KNOWN" is one.
 */
export function capitalWordCount(text: string): number {
  const cut = ` ${spacedWords(text.replaceAll(cuts, " ")).join(" ")} `
    .replaceAll(endings, " $1 ")
    .replaceAll(contractions, (found, first, second) =>
      contracted.has(found.toLowerCase()) ? ` ${first} ${second} ` : found,
    )
    .replaceAll(/\b(wan)(na)(?=\s)/gi, " $1 $2 ")
    .replaceAll(/ ('t)(is|was)\b/gi, " $1 $2 ");
  return spacedWords(cut).filter(isUpper).length;
}
