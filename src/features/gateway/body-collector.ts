import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";

/** Gathers a body piece by piece, up to a bound. */
export class BodyCollector {
  readonly #chunks: Uint8Array[] = [];
  readonly #bytesMax: number;
  #size = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Takes a piece; a failure once the bound is passed. */
  add(chunk: Uint8Array): UpstreamFailure | undefined {
    this.#size += chunk.length;
    if (this.#size > this.#bytesMax) {
      return {
        kind: "malformed-answer",
        message: `The upstream's answer is larger than ${this.#bytesMax} bytes`,
      };
    }
    this.#chunks.push(chunk);
    return undefined;
  }

  /** All that was gathered. */
  bytes(): Buffer {
    const [only] = this.#chunks;
    if (this.#chunks.length === 1 && Buffer.isBuffer(only)) return only;
    return Buffer.concat(this.#chunks, this.#size);
  }
}
