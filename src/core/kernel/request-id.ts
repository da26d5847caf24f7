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
  id.writeUIntBE(Math.trunc(nowMs), 0, timeBytes);
  id.set(chance, timeBytes);
  id.writeUInt8(0x70 | (id.readUInt8(versionAt) & 0x0f), versionAt);
  id.writeUInt8(0x80 | (id.readUInt8(variantAt) & 0x3f), variantAt);
  const hex = id.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Bytes of the time, first of an id; where version and variant stand in the first half of a byte. */
const timeBytes = 6;
const versionAt = 6;
const variantAt = 8;
/** Where an id is put together, one after the other: a buffer for each costs more than all else here. */
const id = Buffer.alloc(16);
