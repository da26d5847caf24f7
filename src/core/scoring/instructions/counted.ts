import { z } from "zod";
import { spacedWords } from "#core/scoring/text/white-space.ts";
import { capitalWordCount } from "./capital-words.ts";
import { instruction, isRelated, relation, type Instruction } from "./instruction.ts";
import { escaped, hasWord, occurrences, space, stripped, wordCount } from "./python-text.ts";
import { sentenceCount } from "./sentences.ts";

const count = z.int().min(0);

/** The instructions of IFEval that count something, by their ids. */
export const countedInstructions: Readonly<Record<string, Instruction>> = {
  "keywords:existence": instruction(z.object({ keywords: z.array(z.string()) }), (answer, { keywords }) =>
    keywords.every((keyword) => occurrences(answer, keyword) > 0),
  ),
  "keywords:forbidden_words": instruction(
    z.object({ forbidden_words: z.array(z.string()) }),
    (answer, { forbidden_words: words }) => words.every((word) => !hasWord(answer, word)),
  ),
  "keywords:frequency": instruction(
    z.object({ keyword: z.string(), frequency: count, relation }),
    (answer, { keyword, frequency, relation }) =>
      isRelated(occurrences(answer, stripped(keyword)), relation, frequency),
  ),
  "keywords:letter_frequency": instruction(
    z.object({ letter: z.string(), let_frequency: count, let_relation: relation }),
    (answer, { letter, let_frequency: frequency, let_relation: how }) =>
      isRelated(answer.toLowerCase().split(stripped(letter).toLowerCase()).length - 1, how, frequency),
  ),
  "length_constraints:number_words": instruction(
    z.object({ num_words: count, relation }),
    (answer, { num_words: words, relation }) => isRelated(wordCount(answer), relation, words),
  ),
  "length_constraints:number_sentences": instruction(
    z.object({ num_sentences: count, relation }),
    (answer, { num_sentences: sentences, relation }) => isRelated(sentenceCount(answer), relation, sentences),
  ),
  "length_constraints:number_paragraphs": instruction(
    z.object({ num_paragraphs: count }),
    (answer, { num_paragraphs: wanted }) => dividedCount(answer) === wanted,
  ),
  "length_constraints:nth_paragraph_first_word": instruction(
    z.object({ num_paragraphs: count, nth_paragraph: z.int().min(1), first_word: z.string() }),
    (answer, { num_paragraphs: wanted, nth_paragraph: nth, first_word: word }) =>
      beginsWith(answer.split("\n\n"), { wanted, nth, word: word.toLowerCase() }),
  ),
  "change_case:capital_word_frequency": instruction(
    z.object({ capital_frequency: count, capital_relation: relation }),
    (answer, { capital_frequency: frequency, capital_relation: how }) =>
      isRelated(capitalWordCount(answer), how, frequency),
  ),
  "detectable_content:number_placeholders": instruction(
    z.object({ num_placeholders: count }),
    (answer, { num_placeholders: wanted }) => placeholderCount(answer) >= wanted,
  ),
  "detectable_format:number_bullet_lists": instruction(
    z.object({ num_bullets: count }),
    (answer, { num_bullets: wanted }) => bulletCount(answer) === wanted,
  ),
  "detectable_format:number_highlighted_sections": instruction(
    z.object({ num_highlights: count }),
    (answer, { num_highlights: wanted }) => highlightCount(answer) >= wanted,
  ),
  "detectable_format:multiple_sections": instruction(
    z.object({ section_spliter: z.string(), num_sections: count }),
    (answer, { section_spliter: splitter, num_sections: wanted }) => {
      const heading = new RegExp(`${escaped(stripped(splitter))}${space}?\\p{Nd}+`, "gu");
      return (answer.match(heading)?.length ?? 0) >= wanted;
    },
  ),
};

/** Paragraphs between "***"; undefined where one that is neither the first nor the last is empty. */
function dividedCount(answer: string): number | undefined {
  const parts = answer.split("***").map((part) => stripped(part) === "");
  if (parts.slice(1, -1).includes(true)) return undefined;
  return parts.filter((isEmpty) => !isEmpty).length;
}

function beginsWith(
  paragraphs: readonly string[],
  { wanted, nth, word }: { readonly wanted: number; readonly nth: number; readonly word: string },
): boolean {
  const filled = paragraphs.filter((paragraph) => stripped(paragraph) !== "").length;
  const [first] = spacedWords(paragraphs[nth - 1] ?? "");
  if (filled !== wanted || nth > filled || first === undefined) return false;
  const [letters = ""] = first
    .replace(/^'+/, "")
    .replace(/^"+/, "")
    .split(/[.,?!'"]/);
  return letters.toLowerCase() === word;
}

/** Pairs of square brackets, each on one line. */
function placeholderCount(answer: string): number {
  let found = 0;
  for (const line of answer.split("\n")) {
    let open = line.indexOf("[");
    while (open !== -1) {
      const close = line.indexOf("]", open);
      if (close === -1) break;
      found += 1;
      open = line.indexOf("[", close);
    }
  }
  return found;
}

const indent = new RegExp(`^${space}+`, "u");

/** Lines that begin with "-", or with one "*". A "*" alone on its line takes the next line with it. */
function bulletCount(answer: string): number {
  const lines = answer.split("\n").map((line) => line.replace(indent, ""));
  let found = lines.filter((line) => line.startsWith("-")).length;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (!line.startsWith("*") || line[1] === "*") continue;
    if (line === "*" && at === lines.length - 1) continue;
    found += 1;
    if (line === "*") at += 1;
  }
  return found;
}

/** What stands between stars on one line, and again what stands between two and two. */
function highlightCount(answer: string): number {
  const single = answer.match(/\*[^\n*]*\*/g) ?? [];
  const double = answer.match(/\*\*[^\n*]*\*\*/g) ?? [];
  return [...single, ...double].filter((found) => stripped(found.replaceAll("*", "")) !== "").length;
}
