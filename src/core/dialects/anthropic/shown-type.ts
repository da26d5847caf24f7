/**
 * What a type is called in messages and records: itself where it is written as Anthropic writes its types, else a word of
 * ours, since anything may stand there.
 */
export function shownType(type: string): string {
  return /^[a-z][a-z0-9_]{0,63}$/.test(type) ? type : "unknown";
}
