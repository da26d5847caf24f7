import type { RequestRecord } from "./request-record.ts";

/** Records that are remembered in memory at most. */
export const recentMax = 1_000;

/** The newest records of this process, shown before the store has them. */
export class RecentRequests {
  readonly #records = new Map<string, RequestRecord>();

  /** Remembers a record; the one that came first of all leaves when there are too many. */
  add(record: RequestRecord): void {
    this.#records.set(record.requestId, record);
    if (this.#records.size <= recentMax) return;
    const [oldest] = this.#records.keys();
    if (oldest !== undefined) this.#records.delete(oldest);
  }

  /** The record with this id, while it is remembered. */
  get(requestId: string): RequestRecord | undefined {
    return this.#records.get(requestId);
  }

  /** All that are remembered, in no particular order. */
  all(): readonly RequestRecord[] {
    return [...this.#records.values()];
  }
}
