import type { ClientPort } from "#features/gateway/client-port.ts";

/** Stands where a client would: takes an answer that nobody gets, and leaves when it is told to. */
export class SilentClient implements ClientPort {
  readonly congested = false;
  #closed = false;
  readonly #whenClosed: (() => void)[] = [];

  get closed(): boolean {
    return this.#closed;
  }

  /** Ends what is under way. */
  leave(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const callback of this.#whenClosed) callback();
  }

  whenClosed(callback: () => void): void {
    this.#whenClosed.push(callback);
  }

  start(): void {
    // Nobody reads a head.
  }

  write(): void {
    // Nobody reads an answer.
  }

  end(): void {
    // Nobody waits for the end.
  }

  breakOff(): void {
    // Nobody is to be told.
  }

  whenWritable(callback: () => void): void {
    callback();
  }
}
