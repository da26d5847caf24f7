/** How many requests there are, as a mean over time. Takes what it is told: it changes. */
export class LoadLevel {
  #level = 0;
  #changedMs: number;
  #begunMs: number;
  /** Requests x ms since it was begun. */
  #area = 0;

  constructor(nowMs: number) {
    this.#changedMs = nowMs;
    this.#begunMs = nowMs;
  }

  /** There are so many more, or fewer. */
  change(by: number, nowMs: number): void {
    this.#area += this.#level * (nowMs - this.#changedMs);
    this.#changedMs = nowMs;
    this.#level += by;
  }

  /** The mean since it was last asked for, or since the beginning; the level itself where no time has passed. */
  takeMean(nowMs: number): number {
    this.change(0, nowMs);
    const passedMs = nowMs - this.#begunMs;
    const mean = passedMs > 0 ? this.#area / passedMs : this.#level;
    this.#area = 0;
    this.#begunMs = nowMs;
    return mean;
  }
}
