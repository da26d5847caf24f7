import type { Clock } from "#core/kernel/clock.ts";
import type { Random } from "#core/kernel/random.ts";
import type { Timer, Timers } from "#core/kernel/timers.ts";
import type { Spool } from "#adapters/spool/spool-port.ts";
import type { CapturedContent } from "./captured-content.ts";
import { Drain } from "./drain.ts";
import type { LogDestination } from "./log-destination.ts";
import { contentEntry, gapEntry, type LogEntry } from "./log-entry.ts";
import type { LogEvent } from "./log-event.ts";
import type { LogGap } from "./log-gap.ts";
import type { LogWriterState } from "./log-writer-port.ts";

/** Longest time between an entry's write and the sync that covers it, ms: one sync for all that came meanwhile. */
export const syncDelayMs = 50;
/** Wait before the disk is tried again after it took nothing, ms. */
export const diskRetryMs = 1_000;
/** Records delivered at once at most: a batch on PGlite then takes about 20 ms, so that others get their turn. */
const recordBatch = { entriesMax: 500, bytesMax: 2 * 1024 * 1024 };
/** Contents delivered at once at most. */
const contentBatch = { entriesMax: 50, bytesMax: 4 * 1024 * 1024 };
/** The longest a released segment waits for its removal while nothing else happens, ms. */
const trimDelayMs = 10_000;

/** What the log writer works with. */
export interface LogWriterParts {
  readonly spool: Spool;
  readonly destination: LogDestination;
  readonly timers: Timers;
  readonly clock: Clock;
  readonly random: Random;
  readonly onEvent: (event: LogEvent) => void;
}

/**
 * Writes the log: entries go into the spool at once, are synced in groups, and carried from there into the database.
 * What finds no room in the spool is counted, and a gap that says so is written as soon as there is room.
 */
export class LogWriter {
  readonly #parts: LogWriterParts;
  readonly #records: Drain;
  readonly #contents: Drain;
  readonly #counts = { spooled: 0, dropped: 0, contentRefused: 0, gaps: 0 };
  #gap: LogGap | undefined;
  #isSyncing = false;
  #syncTimer: Timer | undefined;
  #trimTimer: Timer | undefined;
  #appended = false;
  #full: string | undefined;
  #isClosed = false;

  constructor(parts: LogWriterParts) {
    this.#parts = parts;
    const { spool, destination } = parts;
    const common = { ...parts, setAside: (payload: Uint8Array) => spool.setAside(payload) };
    this.#records = new Drain({
      ...common,
      lane: spool.usage,
      limits: recordBatch,
      deliver: (entries) => deliverRecords(destination, entries),
    });
    this.#contents = new Drain({
      ...common,
      lane: spool.content,
      limits: contentBatch,
      deliver: async (entries) => void (await destination.insertContent(contentsOf(entries))),
    });
    this.#records.resume();
    this.#contents.resume();
  }

  /** Takes entries of records, separated by line breaks. They are written when this returns, and synced soon. */
  write(lines: Buffer): void {
    const payloads = linesOf(lines);
    if (this.#parts.spool.usage.append(payloads) === "kept") this.#counts.spooled += payloads.length;
    else this.noteLost(payloads.length, this.#parts.spool.state().full ?? "the spool is full");
    this.#appended = true;
    this.#scheduleSync();
  }

  /** Notes content that may not be stored. */
  refuseContent(requestId: string, reason: string): void {
    this.#counts.contentRefused += 1;
    this.#parts.onEvent({ kind: "content-not-kept", requestId, reason });
  }

  /** Takes captured content. Where there is no room for it, it is dropped and counted. */
  writeContent(content: CapturedContent): void {
    const payload = Buffer.from(contentEntry(content));
    if (this.#parts.spool.content.append([payload]) === "refused") this.#counts.contentRefused += 1;
    this.#appended = true;
    this.#scheduleSync();
  }

  /** Notes that records never came here or found no room. */
  noteLost(requests: number, reason: string): void {
    if (requests === 0) return;
    const nowMs = this.#parts.clock.nowMs();
    if (this.#gap === undefined) this.#parts.onEvent({ kind: "gap-opened", reason });
    this.#gap = {
      fromMs: Math.min(this.#gap?.fromMs ?? nowMs, nowMs),
      toMs: Math.max(this.#gap?.toMs ?? nowMs, nowMs),
      requests: (this.#gap?.requests ?? 0) + requests,
      reason: this.#gap?.reason ?? reason,
    };
    this.#counts.dropped += requests;
    this.#scheduleSync();
  }

  /** Why there is no room for usage; undefined while there is. */
  get full(): string | undefined {
    return this.#parts.spool.state().full;
  }

  state(): LogWriterState {
    const { spool } = this.#parts;
    const { bytes, full, contentDropped, syncs } = spool.state();
    const records = this.#records.counts();
    const contents = this.#contents.counts();
    const { spooled, dropped, contentRefused, gaps } = this.#counts;
    return {
      spooled,
      dropped,
      gaps,
      stored: records.stored,
      rejected: records.rejected + contents.rejected,
      retries: records.retries + contents.retries,
      waiting: spool.usage.waiting,
      oldestMs: this.#records.oldestMs,
      spoolBytes: bytes,
      contentWaiting: spool.content.waiting,
      contentDropped: contentDropped + contentRefused,
      full,
      syncs,
    };
  }

  /**
   * Syncs, and carries into the database what waits.
   * @param deadlineMs how long to try, ms
   * @returns whether everything was delivered; what was not stays in the spool
   */
  async flush(deadlineMs: number): Promise<boolean> {
    let deadline: Timer | undefined;
    const late = new Promise<false>((resolve) => {
      deadline = this.#parts.timers.after(deadlineMs, () => resolve(false));
    });
    const complete = await Promise.race([late, this.#delivered(late)]);
    deadline?.cancel();
    return complete;
  }

  /** Flushes, then gives the spool up. */
  async close(deadlineMs: number): Promise<boolean> {
    const complete = await this.flush(deadlineMs);
    const { waiting } = this.#parts.spool.usage;
    if (!complete) this.#parts.onEvent({ kind: "flush-incomplete", waiting });
    this.#isClosed = true;
    this.#syncTimer?.cancel();
    this.#trimTimer?.cancel();
    this.#records.stop();
    this.#contents.stop();
    this.#parts.spool.close();
    return complete;
  }

  async #delivered(late: Promise<unknown>): Promise<true> {
    await this.#sync();
    await Promise.all([this.#records.emptied(late), this.#contents.emptied(late)]);
    return true;
  }

  #scheduleSync(): void {
    if (this.#isSyncing || this.#isClosed || this.#syncTimer !== undefined) return;
    const delayMs = this.#appended ? syncDelayMs : diskRetryMs;
    this.#syncTimer = this.#parts.timers.after(delayMs, () => void this.#sync());
  }

  /** One at a time; those who come while one is under way are covered by the next. Never rejects. */
  async #sync(): Promise<void> {
    this.#syncTimer?.cancel();
    this.#syncTimer = undefined;
    if (this.#isSyncing || this.#isClosed) return;
    this.#isSyncing = true;
    this.#appended = false;
    await this.#parts.spool.sync();
    this.#isSyncing = false;
    if (this.#isClosed) return;
    this.#noteFullness();
    this.#closeGap();
    this.#records.wake();
    this.#contents.wake();
    if (this.#parts.spool.isDirty || this.#gap !== undefined || this.#full !== undefined)
      this.#scheduleSync();
    this.#trimTimer ??= this.#parts.timers.after(trimDelayMs, () => this.#trim());
  }

  #trim(): void {
    this.#trimTimer = undefined;
    this.#parts.spool.trim();
  }

  #noteFullness(): void {
    const { full } = this.#parts.spool.state();
    if (full !== undefined && this.#full === undefined)
      this.#parts.onEvent({ kind: "log-full", reason: full });
    if (full === undefined && this.#full !== undefined) this.#parts.onEvent({ kind: "log-has-room" });
    this.#full = full;
  }

  /** Writes the note of a gap behind which there is room again. */
  #closeGap(): void {
    const gap = this.#gap;
    if (gap === undefined || this.#parts.spool.state().full !== undefined) return;
    if (this.#parts.spool.usage.append([Buffer.from(gapEntry(gap))]) === "refused") return;
    this.#gap = undefined;
    this.#appended = true;
    this.#counts.gaps += 1;
    this.#parts.onEvent({ kind: "gap-closed", reason: gap.reason, requests: gap.requests });
  }
}

/** Gaps first: they are few, and a refused record must not hold them up. */
async function deliverRecords(destination: LogDestination, entries: readonly LogEntry[]): Promise<void> {
  for (const entry of entries) if (entry.kind === "gap") await destination.recordGap(entry.gap);
  const records = entries.flatMap((entry) => (entry.kind === "record" ? [entry.record] : []));
  if (records.length > 0) await destination.insert(records);
}

function contentsOf(entries: readonly LogEntry[]): readonly CapturedContent[] {
  return entries.flatMap((entry) => (entry.kind === "content" ? [entry.content] : []));
}

const lineBreak = 10;

/** The lines of a buffer, as views of it. */
function linesOf(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < bytes.length;) {
    const found = bytes.indexOf(lineBreak, from);
    const to = found === -1 ? bytes.length : found;
    if (to > from) lines.push(bytes.subarray(from, to));
    from = to + 1;
  }
  return lines;
}
