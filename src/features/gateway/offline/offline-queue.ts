import type { Timers } from "#core/kernel/timers.ts";

/** Jobs under way at once; the others wait. */
const underWayMax = 8;
/** Jobs that wait. */
const waitingMax = 100;
/** Bytes of the jobs that wait. */
const waitingBytesMax = 32 * 1024 * 1024;
/** How long jobs under way may take when Signalbox stops, ms. */
const drainMsMax = 5_000;

/** What a queue works with. */
export interface OfflineQueueParts<Job> {
  readonly timers: Timers;
  /** Does a job; may reject. @param signal ends it before its time */
  readonly run: (job: Job, signal: AbortSignal) => Promise<void>;
  /** Hears of each job that is not done. Does not throw. */
  readonly onDrop: (job: Job, reason: "queue-full" | "shutdown") => void;
  /** Hears of a job that rejected. Does not throw. */
  readonly onFailure: (job: Job, error: Error) => void;
}

/** Does jobs that no client waits for, some at a time and within bounds. What is not done is told with its reason. */
export class OfflineQueue<Job extends { readonly bytes: number }> {
  readonly #parts: OfflineQueueParts<Job>;
  readonly #waiting: Job[] = [];
  readonly #underWay = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #waitingBytes = 0;
  #isClosed = false;

  constructor(parts: OfflineQueueParts<Job>) {
    this.#parts = parts;
  }

  /** Takes a job. Returns at once, never throws. */
  take(job: Job): void {
    if (this.#isClosed) return this.#parts.onDrop(job, "shutdown");
    if (this.#waiting.length >= waitingMax || this.#waitingBytes + job.bytes > waitingBytesMax)
      return this.#parts.onDrop(job, "queue-full");
    this.#waiting.push(job);
    this.#waitingBytes += job.bytes;
    this.#next();
  }

  /** Takes no more; what waits is dropped, what is under way has some seconds. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const job of this.#waiting.splice(0)) this.#parts.onDrop(job, "shutdown");
    const timer = this.#parts.timers.after(drainMsMax, () => this.#stopping.abort());
    await Promise.all(this.#underWay);
    timer.cancel();
  }

  #next(): void {
    while (this.#underWay.size < underWayMax) {
      const job = this.#waiting.shift();
      if (!job) return;
      this.#waitingBytes -= job.bytes;
      const run = this.#attempt(job).finally(() => {
        this.#underWay.delete(run);
        this.#next();
      });
      this.#underWay.add(run);
    }
  }

  async #attempt(job: Job): Promise<void> {
    try {
      await this.#parts.run(job, this.#stopping.signal);
    } catch (thrown) {
      this.#parts.onFailure(job, thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }
}
