import { hash } from "node:crypto";
import { normalName } from "./normal-name.ts";

/** What has a pseudonym. Two kinds of the same name have different ones. */
export type PseudonymKind = "unit" | "conversation";

/** What else is hidden so: a row of a file, which names people, and what somebody asked. */
export type HiddenKind = PseudonymKind | "row" | "question";

/** Characters of a pseudonym: 132 bits, far beyond a chance meeting of two names. */
export const pseudonymLength = 22;

/**
 * The pseudonym under which a unit or a conversation is kept: the same for the same name, and without the secret nobody
 * can tell which name it stands for. Names are compared as Unicode normalises them (NFC).
 *
 * SHA-256 over secret, kind and name, of which half is kept: what is left out is what a longer name could be appended to
 * without knowing the secret, the one thing that HMAC protects against beyond it. In one call it takes a third of the
 * time (measured 2026-11-25), and every request has a pseudonym.
 * @param secret of this installation, without NUL; another one gives other pseudonyms
 * @returns base64url, `pseudonymLength` characters
 */
export function pseudonym(secret: string, kind: HiddenKind, name: string): string {
  return hash("sha256", `${secret}\0${kind}\0${normalName(name)}`, "base64url").slice(0, pseudonymLength);
}
