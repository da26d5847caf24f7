import { abbreviations, initials, openers } from "./english-words.ts";

/** What may follow a mark without a space where a sentence ends. */
const closers = String.raw`)";}\]*:@'({[!?‘’“”«»`;
const earlierMark = new RegExp(`[?!](?:[${closers}]|$)`, "u");
const lastToken = new RegExp(`[?!'‘’“”«»]?[^${closers}]*$`, "u");
/** Behind the last mark these belong to its sentence. */
const tailPattern = /^["')\]}‘’“”«»]+$/u;

/**
 * How many sentences a text has, by the rules of Punkt (Kiss & Strunk 2006, doi:10.1162/coli.2006.32.4.485) by which IFEval
 * counts them. Punkt learned from newspapers which words are abbreviations and which begin a sentence; here both are short
 * lists of English words, so that a text may count otherwise: docs/scorers.md says how often.
 */
export function sentenceCount(text: string): number {
  const words = Array.from(text.matchAll(/\S+/gu));
  let count = 0;
  let end = 0;
  for (const [at, { 0: word, index }] of words.entries()) {
    const mark = lastMark(word, at + 1 < words.length);
    if (mark === undefined) continue;
    if (!endsSentence(word.slice(0, mark + 1), word[mark + 1] ?? words[at + 1]?.[0] ?? "")) continue;
    count += 1;
    end = index + mark + 1;
  }
  const tail = text.slice(end).trim();
  return tail === "" || (count > 0 && tailPattern.test(tail)) ? count : count + 1;
}

/** Of the marks of a word the last one that something follows: only that may end a sentence. */
function lastMark(word: string, isFollowed: boolean): number | undefined {
  for (let at = word.length - 1; at >= 0; at--) {
    if (!".?!".includes(word[at] ?? " ")) continue;
    const next = word[at + 1];
    if (next === undefined ? isFollowed : closers.includes(next) && next !== "\\") return at;
  }
  return undefined;
}

/** @param head a word up to its mark @param next what follows: the next word, or what follows in the same word */
function endsSentence(head: string, next: string): boolean {
  if (earlierMark.test(head)) return true;
  if (head.endsWith("..")) return beginsSentence(next);
  const token = (lastToken.exec(head.slice(0, -1))?.[0] ?? "").replace(/^[-&#,`;]+/u, "").toLowerCase();
  if (token === "") return true;
  // "J. Bach": a letter is an initial unless a sentence plainly begins behind it.
  if (/^\p{L}$/u.test(token)) return !initials.has(token) && beginsSentence(next);
  if (abbreviations.has(token) || abbreviations.has(token.split("-").at(-1) ?? ""))
    return beginsSentence(next);
  const isNumber = /^-?[.,]?\d[\d,.-]*$/u.test(token);
  return !isNumber || !/^[\p{Lowercase};:,.!?]/u.test(next);
}

/** Whether a word begins a sentence even behind an abbreviation. */
function beginsSentence(next: string): boolean {
  const [word = ""] = /^\p{Uppercase}[\p{L}'’]*/u.exec(next) ?? [];
  return openers.has(word.toLowerCase());
}
