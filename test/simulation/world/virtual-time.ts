import type { Clock } from "#core/kernel/clock.ts";
import type { Timer, Timers } from "#core/kernel/timers.ts";

/** Most moments of one run: a world that does not come to rest is a fault, and must not hang the test. */
const momentsMax = 400_000;

/** Something that happens at a moment. */
interface Due {
  readonly atMs: number;
  /** Of what happens at the same moment, what was planned first happens first. */
  readonly order: number;
  readonly happen: () => void;
}

/** A clock that jumps from one event to the next, with its timers. Promises settle between two events. */
export class VirtualTime implements Clock, Timers {
  readonly #startMs: number;
  readonly #heap: Due[] = [];
  readonly #timers = new Set<object>();
  #nowMs = 0;
  #order = 0;

  /** @param startMs wall clock at the beginning, ms since 1970; the monotonic clock begins at 0 */
  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  nowMs(): number {
    return this.#startMs + this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  /** How many timers of the gateway wait. */
  get timersWaiting(): number {
    return this.#timers.size;
  }

  /** Lets something happen at a moment of the monotonic clock; at once, where that is past. */
  at(atMs: number, happen: () => void): void {
    push(this.#heap, { atMs: Math.max(atMs, this.#nowMs), order: this.#order++, happen });
  }

  after(delayMs: number, callback: () => void): Timer {
    const wait = { dueMs: 0, planned: false };
    const plan = (): void => {
      wait.planned = true;
      this.at(wait.dueMs, ring);
    };
    const ring = (): void => {
      wait.planned = false;
      if (!this.#timers.has(wait)) return;
      // It was begun again meanwhile: a later moment counts.
      if (wait.dueMs > this.#nowMs) return plan();
      this.#timers.delete(wait);
      callback();
    };
    const begin = (): void => {
      wait.dueMs = this.#nowMs + Math.max(0, delayMs);
      this.#timers.add(wait);
      if (!wait.planned) plan();
    };
    begin();
    return { restart: begin, cancel: () => void this.#timers.delete(wait) };
  }

  /**
   * Lets happen what is due until a moment; the clock stands there then.
   * @param world `onError` hears of what is thrown, which in the real world would end the process; `afterEach` is called
   *   when all that followed from an event has happened
   */
  async runUntil(
    endMs: number,
    { onError, afterEach }: { readonly onError: (error: unknown) => void; readonly afterEach: () => void },
  ): Promise<void> {
    for (let moments = 0; ; moments++) {
      const [next] = this.#heap;
      if (!next || next.atMs > endMs) break;
      if (moments > momentsMax) throw new Error(`The world does not come to rest: ${momentsMax} moments`);
      pop(this.#heap);
      this.#nowMs = next.atMs;
      try {
        next.happen();
      } catch (error) {
        onError(error);
      }
      await settledPromises();
      afterEach();
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }
}

/** Node runs every promise that can settle before it comes to what was set immediate. */
function settledPromises(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function isBefore(a: Due, b: Due): boolean {
  return a.atMs === b.atMs ? a.order < b.order : a.atMs < b.atMs;
}

function push(heap: Due[], due: Due): void {
  let at = heap.length;
  heap.push(due);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent];
    if (!above || !isBefore(due, above)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = due;
}

/** Takes the first one away. */
function pop(heap: Due[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    const [left, right] = [heap[child], heap[child + 1]];
    if (!left) break;
    let smaller = left;
    if (right && isBefore(right, left)) {
      smaller = right;
      child += 1;
    }
    if (!isBefore(smaller, last)) break;
    heap[at] = smaller;
    at = child;
  }
  heap[at] = last;
}
