/** Longest text that is quoted in an error, characters. */
const quotedLengthMax = 60;

/** What keys of well-known providers begin with. Such a text is never quoted, wherever it was put by mistake. */
const keyPattern = /^(sk-|AIza|AQ\.|Bearer |whsec_)/;

/** Whether a text looks like the key of a well-known provider, put where none belongs. */
export function looksLikeKey(text: string): boolean {
  return keyPattern.test(text);
}

/** A value of the configuration as an error names it. */
export function describedValue(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a map";
  if (typeof value !== "string") return JSON.stringify(value) ?? typeof value;
  if (looksLikeKey(value)) return "a text that looks like a key (not shown)";
  if (value.length <= quotedLengthMax) return JSON.stringify(value);
  return `${JSON.stringify(value.slice(0, quotedLengthMax))}... (${value.length} characters)`;
}
