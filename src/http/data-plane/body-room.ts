import { Pieces } from "#core/kernel/pieces.ts";

/** Bodies from this size on get room of their own at once, bytes; smaller ones are joined when they are there. */
const largeBytesMin = 256 * 1024;
/** The part of a large body that must have come before room is taken for all of it: announcing alone takes nothing. */
const partBefore = 1 / 8;

/**
 * Gathers a body. Joining the pieces of 8 MB when all are there would hold the body twice, and so much memory outside the
 * heap makes V8 collect all of it once for every second such body, 10 ms or more each time, in which no stream goes on.
 * Here each piece of a large body is copied into its place as it comes, and its own memory given back there and then.
 */
export class BodyRoom {
  readonly #announcedBytes: number;
  #pieces = new Pieces();
  #room: Buffer | undefined;
  /** What is in its place. */
  #size = 0;

  /** @param announcedBytes what `content-length` says; 0 where it says nothing */
  constructor(announcedBytes: number) {
    this.#announcedBytes = announcedBytes;
  }

  /** Takes a piece; what it was held in is nobody's any more. */
  add(chunk: Buffer): void {
    if (this.#room) this.#place(this.#room, chunk);
    else {
      this.#pieces.add(chunk);
      if (this.#announcedBytes >= largeBytesMin && this.#pieces.size >= this.#announcedBytes * partBefore)
        this.#takeRoom();
    }
  }

  /** All that came. */
  bytes(): Buffer {
    return this.#room ? this.#room.subarray(0, this.#size) : this.#pieces.bytes();
  }

  #takeRoom(): void {
    const room = Buffer.allocUnsafeSlow(this.#announcedBytes);
    for (const piece of this.#pieces.all) this.#place(room, piece);
    this.#pieces = new Pieces();
    this.#room = room;
  }

  #place(room: Buffer, piece: Uint8Array): void {
    room.set(piece, this.#size);
    this.#size += piece.length;
    release(piece);
  }
}

/** Gives a buffer's memory back without waiting for the collector, where it is the buffer's alone. */
function release({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
