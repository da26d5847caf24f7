import { createHmac } from "node:crypto";

/** What has a pseudonym. Two kinds of the same name have different ones. */
export type PseudonymKind = "unit" | "conversation";

/** Characters of a pseudonym: 132 bits, far beyond a chance meeting of two names. */
export const pseudonymLength = 22;

/**
 * The pseudonym under which a unit or a conversation is kept: the same for the same name, and without the secret nobody
 * can tell which name it stands for. Names are compared as Unicode normalises them (NFC).
 * @param secret of this installation; another one gives other pseudonyms
 * @returns base64url, `pseudonymLength` characters
 */
export function pseudonym(secret: Uint8Array | string, kind: PseudonymKind, name: string): string {
  const text = `${kind}\0${name.normalize("NFC")}`;
  return createHmac("sha256", secret).update(text).digest("base64url").slice(0, pseudonymLength);
}
