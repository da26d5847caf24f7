/** Pieces that are kept apart; with one more they become one. 16 MB in the largest pieces that connections give. */
export const looseMax = 256;

/**
 * Bytes that come piece by piece and are wanted whole. A piece costs 400 bytes beside its own: who sends a body byte by
 * byte, each in a chunk of its own, would take 12 GB for 32 MB (Node 26.10, measured 2026-11-25). Many are therefore joined
 * on the way, each byte once.
 */
export class Pieces {
  readonly #all: Uint8Array[] = [];
  /** Pieces at the front that were joined from others. */
  #joined = 0;
  #size = 0;

  /** All of them together, bytes. */
  get size(): number {
    return this.#size;
  }

  /** In their order. */
  get all(): readonly Uint8Array[] {
    return this.#all;
  }

  add(piece: Uint8Array): void {
    this.#all.push(piece);
    this.#size += piece.length;
    if (this.#all.length - this.#joined > looseMax)
      this.#all.push(Buffer.concat(this.#all.splice(this.#joined++)));
  }

  /** The whole. Where there is one piece, it is that piece. */
  bytes(): Buffer {
    const [only] = this.#all;
    return this.#all.length === 1 && Buffer.isBuffer(only) ? only : Buffer.concat(this.#all, this.#size);
  }
}
