import { createHmac, timingSafeEqual } from "node:crypto";

/** Hexadecimal digits by which peppers are told apart. */
const pepperIdLength = 12;

/**
 * A secret that lies outside the database: without it the stored hashes are worth nothing, not even to somebody who
 * has a copy of the database and a list of keys to try. Losing it makes every API key invalid.
 */
export class Pepper {
  readonly #secret: string;
  /** Tells peppers apart without saying what they are, so that keys made under another one are noticed. */
  readonly id: string;

  constructor(secret: string) {
    this.#secret = secret;
    this.id = this.hash("pepper-id").toString("hex").slice(0, pepperIdLength);
  }

  /** HMAC-SHA-256 of a text, 32 bytes. */
  hash(text: string): Buffer {
    return createHmac("sha256", this.#secret).update(text).digest();
  }
}

/** Whether two hashes are the same, in a time that does not tell where they differ. */
export function sameHash(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
