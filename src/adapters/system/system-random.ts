import { randomFillSync } from "node:crypto";
import type { Random } from "#core/kernel/random.ts";

/** Random bytes fetched at once: one call for 4 KB costs what one for 10 bytes does (2 us, measured 2026-11-25). */
const poolBytes = 4_096;
/** Bytes of one number: 53 bits are used, as many as a double can tell apart in [0, 1). */
const unitBytes = 8;

const pool = Buffer.alloc(poolBytes);
let used = poolBytes;

/** The operating system's cryptographic randomness, fetched in advance; no byte is given twice. */
export const systemRandom: Random = {
  unit() {
    const at = take(unitBytes);
    const high = pool.readUInt32LE(at) >>> 5;
    const low = pool.readUInt32LE(at + 4) >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  },
  bytes(length) {
    if (length > poolBytes) return randomFillSync(Buffer.alloc(length));
    const at = take(length);
    const given = Buffer.from(pool.subarray(at, at + length));
    // What was given away is not kept: the pool never tells an old secret.
    pool.fill(0, at, at + length);
    return given;
  },
};

/** Index of that many bytes of the pool that nobody has had. */
function take(length: number): number {
  if (used + length > poolBytes) {
    randomFillSync(pool);
    used = 0;
  }
  const at = used;
  used += length;
  return at;
}
