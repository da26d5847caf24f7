import { hash } from "node:crypto";

/**
 * Where an item stands in a sample's queue, from 0 to below 1: the first 52 bits of SHA-256 over seed and id. The items with
 * the least are drawn, so that each set of that size is as likely as any other, a larger sample holds the smaller one of the
 * same seed, and an item that is added or taken away changes at most one place.
 */
export function samplePriority(seed: string, id: string): number {
  return Number.parseInt(hash("sha256", `${seed.length}:${seed}|${id}`).slice(0, 13), 16) / 2 ** 52;
}

/** Keeps the least numbers of many: a heap with the largest of them on top. Memory: 8 bytes for each that is kept. */
export class Least {
  readonly #heap: Float64Array;
  #size = 0;

  /** @param count how many are kept, at least 1 */
  constructor(count: number) {
    this.#heap = new Float64Array(count);
  }

  /** The largest of those that are kept; infinity while there is place for more. */
  get largest(): number {
    return this.#size < this.#heap.length ? Number.POSITIVE_INFINITY : this.#at(0);
  }

  add(value: number): void {
    if (this.#size < this.#heap.length) this.#rise(this.#size++, value);
    else if (value < this.#at(0)) this.#sink(value);
  }

  #rise(from: number, value: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#at(parent) >= value) break;
      this.#heap[place] = this.#at(parent);
      place = parent;
    }
    this.#heap[place] = value;
  }

  #sink(value: number): void {
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#at(child + 1) > this.#at(child)) child++;
      if (this.#at(child) <= value) break;
      this.#heap[place] = this.#at(child);
      place = child;
    }
    this.#heap[place] = value;
  }

  #at(place: number): number {
    return this.#heap[place] ?? Number.NaN;
  }
}
