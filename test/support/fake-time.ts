import type { Clock } from "#core/kernel/clock.ts";
import type { Timers } from "#core/kernel/timers.ts";

/** A clock that stands still until it is told to go on, with its timers. */
export class FakeTime implements Clock, Timers {
  #nowMs: number;
  readonly #waiting = new Set<{ dueMs: number; readonly delayMs: number; readonly callback: () => void }>();

  constructor(startMs = Date.UTC(2026, 10, 25)) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void) {
    const wait = { dueMs: this.#nowMs + delayMs, delayMs, callback };
    this.#waiting.add(wait);
    return {
      restart: () => {
        wait.dueMs = this.#nowMs + delayMs;
        this.#waiting.add(wait);
      },
      cancel: () => void this.#waiting.delete(wait),
    };
  }

  /** Goes on by some time and calls, in order, every timer that is due on the way. */
  advance(byMs: number): void {
    const endMs = this.#nowMs + byMs;
    for (;;) {
      const [next] = [...this.#waiting]
        .filter(({ dueMs }) => dueMs <= endMs)
        .toSorted((a, b) => a.dueMs - b.dueMs);
      if (!next) break;
      this.#nowMs = next.dueMs;
      this.#waiting.delete(next);
      next.callback();
    }
    this.#nowMs = endMs;
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#waiting.size;
  }
}
