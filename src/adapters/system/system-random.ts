import { randomBytes } from "node:crypto";
import type { Random } from "#core/kernel/random.ts";

/** Random bits that a double can tell apart in [0, 1). */
const unitBits = 53;
/** Bytes fetched for one number: 64 bits, of which the upper 53 are used. */
const unitBytes = 8;

/** The operating system's cryptographic randomness. */
export const systemRandom: Random = {
  unit: () => Number(randomBytes(unitBytes).readBigUInt64BE() >> BigInt(64 - unitBits)) / 2 ** unitBits,
  bytes: (length) => randomBytes(length),
};
