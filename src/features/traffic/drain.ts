import { AppError } from "#core/kernel/app-error.ts";
import type { Random } from "#core/kernel/random.ts";
import type { Timer, Timers } from "#core/kernel/timers.ts";
import type { SpoolBatch, SpoolLane } from "#adapters/spool/spool-port.ts";
import { readEntry, type LogEntry } from "./log-entry.ts";
import type { LogEvent } from "./log-event.ts";
import { retryDelayMs } from "./retry-delay.ts";

/**
 * Longest time that entries wait for others before they are delivered, ms. A request that comes alone shares the
 * machine with each delivery: at ten a second they were its slowest percent (2.7 ms; 0.7 at one a second, 2026-11-25).
 */
export const drainDelayMs = 1000;

/** How much larger a batch may be after a success, as a share of the largest. */
const batchGrowth = 0.05;

/** What a drain works with. */
interface DrainParts {
  readonly lane: SpoolLane;
  /** Delivers entries, all or nothing. @throws AppError, `retryable` where the same may succeed later */
  readonly deliver: (entries: readonly LogEntry[]) => Promise<void>;
  /** Keeps what can never be delivered. @returns whether there was room */
  readonly setAside: (payload: Uint8Array) => boolean;
  /** The largest batch. */
  readonly limits: { readonly entriesMax: number; readonly bytesMax: number };
  readonly timers: Timers;
  readonly random: Random;
  readonly onEvent: (event: LogEvent) => void;
}

/** An entry with the bytes it was read from. */
interface Item {
  readonly payload: Buffer;
  readonly entry: LogEntry;
}

/** An entry that can never be delivered. */
interface Poison {
  readonly payload: Buffer;
  readonly requestId: string;
  readonly reason: string;
}

/**
 * Carries the entries of one lane into the database, in order, one batch at a time. While the database is away it
 * waits longer and longer; a batch that is refused is halved until the entry at fault is alone, which is set aside.
 */
export class Drain {
  readonly #parts: DrainParts;
  readonly #counts = { stored: 0, rejected: 0, retries: 0 };
  #isRunning = false;
  #isStopped = false;
  /** Failed deliveries in a row. */
  #failures = 0;
  /**
   * Entries of the next batch at most. Halved by a failure, since a database that is too slow for a whole batch within
   * its time may take a part of it; grows again with each success.
   */
  #batchMax: number;
  #timer: Timer | undefined;
  #oldestMs: number | undefined;
  readonly #emptied = new Set<() => void>();

  constructor(parts: DrainParts) {
    this.#parts = parts;
    this.#batchMax = parts.limits.entriesMax;
  }

  /** Since the start. */
  counts(): { readonly stored: number; readonly rejected: number; readonly retries: number } {
    return { ...this.#counts };
  }

  /** When the oldest request that is not delivered came in, ms since 1970; undefined when all are. */
  get oldestMs(): number | undefined {
    return this.#parts.lane.waiting === 0 ? undefined : this.#oldestMs;
  }

  /** There are entries: they are delivered soon. */
  wake(): void {
    this.#startIn(drainDelayMs);
  }

  /** Delivers what an earlier process left, if anything, as soon as this one has started. */
  resume(): void {
    if (this.#parts.lane.waiting > 0) this.#startIn(0);
  }

  /**
   * Delivers without further waits; resolves when nothing is left, which may be never: others come all the time.
   * @param late resolves when nobody waits for it any more
   */
  emptied(late: Promise<unknown>): Promise<void> {
    const emptied = new Promise<void>((resolve) => {
      this.#emptied.add(resolve);
      void late.then(() => this.#emptied.delete(resolve));
    });
    this.#start();
    return emptied;
  }

  /** Begins no further delivery, and takes no notice of one that is under way. */
  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  #startIn(delayMs: number): void {
    if (this.#isRunning || this.#isStopped || this.#timer !== undefined) return;
    this.#timer = this.#parts.timers.after(delayMs, () => this.#start());
  }

  #start(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#isRunning || this.#isStopped) return;
    this.#isRunning = true;
    void this.#run().then(() => this.#ran());
  }

  #ran(): void {
    this.#isRunning = false;
    // What is left is not synced yet.
    if (this.#parts.lane.waiting > 0) this.wake();
    else this.#tellEmptied();
  }

  #tellEmptied(): void {
    for (const emptied of this.#emptied) emptied();
    this.#emptied.clear();
  }

  /** Delivers batch after batch, from file after file, until nothing synced is left. Never rejects. */
  async #run(): Promise<void> {
    for (;;) {
      const batch = this.#parts.lane.read({ ...this.#parts.limits, entriesMax: this.#batchMax });
      if (batch === undefined || !(await this.#deliverBatch(batch))) return;
    }
  }

  /** @returns whether to go on */
  async #deliverBatch(batch: SpoolBatch): Promise<boolean> {
    const { items, poison } = readItems(batch.payloads);
    const unreadable = poison.length;
    this.#oldestMs = items.map(startedAtMs).find((ms) => ms !== undefined) ?? this.#oldestMs;
    const failure = await this.#deliver(items, poison);
    if (this.#isStopped) return false;
    if (failure !== undefined) {
      this.#retryLater(failure);
      return false;
    }
    const refused = poison.length - unreadable;
    for (const one of poison) this.#reject(one);
    this.#counts.stored += items.filter(({ entry }) => entry.kind !== "gap").length - refused;
    batch.release();
    if (this.#failures > 0)
      this.#parts.onEvent({ kind: "store-recovered", waiting: this.#parts.lane.waiting });
    this.#failures = 0;
    const { entriesMax } = this.#parts.limits;
    this.#batchMax = Math.min(this.#batchMax + Math.ceil(entriesMax * batchGrowth), entriesMax);
    return true;
  }

  /** Delivers; adds to `poison` what can never be. @returns why the rest must wait, undefined when nothing must */
  async #deliver(items: readonly Item[], poison: Poison[]): Promise<Error | undefined> {
    if (items.length === 0) return undefined;
    try {
      await this.#parts.deliver(items.map(({ entry }) => entry));
      return undefined;
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const isRefusal = error instanceof AppError && !error.retryable;
      if (!isRefusal) return error;
      const [only] = items;
      if (items.length === 1 && only !== undefined) {
        poison.push({ payload: only.payload, requestId: requestIdOf(only.entry), reason: reasonOf(error) });
        return undefined;
      }
      const middle = Math.ceil(items.length / 2);
      const first = await this.#deliver(items.slice(0, middle), poison);
      return first ?? this.#deliver(items.slice(middle), poison);
    }
  }

  #retryLater(error: Error): void {
    this.#failures += 1;
    this.#counts.retries += 1;
    this.#batchMax = Math.max(Math.floor(this.#batchMax / 2), 1);
    const retryInMs = retryDelayMs(this.#failures, this.#parts.random.unit());
    this.#timer = this.#parts.timers.after(retryInMs, () => this.#start());
    const { waiting } = this.#parts.lane;
    this.#parts.onEvent({ kind: "store-failed", reason: reasonOf(error), waiting, retryInMs });
  }

  #reject({ payload, requestId, reason }: Poison): void {
    this.#counts.rejected += 1;
    const kept = this.#parts.setAside(payload);
    this.#parts.onEvent({ kind: "record-rejected", requestId, reason, kept });
  }
}

function readItems(payloads: readonly Buffer[]): {
  readonly items: readonly Item[];
  readonly poison: Poison[];
} {
  const items: Item[] = [];
  const poison: Poison[] = [];
  for (const payload of payloads) {
    const entry = readEntry(payload);
    if (entry === undefined)
      poison.push({ payload, requestId: "unknown", reason: "no entry of this version" });
    else items.push({ payload, entry });
  }
  return { items, poison };
}

function startedAtMs({ entry }: Item): number | undefined {
  return entry.kind === "record" ? entry.record.startedAtMs : undefined;
}

function requestIdOf(entry: LogEntry): string {
  switch (entry.kind) {
    case "record":
      return entry.record.requestId;
    case "content":
      return entry.content.requestId;
    case "gap":
      return "a gap";
  }
}

/** The error with what caused it, for a log: neither holds values of rows. */
function reasonOf(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
