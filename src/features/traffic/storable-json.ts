import { toStorableText } from "#core/kernel/storable-text.ts";

/** What Postgres cannot hold in text or jsonb, as JSON writes it: NUL and halves of surrogate pairs. */
const unstorable = /\\u0000|\\ud[89a-f]/i;

/**
 * JSON that Postgres accepts: NUL and lone surrogates, which a client can put into a model's name or a tag, become
 * U+FFFD. Without this one such request would make its whole batch fail for ever.
 */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  return unstorable.test(text) ? JSON.stringify(value, cleaned) : text;
}

function cleaned(_key: string, value: unknown): unknown {
  if (typeof value === "string") return toStorableText(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [toStorableText(key), inner]));
}
