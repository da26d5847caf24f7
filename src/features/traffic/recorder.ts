import { AppError } from "#core/kernel/app-error.ts";
import type { Random } from "#core/kernel/random.ts";
import { requestTimeMs } from "#core/kernel/request-id.ts";
import type { Timer, Timers } from "#core/kernel/timers.ts";
import { boundedRecord } from "./bounded-record.ts";
import { RecentRequests } from "./recent-requests.ts";
import type { RequestRecord } from "./request-record.ts";
import type { RequestLogStore } from "./store.ts";

/** Where the gateway puts a record when a request has ended. */
interface RequestSink {
  /** Takes a record. Returns at once, never throws, awaits neither disk nor database. */
  record(record: RequestRecord): void;
}

/** Records that wait for the store at most; one more and the oldest is dropped. About 2 KB each. */
export const queueMax = 10_000;
/** Records written at once at most: a batch on PGlite then takes about 20 ms. */
export const batchSizeMax = 500;
/** Longest time a record waits for others before its batch is written, ms. */
export const batchDelayMs = 100;
/** Waits after a failed write: the first, doubled each time up to the last, ms. */
const retryMsMin = 200;
const retryMsMax = 10_000;

/** What happened to records since the start. */
export interface RecorderCounts {
  /** Given to `record`. */
  readonly recorded: number;
  /** Kept by the store. */
  readonly stored: number;
  /** Lost because the queue was full. */
  readonly dropped: number;
  /** Lost because the store, or we, refused them: a mistake of ours. */
  readonly rejected: number;
  /** Not yet kept: queued or being written. */
  readonly waiting: number;
  /** Writes that failed and were tried again. */
  readonly retries: number;
}

/** What an operator should know. Goes to the log; holds no content. */
export type RecorderEvent =
  | {
      readonly kind: "store-failed";
      readonly error: Error;
      readonly waiting: number;
      readonly retryInMs: number;
    }
  | { readonly kind: "store-recovered"; readonly waiting: number }
  | { readonly kind: "records-dropped"; readonly count: number }
  | { readonly kind: "record-rejected"; readonly requestId: string; readonly error: Error }
  | { readonly kind: "flush-incomplete"; readonly waiting: number };

/** What a recorder works with. */
export interface RecorderParts {
  readonly store: RequestLogStore;
  readonly timers: Timers;
  readonly random: Random;
  readonly onEvent: (event: RecorderEvent) => void;
}

/**
 * Writes records in batches behind the requests. While the store fails they wait, up to `queueMax`; what is lost is
 * counted and reported. Records of the last `batchDelayMs` are lost with the process.
 */
export class Recorder implements RequestSink {
  /** The newest records, before and after they are stored. */
  readonly recent = new RecentRequests();
  readonly #parts: RecorderParts;
  readonly #counts = { recorded: 0, stored: 0, dropped: 0, rejected: 0, retries: 0 };
  readonly #queue: RequestRecord[] = [];
  /** Size of the batch being written; 0 when none is. */
  #writing = 0;
  /** Runs towards the next write: a batch filling up, or a retry. */
  #timer: Timer | undefined;
  /** Failed writes in a row. */
  #failures = 0;
  #droppedUnreported = 0;
  readonly #emptied: (() => void)[] = [];

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  record(record: RequestRecord): void {
    this.#counts.recorded += 1;
    if (requestTimeMs(record.requestId) === undefined) {
      this.#reject(record, new AppError("internal", "Cannot record a request: its id is no UUIDv7"));
      return;
    }
    const bounded = boundedRecord(record);
    this.recent.add(bounded);
    this.#queue.push(bounded);
    this.#dropOverflow();
    this.#schedule();
  }

  counts(): RecorderCounts {
    return { ...this.#counts, waiting: this.#queue.length + this.#writing };
  }

  /**
   * Writes what waits, for shutdown.
   * @param deadlineMs how long to try, ms
   * @returns whether everything was written; what was not is reported
   */
  async flush(deadlineMs: number): Promise<boolean> {
    if (this.counts().waiting === 0) return true;
    const emptied = new Promise<true>((resolve) => this.#emptied.push(() => resolve(true)));
    let deadline: Timer | undefined;
    const late = new Promise<false>((resolve) => {
      deadline = this.#parts.timers.after(deadlineMs, () => resolve(false));
    });
    this.#stopTimer();
    this.#writeNext();
    const complete = await Promise.race([emptied, late]);
    deadline?.cancel();
    this.#reportDropped();
    if (!complete) this.#parts.onEvent({ kind: "flush-incomplete", waiting: this.counts().waiting });
    return complete;
  }

  /** Decides when the next batch is written: now when full, else after a short wait. A retry keeps its own wait. */
  #schedule(): void {
    if (this.#writing > 0 || this.#failures > 0 || this.#queue.length === 0) return;
    if (this.#queue.length >= batchSizeMax) {
      this.#stopTimer();
      this.#writeNext();
    } else {
      this.#timer ??= this.#parts.timers.after(batchDelayMs, () => this.#timerRang());
    }
  }

  #timerRang(): void {
    this.#timer = undefined;
    this.#writeNext();
  }

  #stopTimer(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #writeNext(): void {
    if (this.#writing > 0 || this.#queue.length === 0) return;
    const batch = this.#queue.splice(0, batchSizeMax);
    this.#writing = batch.length;
    void this.#write(batch).then((outcome) => this.#written(outcome));
  }

  /** Tries to store a batch; one that is refused is halved until the record at fault is alone. Never rejects. */
  async #write(batch: readonly RequestRecord[]): Promise<WriteOutcome> {
    try {
      await this.#parts.store.insert(batch);
      this.#counts.stored += batch.length;
      return { left: [] };
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const refused = error instanceof AppError && !error.retryable;
      if (!refused) return { left: batch, error };
      const [only] = batch;
      if (batch.length === 1 && only !== undefined) {
        this.#reject(only, error);
        return { left: [] };
      }
      return this.#writeHalves(batch);
    }
  }

  async #writeHalves(batch: readonly RequestRecord[]): Promise<WriteOutcome> {
    const middle = Math.ceil(batch.length / 2);
    const first = await this.#write(batch.slice(0, middle));
    const second = await this.#write(batch.slice(middle));
    const error = first.error ?? second.error;
    return { left: [...first.left, ...second.left], ...(error && { error }) };
  }

  #written({ left, error }: WriteOutcome): void {
    this.#writing = 0;
    this.#queue.unshift(...left);
    this.#dropOverflow();
    this.#reportDropped();
    if (error !== undefined) {
      this.#retryLater(error);
      return;
    }
    if (this.#failures > 0) this.#parts.onEvent({ kind: "store-recovered", waiting: this.#queue.length });
    this.#failures = 0;
    if (this.#queue.length === 0) for (const emptied of this.#emptied.splice(0)) emptied();
    // Those who wait for a flush do not wait for a batch to fill.
    if (this.#emptied.length > 0) this.#writeNext();
    else this.#schedule();
  }

  #retryLater(error: Error): void {
    this.#failures += 1;
    this.#counts.retries += 1;
    const retryInMs = retryDelayMs(this.#failures, this.#parts.random.unit());
    this.#stopTimer();
    this.#timer = this.#parts.timers.after(retryInMs, () => this.#timerRang());
    this.#parts.onEvent({ kind: "store-failed", error, waiting: this.#queue.length, retryInMs });
  }

  #dropOverflow(): void {
    const excess = this.#queue.length - queueMax;
    if (excess <= 0) return;
    this.#queue.splice(0, excess);
    this.#counts.dropped += excess;
    this.#droppedUnreported += excess;
  }

  /** Once for each write, so that a flood of losses is no flood of log lines. */
  #reportDropped(): void {
    if (this.#droppedUnreported === 0) return;
    this.#parts.onEvent({ kind: "records-dropped", count: this.#droppedUnreported });
    this.#droppedUnreported = 0;
  }

  #reject(record: RequestRecord, error: Error): void {
    this.#counts.rejected += 1;
    this.#parts.onEvent({ kind: "record-rejected", requestId: record.requestId, error });
  }
}

interface WriteOutcome {
  /** To be tried again. */
  readonly left: readonly RequestRecord[];
  /** Why they are left. */
  readonly error?: Error;
}

/** Doubles with each failure up to a limit, and spreads replicas over the upper half of it. */
function retryDelayMs(failures: number, chance: number): number {
  const full = Math.min(retryMsMin * 2 ** (failures - 1), retryMsMax);
  return full * (0.5 + chance / 2);
}
