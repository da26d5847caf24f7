import { AppError } from "#core/kernel/app-error.ts";
import { boundedRecord } from "./bounded-record.ts";
import { matchesFilters } from "./matches-filters.ts";
import { recentMax, type RecentRequests } from "./recent-requests.ts";
import type { RequestRecord } from "./request-record.ts";
import { summaryView } from "./request-view.ts";
import type { RequestFilters } from "./store.ts";

/** Listeners at once. */
export const listenersMax = 32;
/** Events that wait for one listener: all remembered requests fit, so that going on where it broke off loses none. */
export const waitingMax = recentMax;

/** What a listener wants to hear. */
export interface TailQuery {
  /** Its times mean nothing here. */
  readonly filters: RequestFilters;
  /** The id of the last request that it heard of: what ended since is told first, as far as it is remembered. */
  readonly after?: string;
}

/** Somebody who hears of requests as they end. */
export interface TailListener {
  /** The next event as a frame of `text/event-stream`; `undefined` when none waits. */
  take(): string | undefined;
  /** Whether no further event will come, once those that wait are taken. */
  readonly ended: boolean;
  /** Calls back once, when an event waits or none will come any more. One callback at a time. */
  whenReady(callback: () => void): void;
  /** Ends it. A second call does nothing. */
  close(): void;
}

/**
 * Tells listeners of requests as they end: the summary that lists show, never content. Costs nothing while nobody
 * listens; a listener that reads too slowly loses events and is told how many.
 */
export class LiveTail {
  readonly #recent: Pick<RecentRequests, "since">;
  readonly #listeners = new Set<Listener>();
  #closed = false;
  #dropped = 0;

  /** @param recent where what ended while a listener was away is looked up */
  constructor(recent: Pick<RecentRequests, "since">) {
    this.#recent = recent;
  }

  /** Tells of a request that ended. Never throws, never waits. */
  publish(record: RequestRecord): void {
    if (this.#listeners.size === 0) return;
    let frame: string | undefined;
    for (const listener of this.#listeners) {
      if (!matchesFilters(record, listener.filters)) continue;
      if (!listener.offer(() => (frame ??= requestFrame(record)))) this.#dropped += 1;
    }
  }

  /**
   * Adds a listener.
   * @throws AppError overloaded (too many listen) or shutting-down
   */
  listen({ filters, after }: TailQuery): TailListener {
    if (this.#closed)
      throw new AppError("shutting-down", "Cannot listen to requests: Signalbox is stopping", {
        retryable: true,
      });
    if (this.#listeners.size >= listenersMax)
      throw new AppError(
        "overloaded",
        `Cannot listen to requests: at most ${listenersMax} may listen at once, that many do`,
        { retryable: true },
      );
    const { fromMs: _fromMs, toMs: _toMs, ...lasting } = filters;
    const listener = new Listener(lasting, () => void this.#listeners.delete(listener));
    if (after !== undefined) this.#tellMissed(listener, after);
    this.#listeners.add(listener);
    return listener;
  }

  /** Who listens, and how many events were lost since the start because a listener was slow. */
  counts(): { readonly listeners: number; readonly dropped: number } {
    return { listeners: this.#listeners.size, dropped: this.#dropped };
  }

  /** Ends every listener, and takes no more. */
  close(): void {
    this.#closed = true;
    for (const listener of this.#listeners) listener.close();
  }

  #tellMissed(listener: Listener, after: string): void {
    const missed = this.#recent.since(after);
    // Nobody knows how many: the process is another one, or has forgotten.
    if (missed === undefined) listener.offer(() => droppedFrame(null));
    for (const record of missed ?? [])
      if (matchesFilters(record, listener.filters)) listener.offer(() => requestFrame(record));
  }
}

class Listener implements TailListener {
  readonly filters: RequestFilters;
  readonly #leave: () => void;
  readonly #waiting: string[] = [];
  /** Events lost behind those that wait. */
  #lost = 0;
  #ended = false;
  #ready: (() => void) | undefined;

  constructor(filters: RequestFilters, leave: () => void) {
    this.filters = filters;
    this.#leave = leave;
  }

  /** Takes an event, or says that there is no room for it; the frame is only made when there is. */
  offer(frame: () => string): boolean {
    // The event that tells of a gap has a place of its own before this one.
    if (this.#waiting.length >= waitingMax) {
      this.#lost += 1;
      return false;
    }
    if (this.#lost > 0) this.#waiting.push(this.#gap());
    this.#waiting.push(frame());
    this.#wake();
    return true;
  }

  take(): string | undefined {
    const next = this.#waiting.shift();
    if (next !== undefined || this.#lost === 0) return next;
    return this.#gap();
  }

  get ended(): boolean {
    return this.#ended;
  }

  whenReady(callback: () => void): void {
    this.#ready = callback;
  }

  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#leave();
    this.#wake();
  }

  #gap(): string {
    const frame = droppedFrame(this.#lost);
    this.#lost = 0;
    return frame;
  }

  #wake(): void {
    const ready = this.#ready;
    this.#ready = undefined;
    ready?.();
  }
}

function requestFrame(record: RequestRecord): string {
  return `id: ${record.requestId}\nevent: request\ndata: ${JSON.stringify(summaryView(boundedRecord(record)))}\n\n`;
}

/** @param count how many events are missing here; null when nobody knows */
function droppedFrame(count: number | null): string {
  return `event: dropped\ndata: ${JSON.stringify({ count })}\n\n`;
}
