/** Whether a database can hold a text: Unicode that is well-formed, without NUL, which Postgres has no place for. */
export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** What is wanted of such a text. */
export const storableText = "well-formed Unicode without NUL";

/** A text with U+FFFD where it has what no database can hold: NUL, and halves of surrogate pairs. */
export function toStorableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}
