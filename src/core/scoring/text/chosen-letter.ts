/** Words that come before the letter that an answer names at last. */
const naming = String.raw`\b(?i:answers?|choices?|options?|correct|solution|antwort|respuesta|r[ée]ponse)`;
const linking = String.raw`(?i:\s(?:is|are|was|would be|should be|must be|choice|option|answer|ist|es|est)){0,3}\s?[:=]?\s{0,2}`;

/**
 * Ways in which an answer names a letter, surest first; of several finds of one way the last counts. The marks of Markdown
 * and TeX are gone by then.
 */
const namings: readonly RegExp[] = [
  // The letter alone: "B", "(B)", "B.", "[B]".
  /^\W{0,3}([A-Za-z])\W{0,3}$/gu,
  // "The answer is (B)", "Answer: B", "the correct option would be: B".
  // A small letter without brackets is one at the end of its line only: "The answer is a dog".
  new RegExp(
    String.raw`${naming}${linking}(?:[(\[]([A-Za-z])[)\]]|([A-Z])(?![\w'’])|([a-z])(?=\.?$))`,
    "gmu",
  ),
  // "B is correct", "(B) is the right answer".
  /(?:^|[\s([])([A-Z])[)\]]? (?:is|would be) (?:the )?(?:correct|right|best|answer)\b/gu,
  // An answer that begins with its label: "B) Paris", "B. Paris", "(B) Paris".
  /^(?:\(([A-Z])\)|([A-Z])[).:])(?=\s|$)/gu,
];

/**
 * The letter of the choice that an answer names, among the first `count` of the alphabet; undefined where it names none,
 * or several without saying which it means.
 */
export function chosenLetter(answer: string, count: number): string | undefined {
  const plain = withoutMarks(answer);
  for (const naming of namings) {
    const letter = lettersOf(plain, naming, count).at(-1);
    if (letter !== undefined) return letter;
  }
  // "A" and "I" without brackets are words.
  const bracketed = lettersOf(plain, /\(([A-Z])\)/g, count);
  const letters =
    bracketed.length > 0 ? bracketed : lettersOf(plain, /(?<![\w'’])([B-HJ-Z])(?![\w'’])/g, count);
  return new Set(letters).size === 1 ? letters[0] : undefined;
}

/** The letters that the groups of a pattern find, large, as far as they are among the first `count`. */
function lettersOf(text: string, pattern: RegExp, count: number): readonly string[] {
  return [...text.matchAll(pattern)].flatMap(([, ...groups]) => {
    const letter = groups.find((group) => group !== undefined)?.toUpperCase();
    return letter !== undefined && letter.charCodeAt(0) - 65 < count ? [letter] : [];
  });
}

/** Without the marks of Markdown and TeX, and with one space where there is white space; a line's end stays a line's end. */
function withoutMarks(text: string): string {
  return text
    .replaceAll(/\\(?:boxed|text|textbf|mathrm|mathbf)\{([^{}]{0,200})\}/g, "$1")
    .replaceAll(/\\(?:boxed|text|textbf|mathrm|mathbf)\{([^{}]{0,200})\}/g, "$1")
    .replaceAll(/[*_`$#"“”]/g, "")
    .replaceAll(/[^\S\n]+/g, " ")
    .trim();
}
