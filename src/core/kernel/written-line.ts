/**
 * Whether a text can stand in a line, a path and a database: Unicode that is well-formed, and no control characters, which
 * also a terminal would take for orders. For names that others have given, such as those of models.
 */
export function isWrittenLine(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}/u.test(text);
}

/** What is wanted of such a text. */
export const writtenLine = "a text without control characters or broken Unicode";
