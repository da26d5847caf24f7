import { hash } from "node:crypto";
import { canonicalJson } from "#core/kernel/canonical-json.ts";
import type { JsonObject } from "#core/kernel/json.ts";

/** Digits of an id: 64 bits. Of a million different rows two get the same one with a probability of 3 in 10^8. */
const digits = 16;

/**
 * The id of a row that names none: the beginning of SHA-256 over its fields as canonical JSON, in hexadecimal. It stays when
 * rows move, and when the order of the fields changes.
 */
export function contentId(fields: JsonObject): string {
  return hash("sha256", canonicalJson(fields)).slice(0, digits);
}
