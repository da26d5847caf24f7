import { isJsonObject } from "./json.ts";

/**
 * JSON with sorted keys and without empty objects, so that requests that mean the same have the same text: clients
 * send `generationConfig: {}` at one time and nothing at another.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isJsonObject(inner) ? sorted(inner) : inner));
}

function sorted(object: object): object {
  const entries = Object.entries(object).filter(
    ([, value]) => !isJsonObject(value) || Object.keys(value).length > 0,
  );
  return Object.fromEntries(entries.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
