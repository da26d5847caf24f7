import { frameAt, frameHeaderBytes, claimedLength, type Frame, type FrameKey } from "./frame.ts";
import type { SpoolFile } from "./spool-disk.ts";

/** What lies in a segment: whole entries, and bytes between them that are none. */
export type Found =
  | { readonly kind: "entry"; readonly frame: Frame; readonly from: number; readonly to: number }
  | { readonly kind: "damage"; readonly from: number; readonly to: number };

/** Bytes that are read at once; an entry that is longer is read whole. */
const windowBytes = 1024 * 1024;

/**
 * Goes through the bytes of a file from `from` to `to` in order. Behind damage it looks for the next whole entry, byte
 * by byte, so that one bad byte costs one entry and not all that follow. Every byte is in exactly one thing found.
 */
export function* scanSegment(
  file: SpoolFile,
  { from, to, key }: { readonly from: number; readonly to: number; readonly key: FrameKey },
): Generator<Found, void> {
  const window = new Window(file, to);
  let at = from;
  while (at < to) {
    const frame = wholeFrame(window, at, key);
    const end = frame ? at + frameHeaderBytes + frame.payload.length : nextFrame(window, at + 1, key);
    yield frame ? { kind: "entry", frame, from: at, to: end } : { kind: "damage", from: at, to: end };
    at = end;
  }
}

function wholeFrame(window: Window, at: number, key: FrameKey): Frame | undefined {
  const head = window.bytes(at, frameHeaderBytes);
  if (head.length < frameHeaderBytes) return undefined;
  const length = claimedLength(head, 0, key);
  if (length === undefined || at + frameHeaderBytes + length > window.end) return undefined;
  return frameAt(window.bytes(at, frameHeaderBytes + length), 0, key);
}

/** Where the next whole entry begins at or after `from`; the end when none does. */
function nextFrame(window: Window, from: number, key: FrameKey): number {
  let at = from;
  while (at < window.end) {
    const bytes = window.bytes(at, key.marker.length, windowBytes);
    const found = bytes.indexOf(key.marker);
    if (found === -1) {
      // The marker may lie across the end of these bytes.
      at += Math.max(bytes.length - key.marker.length + 1, 1);
      continue;
    }
    at += found;
    if (wholeFrame(window, at, key)) return at;
    at += 1;
  }
  return window.end;
}

/** The file's bytes up to `end`, of which a piece is held. */
class Window {
  readonly end: number;
  readonly #file: SpoolFile;
  #start = 0;
  #held: Buffer = Buffer.alloc(0);

  constructor(file: SpoolFile, end: number) {
    this.#file = file;
    this.end = end;
  }

  /** At least `length` bytes from `at` on and at most `lengthMax`; fewer only at the end. */
  bytes(at: number, length: number, lengthMax = length): Buffer {
    const wanted = Math.min(length, this.end - at);
    if (at < this.#start || at + wanted > this.#start + this.#held.length) {
      this.#start = at;
      this.#held = this.#file.read(at, Math.min(Math.max(wanted, windowBytes), this.end - at));
    }
    const offset = at - this.#start;
    return this.#held.subarray(offset, Math.min(offset + lengthMax, this.#held.length));
  }
}
