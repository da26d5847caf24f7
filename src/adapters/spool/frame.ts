import { crc32 } from "node:zlib";

/**
 * How an entry lies in a segment: marker, length of the payload, number, checksum, payload.
 *
 * Marker and checksum depend on the segment's salt: what a client puts into a prompt can then not look like a frame,
 * so that a search for the next whole entry behind a damage finds real ones only.
 */
export const frameHeaderBytes = 20;
/** Longest payload: a prompt and an answer of the largest bodies. */
export const payloadBytesMax = 80 * 1024 * 1024;

const markerBytes = 4;
const lengthAt = 4;
const numberAt = 8;
const checksumAt = 16;
/** 2^32: numbers are kept as two halves, since a BigInt for each entry would be slow. */
const half = 4_294_967_296;

/** What tells the frames of one segment from other bytes: 8 random bytes. */
export interface FrameKey {
  readonly marker: Buffer;
  readonly seed: number;
}

/** The key that a segment's salt (8 bytes) gives. */
export function frameKey(salt: Uint8Array): FrameKey {
  return { marker: Buffer.from(salt.subarray(0, markerBytes)), seed: crc32(salt) };
}

/** The bytes that some entries take in a segment. */
export function framedBytes(payloads: readonly Uint8Array[]): number {
  return payloads.reduce((sum, { length }) => sum + frameHeaderBytes + length, 0);
}

/** Entries as they are written, numbered from `firstNumber` on. */
export function encodeFrames(payloads: readonly Uint8Array[], firstNumber: number, key: FrameKey): Buffer {
  const bytes = Buffer.allocUnsafe(framedBytes(payloads));
  let at = 0;
  for (const [index, payload] of payloads.entries()) {
    const number = firstNumber + index;
    bytes.set(key.marker, at);
    bytes.writeUInt32BE(payload.length, at + lengthAt);
    bytes.writeUInt32BE(Math.floor(number / half), at + numberAt);
    bytes.writeUInt32BE(number % half, at + numberAt + 4);
    bytes.set(payload, at + frameHeaderBytes);
    bytes.writeUInt32BE(checksum(bytes, at, payload.length, key.seed), at + checksumAt);
    at += frameHeaderBytes + payload.length;
  }
  return bytes;
}

/** A whole entry. */
export interface Frame {
  readonly number: number;
  /** A view of the buffer it was read from. */
  readonly payload: Buffer;
}

/**
 * The length of the payload that a frame at `at` claims to have; undefined when no frame begins there.
 * @param bytes holds at least a frame's header from `at` on
 */
export function claimedLength(bytes: Buffer, at: number, { marker }: FrameKey): number | undefined {
  if (marker.compare(bytes, at, at + markerBytes) !== 0) return undefined;
  const length = bytes.readUInt32BE(at + lengthAt);
  return length <= payloadBytesMax ? length : undefined;
}

/** The entry at `at`, where the bytes of a whole one are there; undefined otherwise. */
export function frameAt(bytes: Buffer, at: number, key: FrameKey): Frame | undefined {
  if (at + frameHeaderBytes > bytes.length) return undefined;
  const length = claimedLength(bytes, at, key);
  if (length === undefined || at + frameHeaderBytes + length > bytes.length) return undefined;
  if (bytes.readUInt32BE(at + checksumAt) !== checksum(bytes, at, length, key.seed)) return undefined;
  return {
    number: bytes.readUInt32BE(at + numberAt) * half + bytes.readUInt32BE(at + numberAt + 4),
    payload: bytes.subarray(at + frameHeaderBytes, at + frameHeaderBytes + length),
  };
}

/** CRC-32 of length, number and payload, begun from the segment's seed. */
function checksum(bytes: Buffer, at: number, length: number, seed: number): number {
  const head = crc32(bytes.subarray(at + lengthAt, at + checksumAt), seed);
  return crc32(bytes.subarray(at + frameHeaderBytes, at + frameHeaderBytes + length), head);
}
