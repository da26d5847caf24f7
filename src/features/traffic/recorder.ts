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
}

/**
 * Takes the record of each request when it has ended and hands it to the log writer, several at a time: what the
 * event loop pays for the log is this and no more. Records of the last `handOverDelayMs` are lost with the process.
 */
export class Recorder {
  /** The newest records, before and after they are stored. */
  readonly recent = new RecentRequests();
  readonly #parts: RecorderParts;
  readonly #counts = { recorded: 0, rejected: 0 };
  #entries: string[] = [];
  #length = 0;
  #timer: Timer | undefined;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  /** Takes a record. Returns at once, never throws, awaits neither disk nor database. */
  record(record: RequestRecord): void {
    this.#counts.recorded += 1;
    if (requestTimeMs(record.requestId) === undefined) {
      this.#reject(record.requestId);
      return;
    }
    const bounded = boundedRecord(record);
    const entry = recordEntry(bounded);
    this.recent.add(bounded, entry);
    if (this.#parts.writer === undefined) return;
    this.#entries.push(entry);
    this.#length += entry.length;
    if (this.#length >= handOverLengthMax) this.#handOver();
    else this.#timer ??= this.#parts.timers.after(handOverDelayMs, () => this.#handOver());
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
    if (this.#entries.length === 0) return;
    const entries = this.#entries;
    this.#entries = [];
    this.#length = 0;
    this.#parts.writer?.write(entries);
  }

  #reject(requestId: string): void {
    this.#counts.rejected += 1;
    const reason = "Cannot record a request: its id is no UUIDv7";
    this.#parts.onEvent({ kind: "record-rejected", requestId, reason, kept: false });
  }
}
