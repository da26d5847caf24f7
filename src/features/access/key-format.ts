import { crc32 } from "node:zlib";

/** How a key looks: `sb_`, 43 characters of secret, 6 of checksum; letters and digits, so that a double click takes all. */
const keyPrefix = "sb_";
/** Random bytes in a key: 256 bits. */
export const secretBytes = 32;
/** base62 digits of 32 bytes: ceil(256 / log2(62)). */
const secretLength = 43;
/** base62 digits of a CRC-32: ceil(32 / log2(62)). */
const checksumLength = 6;
/** Characters of the secret that are shown in lists, so that people can tell their keys apart: 47 bits of 256. */
const shownLength = 8;

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const keyPattern = new RegExp(`^${keyPrefix}[0-9A-Za-z]{${secretLength + checksumLength}}$`);

/** Writes a key. The checksum lets a scanner tell a leaked key from any other text without asking us. */
export function formatKey(secret: Uint8Array): string {
  const body = keyPrefix + base62(BigInt(`0x${Buffer.from(secret).toString("hex")}`), secretLength);
  return body + checksum(body);
}

/** Whether a text is written like a key and not mistyped. Says nothing about whether the key exists. */
export function isWellFormedKey(text: string): boolean {
  return keyPattern.test(text) && checksum(text.slice(0, -checksumLength)) === text.slice(-checksumLength);
}

/** The part of a key that may be shown and stored in the clear. */
export function shownPrefix(key: string): string {
  return key.slice(0, keyPrefix.length + shownLength);
}

function checksum(body: string): string {
  return base62(BigInt(crc32(body)), checksumLength);
}

function base62(value: bigint, length: number): string {
  let rest = value;
  let text = "";
  for (let position = 0; position < length; position++) {
    text = digits.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return text;
}
