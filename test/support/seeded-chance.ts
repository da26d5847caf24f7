import type { Random } from "#core/kernel/random.ts";

/**
 * Chance that is the same for the same seed and name. Each thing that is left to chance has a stream of its own, so that
 * one draw more in one place changes nothing elsewhere. sfc32 by Chris Doty-Humphrey (PractRand, public domain), seeded
 * by an FNV-1a hash.
 */
export class SeededChance implements Random {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  constructor(seed: number, stream: string) {
    const hash = hashOf(`${seed}/${stream}`);
    this.#a = hash;
    this.#b = hash ^ 0x9e3779b9;
    this.#c = seed | 0;
    for (let round = 0; round < 12; round++) this.#next();
  }

  unit(): number {
    return (this.#next() >>> 0) / 2 ** 32;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#next() & 0xff);
  }

  /** A whole number from `min` to `max`, both possible. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.unit() * (max - min + 1));
  }

  /** True with that probability. */
  happens(probability: number): boolean {
    return this.unit() < probability;
  }

  /** One of them, each as likely as any other. */
  one<T>(choices: readonly [T, ...T[]]): T {
    return choices[Math.floor(this.unit() * choices.length)] ?? choices[0];
  }

  /** A wait whose mean is that, ms, as between events that know nothing of each other; at most ten times the mean. */
  exponentialMs(meanMs: number): number {
    return Math.min(10 * meanMs, Math.round(-Math.log(1 - this.unit()) * meanMs));
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#count++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum;
  }
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}
