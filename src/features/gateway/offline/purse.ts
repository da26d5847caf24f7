import type { Clock } from "#core/kernel/clock.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { OfflineEnd, PreparedOffline } from "./offline-call.ts";
import type { SpendingStore } from "./spending/store.ts";

/** Why a call is not paid for. `budget`: the day's is used up. `no-price`: what it would cost is not known. `store`: the database was away. */
export type UnpaidReason = "budget" | "no-price" | "store";

/** What a purse works with. */
export interface PurseParts {
  readonly store: SpendingStore;
  readonly clock: Pick<Clock, "nowMs">;
  /** Whose budget it is. */
  readonly payer: string;
  /** What may be spent in a day (UTC), pico-dollars. */
  readonly budget: number;
  readonly signal: AbortSignal;
}

/**
 * Makes off-line calls out of a day's budget: what a call will cost is taken off before it is made, and settled by what it
 * did cost. Predictions may be too low, so that a day can cost more by what calls under way cost beyond theirs.
 */
export class Purse {
  readonly #parts: PurseParts;

  constructor(parts: PurseParts) {
    this.#parts = parts;
  }

  /** Makes a call, or says why it is not made. Does not throw. */
  async spend(call: PreparedOffline): Promise<Result<OfflineEnd, UnpaidReason>> {
    const { store, payer, budget, signal } = this.#parts;
    if (call.predicted === undefined) return failed("no-price");
    const reserved = Math.round(call.predicted);
    const day = this.#day();
    try {
      if (!(await store.reserve({ payer, day, picoDollars: reserved }, budget))) return failed("budget");
    } catch {
      return failed("store");
    }
    const end = await call.run(signal);
    const difference = (end.record.cost?.picoDollars ?? 0) - reserved;
    // What cannot be settled stays spent as it was taken: the budget errs to the safe side, or by one call.
    await store.settle({ payer, day, picoDollars: difference }).catch(() => undefined);
    return ok(end);
  }

  #day(): string {
    return new Date(this.#parts.clock.nowMs()).toISOString().slice(0, 10);
  }
}
