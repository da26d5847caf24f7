/** Work that is done one after another, in the order in which it came; a failure of one is not the next one's. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does something when all that came before is over. Rejects as the work does. */
  take<Value>(work: () => Promise<Value>): Promise<Value> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when what came so far is over. */
  async over(): Promise<void> {
    await this.#last;
  }
}
