import type { Timer, Timers } from "#core/kernel/timers.ts";
import type { Dropped, ShadowStore } from "./store.ts";

/** How long counts wait for others before they are kept, ms. */
const flushDelayMs = 1_000;

/** Counts requests that are not compared, and keeps the counts soon after. Those of the last second go with the process. */
export class DropCounter {
  readonly #store: Pick<ShadowStore, "drop">;
  readonly #timer: Timer;
  /** At most one for each phase and reason. */
  #waiting = new Map<string, Dropped>();
  #isWaiting = false;

  constructor(store: Pick<ShadowStore, "drop">, timers: Timers) {
    this.#store = store;
    this.#timer = timers.after(flushDelayMs, () => void this.flush());
    this.#timer.cancel();
  }

  /** Counts one more. */
  add(one: Omit<Dropped, "requests">): void {
    this.#add({ ...one, requests: 1 });
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#timer.restart();
  }

  /** Keeps what is counted; what cannot be kept now waits on. Never rejects. */
  async flush(): Promise<void> {
    this.#isWaiting = false;
    this.#timer.cancel();
    const dropped = [...this.#waiting.values()];
    this.#waiting = new Map();
    if (dropped.length === 0) return;
    try {
      await this.#store.drop(dropped);
    } catch {
      for (const one of dropped) this.#add(one);
    }
  }

  #add(one: Dropped): void {
    const key = JSON.stringify([one.experiment, one.phase, one.reason]);
    const requests = one.requests + (this.#waiting.get(key)?.requests ?? 0);
    this.#waiting.set(key, { ...one, requests });
  }
}
