/**
 * A JSON text with the strings under some names replaced, at whatever depth they stand; every other character stays.
 * Quotes inside of strings are escaped, so that what looks like a member is one.
 *
 * @param names as they are written: plain letters and underscores
 * @param replace the string to stand in a string's place; undefined leaves it
 */
export function replaceNamedStrings(
  text: string,
  names: readonly string[],
  replace: (value: string, name: string) => string | undefined,
): string {
  return text.replace(memberOf(names), (member, head: string, name: string, written: string) => {
    const value = unescaped(written);
    const replaced = value === undefined ? undefined : replace(value, name);
    return replaced === undefined ? member : head + JSON.stringify(replaced);
  });
}

/** The strings under some names, each once, in the order in which they stand. */
export function namedStrings(text: string, names: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const [, , , written = ""] of text.matchAll(memberOf(names))) {
    const value = unescaped(written);
    if (value !== undefined) found.add(value);
  }
  return [...found];
}

/** A member with a string: up to the string, its name, and the string without its quotes. */
function memberOf(names: readonly string[]): RegExp {
  return new RegExp(`("(${names.join("|")})"\\s*:\\s*)"((?:[^"\\\\]|\\\\.)*)"`, "g");
}

function unescaped(written: string): string | undefined {
  try {
    const value: unknown = JSON.parse(`"${written}"`);
    return typeof value === "string" ? value : undefined;
  } catch {
    // No string of JSON's is an answer here: then there is nothing to replace.
    return undefined;
  }
}
