/** Counts whose turn it is, for every strategy that gives turns. One for a gateway; what is gone is forgotten. */
export class Turns {
  readonly #counts = new WeakMap<object, { taken: number }>();

  /** The number of turns taken before this one: 0, 1, 2, ... */
  next(strategy: object): number {
    const count = this.#counts.get(strategy);
    if (count) return ++count.taken;
    this.#counts.set(strategy, { taken: 0 });
    return 0;
  }

  /** The number that the next turn will have; takes none. */
  peek(strategy: object): number {
    const count = this.#counts.get(strategy);
    return count ? count.taken + 1 : 0;
  }
}
