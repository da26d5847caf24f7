/** How a request's id is written: a UUIDv7, so that ids sort by time and name their day (RFC 9562, section 5.7). */
export const requestIdPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** When a request came in, ms since 1970, read from its id. `undefined` when the text is no such id. */
export function requestTimeMs(requestId: string): number | undefined {
  if (!requestIdPattern.test(requestId)) return undefined;
  return Number.parseInt(requestId.slice(0, 8) + requestId.slice(9, 13), 16);
}

/**
 * Makes a request's id.
 * @param nowMs wall clock, ms since 1970
 * @param chance 10 random bytes
 */
export function requestId(nowMs: number, chance: Uint8Array): string {
  const time = Math.trunc(nowMs).toString(16).padStart(12, "0");
  const hex = Buffer.from(chance.buffer, chance.byteOffset, chance.byteLength).toString("hex");
  const variant = (((chance[2] ?? 0) & 0x3f) | 0x80).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(1, 4)}-${variant}${hex.slice(6, 8)}-${hex.slice(8, 20)}`;
}
