/** What one request holds of a budget. */
export interface ByteLease {
  /** Takes more bytes; false, and none taken, where there is no room for them or the lease is over. */
  take(bytes: number): boolean;
  /** Gives back all that was taken and ends the lease: what arrives late can hold nothing for ever. */
  release(): void;
}

/** Bytes that all requests together may hold at once: what each may have says nothing of how many there are. */
export class ByteBudget {
  readonly #bytesMax: number;
  #held = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  lease(): ByteLease {
    let taken = 0;
    let isOver = false;
    return {
      take: (bytes) => {
        if (isOver || this.#held + bytes > this.#bytesMax) return false;
        this.#held += bytes;
        taken += bytes;
        return true;
      },
      release: () => {
        this.#held -= taken;
        taken = 0;
        isOver = true;
      },
    };
  }
}
