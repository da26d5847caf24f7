import { Pieces } from "#core/kernel/pieces.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";

/** Gathers a body piece by piece, up to a bound. */
export class BodyCollector {
  readonly #pieces = new Pieces();
  readonly #bytesMax: number;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Takes a piece; a failure once the bound is passed. */
  add(chunk: Uint8Array): UpstreamFailure | undefined {
    if (this.#pieces.size + chunk.length > this.#bytesMax) {
      return {
        kind: "malformed-answer",
        message: `The upstream's answer is larger than ${this.#bytesMax} bytes`,
      };
    }
    this.#pieces.add(chunk);
    return undefined;
  }

  /** All that was gathered. */
  bytes(): Buffer {
    return this.#pieces.bytes();
  }
}
