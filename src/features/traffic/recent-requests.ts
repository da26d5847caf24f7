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
