/** Most samples of one order, of each kind: a run of 250,000 requests fits. */
const samplesMax = 300_000;

/** Measured times, in room that is taken once: recording one allocates nothing. */
export class Samples {
  readonly #values = new Float64Array(samplesMax);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Keeps one; beyond the room none is kept. */
  add(value: number): void {
    if (this.#count < samplesMax) this.#values[this.#count++] = value;
  }

  /** What was kept, and begins anew. */
  take(): Float64Array {
    const taken = this.#values.slice(0, this.#count);
    this.#count = 0;
    return taken;
  }
}
