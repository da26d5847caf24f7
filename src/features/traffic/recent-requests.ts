import type { RequestRecord } from "./request-record.ts";

/** Records that are remembered in memory at most. */
export const recentMax = 1_000;

/** The newest records of this process, shown before the store has them. */
export class RecentRequests {
  readonly #records = new Map<string, RequestRecord>();
  /** Ids in the order in which they came, over and over from the beginning: the next place has the oldest. */
  readonly #ids: string[] = [];
  #next = 0;

  /** Remembers a record; the one that came first of all leaves when there are too many. */
  add(record: RequestRecord): void {
    const { requestId } = record;
    const isKnown = this.#records.has(requestId);
    this.#records.set(requestId, record);
    if (isKnown) return;
    const oldest = this.#ids[this.#next];
    // The first key of a map with many deleted ones before it would have to be searched for.
    if (oldest !== undefined) this.#records.delete(oldest);
    this.#ids[this.#next] = requestId;
    this.#next = (this.#next + 1) % recentMax;
  }

  /** The record with this id, while it is remembered. */
  get(requestId: string): RequestRecord | undefined {
    return this.#records.get(requestId);
  }

  /** Those that came after the one with this id, in the order in which they came; `undefined` when it is not remembered. */
  since(requestId: string): readonly RequestRecord[] | undefined {
    if (!this.#records.has(requestId)) return undefined;
    const records = this.all();
    return records.slice(records.findIndex((record) => record.requestId === requestId) + 1);
  }

  /** All that are remembered, in the order in which they came. */
  all(): readonly RequestRecord[] {
    return [...this.#records.values()];
  }
}
