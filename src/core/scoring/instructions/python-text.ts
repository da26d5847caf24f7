import { isBlank } from "#core/scoring/text/white-space.ts";

// The checkers of IFEval are defined by what Python's texts and patterns do, which is not always what JavaScript's do.

/** `\s` of Python's patterns, which is what its texts are stripped of. */
export const space = String.raw`[\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;

/** `\w` of Python's patterns: no combining marks, unlike Unicode's own definition. */
const word = String.raw`[\p{L}\p{N}_]`;

/** `\b` of Python's patterns. */
const boundary = `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;

/** How many runs of word characters a text has. */
export function wordCount(text: string): number {
  return text.match(new RegExp(`${word}+`, "gu"))?.length ?? 0;
}

/** How often a text stands in another, whatever the case, without overlap. */
export function occurrences(text: string, wanted: string): number {
  return text.match(new RegExp(escaped(wanted), "giu"))?.length ?? 0;
}

/** Whether a text stands in another, whatever the case, between bounds of words. */
export function hasWord(text: string, wanted: string): boolean {
  return new RegExp(boundary + escaped(wanted) + boundary, "iu").test(text);
}

/** A text without white space at its ends. */
export function stripped(text: string): string {
  const characters = Array.from(text);
  const first = characters.findIndex((character) => !isBlank(character));
  const last = characters.findLastIndex((character) => !isBlank(character));
  return first === -1 ? "" : characters.slice(first, last + 1).join("");
}

/** Whether a text has letters with case, and all of them are large: Python's `isupper`. */
export function isUpper(text: string): boolean {
  return /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text);
}

/** Whether a text has letters with case, and all of them are small: Python's `islower`. */
export function isLower(text: string): boolean {
  return /\p{Lowercase}/u.test(text) && !/[\p{Uppercase}\p{Lt}]/u.test(text);
}

/** A text as a pattern that matches nothing but it. */
export function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
