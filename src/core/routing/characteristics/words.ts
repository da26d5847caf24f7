/** The words of a text in lower case, in their order: letters with their accents, apostrophes inside. */
export function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu) ?? [];
}

/** How many of the words are in the set, each occurrence counted. */
export function countIn(words: readonly string[], known: ReadonlySet<string>): number {
  let count = 0;
  for (const word of words) if (known.has(word)) count++;
  return count;
}
