import { createHash } from "node:crypto";
import { canonicalJson } from "#core/kernel/canonical-json.ts";

/** Digits of a hash that people see: 48 bits, enough to tell apart every version that one installation will have. */
const hexDigits = 12;

/** A short name for plain data: SHA-256 of its JSON with sorted keys, 12 hexadecimal digits. Comments and order do not count. */
export function contentHash(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, hexDigits);
}
