/** How finely time is cut, ms. What was used leaves the window a cut at a time. */
const cutMs = 1_000;
/** A minute, and one more cut since the newest has only begun: never less than a whole minute is counted. */
const cuts = 61;

/** Sums what was used in the last minute, to the second. Bounded: 61 numbers; no allocation after it was made. Time is monotonic ms. */
export class MinuteMeter {
  readonly #used = new Float64Array(cuts);
  #sum = 0;
  /** The newest cut, counted from time 0. */
  #newest = Number.NEGATIVE_INFINITY;

  /** Adds what is used now. */
  add(amount: number, nowMs: number): void {
    this.#advance(nowMs);
    this.#put(this.#newest, amount);
  }

  /** Takes back what was added at a time, where that is still in the window; not more than is there. */
  takeBack(amount: number, atMs: number, nowMs: number): void {
    this.#advance(nowMs);
    const cut = Math.floor(atMs / cutMs);
    if (cut > this.#newest - cuts && cut <= this.#newest) this.#put(cut, -amount);
  }

  /** What was used in the last minute, >= 0. */
  used(nowMs: number): number {
    this.#advance(nowMs);
    return this.#sum;
  }

  /** How long until so much is used at most, ms >= 0; Infinity when never. */
  msUntil(usedMax: number, nowMs: number): number {
    this.#advance(nowMs);
    if (usedMax < 0) return Number.POSITIVE_INFINITY;
    let left = this.#sum;
    for (let cut = this.#newest - cuts + 1; left > usedMax && cut <= this.#newest; cut++) {
      left -= this.#used[slotOf(cut)] ?? 0;
      if (left <= usedMax) return (cut + cuts) * cutMs - nowMs;
    }
    return 0;
  }

  #put(cut: number, amount: number): void {
    const slot = slotOf(cut);
    const before = this.#used[slot] ?? 0;
    const after = Math.max(0, before + amount);
    this.#used[slot] = after;
    this.#sum += after - before;
  }

  /** Forgets what left the window. A clock that went back stays where it was. */
  #advance(nowMs: number): void {
    const cut = Math.floor(nowMs / cutMs);
    if (cut <= this.#newest) return;
    if (cut - this.#newest >= cuts) {
      this.#used.fill(0);
      this.#sum = 0;
    } else {
      for (let passed = this.#newest + 1; passed <= cut; passed++) {
        const slot = slotOf(passed);
        this.#sum -= this.#used[slot] ?? 0;
        this.#used[slot] = 0;
      }
      // Added and taken away in turn, floats drift; below zero there is nothing.
      if (this.#sum < 0) this.#sum = 0;
    }
    this.#newest = cut;
  }
}

function slotOf(cut: number): number {
  return ((cut % cuts) + cuts) % cuts;
}
