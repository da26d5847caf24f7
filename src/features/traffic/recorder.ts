import { requestTimeMs } from "#core/kernel/request-id.ts";
import type { Timer, Timers } from "#core/kernel/timers.ts";
import { boundedRecord } from "./bounded-record.ts";
import { recordEntry } from "./log-entry.ts";
import type { LogEvent } from "./log-event.ts";
import { emptyLogWriterState, type LogWriterPort, type LogWriterState } from "./log-writer-port.ts";
import { RecentRequests } from "./recent-requests.ts";
import type { RequestRecord } from "./request-record.ts";
import type { UnredactedContent } from "./unredacted-content.ts";

/** Longest time a record waits for others before they go to the log writer together, ms. */
export const handOverDelayMs = 25;
/** Records that are made one after another: a third of what each costs in between two requests; more would be felt by the next (2026-11-25). */
export const togetherMax = 8;
/** They go earlier when they are this long together, UTF-16 code units. */
export const handOverLengthMax = 256 * 1024;

/** What happened to records since the start, and how the log is. */
export interface RecorderState extends LogWriterState {
  /** Given to `record`. */
  readonly recorded: number;
  /** False while new requests are to be refused, since the log could not keep what they used. */
  readonly accepting: boolean;
}

/** What a recorder works with. */
export interface RecorderParts {
  /** Undefined keeps nothing but the newest records in memory. */
  readonly writer: LogWriterPort | undefined;
  /** What becomes of new requests while there is no room for usage. */
  readonly whenFull: "refuse" | "serve";
  readonly timers: Timers;
  readonly onEvent: (event: LogEvent) => void;
  /** Hears of every record once it is made. Never throws. */
  readonly onRecord?: (record: RequestRecord) => void;
}

/**
 * Takes the record of each request when it has ended and hands it to the log writer, several at a time: what the
 * event loop pays for the log is this and no more. Records of the last `handOverDelayMs` are lost with the process.
 */
export class Recorder {
  /** The newest records, before and after they are stored. */
  readonly recent = new RecentRequests(() => this.settle());
  readonly #parts: RecorderParts;
  readonly #counts = { recorded: 0, rejected: 0 };
  #unmade: (() => RequestRecord)[] = [];
  #entries: string[] = [];
  #length = 0;
  #timer: Timer | undefined;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  /**
   * Takes a record, which is made with others at `handOverDelayMs` from now at the latest, or when somebody asks for it.
   * Returns at once, never throws, awaits neither disk nor database.
   * @param make makes the record; holds on to as little as it can
   */
  record(make: () => RequestRecord): void {
    this.#counts.recorded += 1;
    this.#unmade.push(make);
    if (this.#unmade.length >= togetherMax) this.settle();
    this.#timer ??= this.#parts.timers.after(handOverDelayMs, () => this.#handOver());
  }

  /** Makes the records that are not made yet. */
  settle(): void {
    if (this.#unmade.length === 0) return;
    const unmade = this.#unmade;
    this.#unmade = [];
    for (const make of unmade) {
      try {
        this.#take(make());
      } catch (thrown) {
        // A mistake of ours; the others have nothing to do with it.
        this.#reject("unknown", thrown instanceof Error ? thrown.message : String(thrown));
      }
    }
  }

  #take(record: RequestRecord): void {
    this.#parts.onRecord?.(record);
    if (requestTimeMs(record.requestId) === undefined) {
      this.#reject(record.requestId, "its id is no UUIDv7");
      return;
    }
    const bounded = boundedRecord(record);
    const entry = recordEntry(bounded);
    this.recent.add(bounded, entry);
    if (this.#parts.writer === undefined) return;
    this.#entries.push(entry);
    this.#length += entry.length;
    if (this.#length >= handOverLengthMax) this.#passOn();
  }

  /** Takes what a route let be kept of a request's content. Returns at once, never throws. */
  recordContent(content: UnredactedContent): void {
    this.#parts.writer?.writeContent(content);
  }

  /** Whether new requests may be served: what they use can be kept, or the configuration says to serve without. */
  get accepting(): boolean {
    const { writer, whenFull } = this.#parts;
    return whenFull === "serve" || writer?.full === undefined;
  }

  state(): RecorderState {
    this.settle();
    const written = this.#parts.writer?.state() ?? emptyLogWriterState;
    return {
      ...written,
      recorded: this.#counts.recorded,
      rejected: written.rejected + this.#counts.rejected,
      waiting: written.waiting + this.#entries.length,
      accepting: this.accepting,
    };
  }

  /**
   * Carries what waits into the database.
   * @param deadlineMs how long to try, ms
   * @returns whether everything was stored; what was not is in the spool
   */
  async flush(deadlineMs: number): Promise<boolean> {
    this.#handOver();
    return this.#parts.writer?.flush(deadlineMs) ?? true;
  }

  /** Flushes and ends the log writer; nothing may be recorded after it. */
  async close(deadlineMs: number): Promise<boolean> {
    this.#handOver();
    return this.#parts.writer?.close(deadlineMs) ?? true;
  }

  #handOver(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.settle();
    this.#passOn();
  }

  #passOn(): void {
    if (this.#entries.length === 0) return;
    const entries = this.#entries;
    this.#entries = [];
    this.#length = 0;
    this.#parts.writer?.write(entries);
  }

  #reject(requestId: string, why: string): void {
    this.#counts.rejected += 1;
    const reason = `Cannot record a request: ${why}`;
    this.#parts.onEvent({ kind: "record-rejected", requestId, reason, kept: false });
  }
}
