import { readRecord, recordEntry } from "./log-entry.ts";
import type { RequestRecord } from "./request-record.ts";

/** Records that are remembered in memory at most. */
export const recentMax = 1_000;

/**
 * The newest records of this process, shown before the store has them. Kept as the texts that the log gets, too: a
 * thousand records as objects are ten thousand things that the garbage collector moves about, and few are ever asked for.
 */
export class RecentRequests {
  /** Ids and entries by their places, which are filled over and over: the next one has the oldest. */
  readonly #ids: string[] = [];
  readonly #entries: string[] = [];
  #next = 0;
  readonly #settle: () => void;

  /** @param settle called before each look, so that what is on its way here is seen, too */
  constructor(settle: () => void = () => undefined) {
    this.#settle = settle;
  }

  /**
   * Remembers a record, whose id no other has; the one that came first of all leaves when there are too many.
   * @param entry the record as an entry of the log, where that is made already
   */
  add(record: RequestRecord, entry: string = recordEntry(record)): void {
    this.#ids[this.#next] = record.requestId;
    this.#entries[this.#next] = entry;
    this.#next = (this.#next + 1) % recentMax;
  }

  /** The record with this id, while it is remembered. */
  get(requestId: string): RequestRecord | undefined {
    this.#settle();
    const entry = this.#entries[this.#ids.indexOf(requestId)];
    return entry === undefined ? undefined : readRecord(entry);
  }

  /** Those that came after the one with this id, in the order in which they came; `undefined` when it is not remembered. */
  since(requestId: string): readonly RequestRecord[] | undefined {
    this.#settle();
    const at = this.#inOrder(this.#ids).indexOf(requestId);
    return at === -1
      ? undefined
      : this.#inOrder(this.#entries)
          .slice(at + 1)
          .map(readRecord);
  }

  /** All that are remembered, in the order in which they came. */
  all(): readonly RequestRecord[] {
    this.#settle();
    return this.#inOrder(this.#entries).map(readRecord);
  }

  /** Those of them whose text holds another: cheaper than to read each. */
  holding(text: string): readonly RequestRecord[] {
    this.#settle();
    return this.#inOrder(this.#entries)
      .filter((entry) => entry.includes(text))
      .map(readRecord);
  }

  #inOrder(places: readonly string[]): readonly string[] {
    return [...places.slice(this.#next), ...places.slice(0, this.#next)];
  }
}
