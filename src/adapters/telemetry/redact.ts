/** What a key looks like inside other text, and what stands in its place. A net under the rule that keys are not logged. */
const secrets: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, "$1 [redacted]"],
  [/([?&](?:key|api_key|access_token)=)[^&\s"'\\]+/gi, "$1[redacted]"],
  // Google's keys: AIza and 35 characters, or AQ. and more (ai.google.dev/gemini-api/docs/api-key, read 2026-11-24).
  [/\bAIza[\w-]{20,}|\bAQ\.[\w-]{20,}/g, "[redacted]"],
  // Keys with a prefix: OpenAI's sk-, and our own sbx-/sb_ ones.
  [/\b(?:sk|sbx|sb|signalbox)[-_][\w-]{16,}/g, "[redacted]"],
  [/\/\/[^/@\s"':]+:[^/@\s"']+@/g, "//[redacted]@"],
];

/** A text without anything that looks like a key or a password. */
export function redact(text: string): string {
  return secrets.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}
