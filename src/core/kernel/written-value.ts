const missingWords: ReadonlySet<string> = new Set(["", "na", "n/a", "nan", "null", "none"]);

/** A number as programs write it: no thousands separators, no units, no hexadecimals. */
const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Whether a cell of a file says that there is no value, in the words that programs export. */
export function isMissing(text: string): boolean {
  return missingWords.has(text.trim().toLowerCase());
}

/** The number that a text is, finite; `undefined` for other texts, and for what is beyond what a number holds. */
export function writtenNumber(text: string): number | undefined {
  const trimmed = text.trim();
  if (!numberPattern.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : undefined;
}

/** Whether a text is `true` or `false`, however large its letters; `undefined` for other texts. */
export function writtenBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (word === "true") return true;
  return word === "false" ? false : undefined;
}
