import { crc32 } from "node:zlib";

/** What a segment begins with: twice the same 32 bytes, so that damage to one copy costs no entry. */
export interface SegmentHeader {
  /** 8 random bytes that tell the segment's frames from other bytes. */
  readonly salt: Uint8Array;
  /** The number of its first entry. */
  readonly firstNumber: number;
}

const magic = Buffer.from("SBSPOOL\n");
/** Version of the format. A change of it needs a reader for the old one. */
const version = 1;
const copyBytes = 32;
const versionAt = 8;
const saltAt = 12;
const saltBytes = 8;
const numberAt = 20;
const checksumAt = 28;

/** Where a segment's entries begin. */
export const segmentHeaderBytes = 2 * copyBytes;

/** A header as it is written. */
export function encodeSegmentHeader({ salt, firstNumber }: SegmentHeader): Buffer {
  const copy = Buffer.alloc(copyBytes);
  magic.copy(copy);
  copy.writeUInt32BE(version, versionAt);
  copy.set(salt.subarray(0, saltBytes), saltAt);
  copy.writeBigUInt64BE(BigInt(firstNumber), numberAt);
  copy.writeUInt32BE(crc32(copy.subarray(0, checksumAt)), checksumAt);
  return Buffer.concat([copy, copy]);
}

/**
 * Reads a header from the first bytes of a file.
 * @returns the header; `foreign` when it is whole but of another version; undefined when neither copy is whole
 */
export function decodeSegmentHeader(bytes: Buffer): SegmentHeader | "foreign" | undefined {
  return decodeCopy(bytes, 0) ?? decodeCopy(bytes, copyBytes);
}

function decodeCopy(bytes: Buffer, at: number): SegmentHeader | "foreign" | undefined {
  if (bytes.length < at + copyBytes) return undefined;
  const copy = bytes.subarray(at, at + copyBytes);
  if (magic.compare(copy, 0, magic.length) !== 0) return undefined;
  if (copy.readUInt32BE(checksumAt) !== crc32(copy.subarray(0, checksumAt))) return undefined;
  if (copy.readUInt32BE(versionAt) !== version) return "foreign";
  return {
    salt: copy.subarray(saltAt, saltAt + saltBytes),
    firstNumber: Number(copy.readBigUInt64BE(numberAt)),
  };
}
