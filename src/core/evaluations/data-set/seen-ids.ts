import { hash } from "node:crypto";

/** Slots at the beginning; always a power of two. */
const slotsMin = 1024;

/**
 * Counts ids in 11 to 22 bytes each, however long they are: of an id the first 64 bits of its SHA-256 are kept (open
 * addressing, linear probing, at most three quarters full). Of n ids two different ones are taken for one with a probability
 * of n^2 / 2^65: 3 in 10^8 of a million.
 */
export class SeenIds {
  #high = new Uint32Array(slotsMin);
  #low = new Uint32Array(slotsMin);
  #size = 0;
  /** How often ids were added that came more than once, by slot. */
  #repeated = new Map<number, number>();

  /** How many different ids were added. */
  get size(): number {
    return this.#size;
  }

  /** Adds an id; says how often it was added before. */
  add(id: string): number {
    const digest = hash("sha256", id);
    // Zero is a free slot.
    const high = Number.parseInt(digest.slice(0, 8), 16) || 1;
    const low = Number.parseInt(digest.slice(8, 16), 16);
    const slot = this.#slotOf(high, low);
    if (this.#high[slot] === 0) {
      this.#put(slot, high, low);
      if (++this.#size > 0.75 * this.#high.length) this.#grow();
      return 0;
    }
    const before = this.#repeated.get(slot) ?? 1;
    this.#repeated.set(slot, before + 1);
    return before;
  }

  /** The slot of an id, or the free one where it belongs. */
  #slotOf(high: number, low: number): number {
    const mask = this.#high.length - 1;
    let slot = low & mask;
    while (this.#high[slot] !== 0 && (this.#high[slot] !== high || this.#low[slot] !== low))
      slot = (slot + 1) & mask;
    return slot;
  }

  #put(slot: number, high: number, low: number): void {
    this.#high[slot] = high;
    this.#low[slot] = low;
  }

  #grow(): void {
    const [highs, lows, repeated] = [this.#high, this.#low, this.#repeated];
    this.#high = new Uint32Array(2 * highs.length);
    this.#low = new Uint32Array(2 * highs.length);
    this.#repeated = new Map();
    for (const [at, high] of highs.entries()) {
      if (high === 0) continue;
      const low = lows[at] ?? 0;
      const slot = this.#slotOf(high, low);
      this.#put(slot, high, low);
      const count = repeated.get(at);
      if (count !== undefined) this.#repeated.set(slot, count);
    }
    // Gives their memory back at once, which a collector of garbage does only when it comes to it.
    for (const old of [highs, lows]) old.buffer.transfer(0);
  }
}
