import { requestTimeMs } from "#core/kernel/request-id.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { Timer, Timers } from "#core/kernel/timers.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";
import { authorMayRate, ratedRequest } from "./find-subject.ts";
import type { FeedbackStore, OldFeedbackPlace } from "./store.ts";

/** How often waiting feedback is looked at while there is any, ms. */
export const settleMs = 5_000;
/** How often it is looked at when this process knows of none: another one may have ended and left some, ms. */
export const idleMs = 10 * 60_000;
/**
 * How long after its beginning a request is waited for, ms: one under the longest deadline (an hour) that feedback was
 * given on just before it became too old to be taken as running, and then the way into the log.
 */
export const patienceMs = 90 * 60_000;
/** Feedback read at once. */
const batchMax = 200;
/** Old feedback looked at at once. */
const oldMax = 5_000;

/** What settling works with. */
export interface WaitingParts {
  readonly store: Pick<FeedbackStore, "pending" | "join" | "expire" | "deleteOld">;
  readonly request: (id: string) => Promise<RequestRecord | undefined>;
  readonly clock: Pick<Clock, "nowMs">;
  readonly timers: Timers;
  /** How long feedback is kept since its last revision, ms, unless an experiment has its unit. */
  readonly retentionMs: () => number;
  /** Told of the first of several failures in a row; the next look tries again. */
  readonly onEvent: (event: { readonly kind: "feedback-unsettled"; readonly error: Error }) => void;
}

/** Joins feedback that came before its request was known, gives up what waits in vain, deletes what is old. */
export class WaitingFeedback {
  readonly #parts: WaitingParts;
  #timer: Timer | undefined;
  #looking: Promise<void> = Promise.resolve();
  #closed = false;
  #failing = false;
  #oldPlace: OldFeedbackPlace | undefined;
  #oldDueMs = 0;

  constructor(parts: WaitingParts) {
    this.#parts = parts;
    this.#wait(settleMs);
  }

  /** Feedback was kept that waits: the next look is soon. */
  added(): void {
    this.#wait(settleMs);
  }

  /** Stops, when the look under way is over. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#looking;
  }

  #wait(delayMs: number): void {
    if (this.#closed) return;
    this.#timer?.cancel();
    this.#timer = this.#parts.timers.after(delayMs, () => {
      this.#looking = this.#look();
    });
  }

  async #look(): Promise<void> {
    try {
      const left = await this.#settle();
      const isMore = await this.#deleteOld();
      this.#failing = false;
      this.#wait(left > 0 || isMore ? settleMs : idleMs);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (!this.#failing) this.#parts.onEvent({ kind: "feedback-unsettled", error });
      this.#failing = true;
      this.#wait(settleMs);
    }
  }

  /** Goes on where it ended; from the start when it came to the end. Answers whether more is to go, and soon. */
  async #deleteOld(): Promise<boolean> {
    const { store, clock, retentionMs } = this.#parts;
    const nowMs = clock.nowMs();
    if (nowMs < this.#oldDueMs) return false;
    const { deleted, next } = await store.deleteOld({
      beforeMs: nowMs - retentionMs(),
      limit: oldMax,
      ...(this.#oldPlace && { after: this.#oldPlace }),
    });
    this.#oldPlace = next;
    const isMore = deleted > 0 && next !== undefined;
    // What stays for an experiment is no reason for haste.
    this.#oldDueMs = isMore ? nowMs : nowMs + idleMs;
    return isMore;
  }

  /** Looks at each once; answers how many go on waiting. */
  async #settle(): Promise<number> {
    const { store, request, clock } = this.#parts;
    let left = 0;
    let after: string | undefined;
    for (;;) {
      const batch = await store.pending({ limit: batchMax, ...(after !== undefined && { after }) });
      for (const { id, subject, author } of batch) {
        const record = await request(subject.id);
        const ageMs = clock.nowMs() - (requestTimeMs(subject.id) ?? 0);
        if (record && authorMayRate(author, record.keyId)) await store.join(id, ratedRequest(record));
        else if (record) await store.expire(id, "the request was made with another API key");
        else if (ageMs > patienceMs) await store.expire(id, "no such request came");
        else left += 1;
      }
      after = batch.at(-1)?.id;
      if (batch.length < batchMax || this.#closed) return left;
    }
  }
}
