import type { Timer } from "#core/kernel/timers.ts";
import {
  attemptOf,
  type Attempt,
  type AttemptContext,
  type AttemptEnd,
  type AttemptPlan,
} from "#features/gateway/attempt.ts";

/** A second attempt beside a first one that is slow. */
export interface Hedge {
  /** How long the first may be alone without content, ms. */
  readonly delayMs: number;
  /** Finds the second and pays for it; undefined when there is nobody, or the budget of hedges is spent. */
  readonly second: () => AttemptPlan | undefined;
}

/** How a race went. */
export interface RaceEnd {
  /** The attempt that counts: the one that answered, else the last that failed. */
  readonly winner: AttemptEnd;
  /** Every attempt that was made, in the order of their numbers. */
  readonly attempts: readonly AttemptEnd[];
}

/**
 * Makes an attempt; where hedging allows it and the first brings nothing in time, also a second beside it. The first that
 * has something for the client wins: the other is aborted at that moment, before it can send anything.
 */
export function race(
  context: AttemptContext,
  first: AttemptPlan,
  hedge: Hedge | undefined,
): Promise<RaceEnd> {
  return new Promise((resolve) => {
    if (hedge) new Race(context, hedge, resolve).start(first);
    else attemptOf(context, first, (end) => resolve({ winner: end, attempts: [end] })).begin();
  });
}

class Race {
  readonly #context: AttemptContext;
  readonly #resolve: (end: RaceEnd) => void;
  readonly #timer: Timer;
  #running: readonly Attempt[] = [];
  #ended: readonly AttemptEnd[] = [];
  /** Set by the first that has something for the client. */
  #winner: AttemptPlan | undefined;

  constructor(context: AttemptContext, hedge: Hedge, resolve: (end: RaceEnd) => void) {
    this.#context = context;
    this.#resolve = resolve;
    this.#timer = context.world.timers.after(hedge.delayMs, () => {
      const second = hedge.second();
      if (second) this.start(second);
    });
  }

  start(plan: AttemptPlan): void {
    plan.prepared.whenCommitted?.(() => this.#won(plan));
    const attempt = attemptOf(this.#context, plan, (end) => this.#over(end));
    this.#running = [...this.#running, attempt];
    attempt.begin();
  }

  #won(plan: AttemptPlan): void {
    if (this.#winner) return;
    this.#winner = plan;
    this.#timer.cancel();
    for (const attempt of this.#running) if (attempt.plan !== plan) attempt.abort();
  }

  #over(end: AttemptEnd): void {
    this.#running = this.#running.filter(({ plan }) => plan !== end.plan);
    this.#ended = [...this.#ended, end];
    if (end.sent) this.#won(end.plan);
    if (this.#running.length > 0) return;
    this.#timer.cancel();
    const winner = this.#ended.find(({ plan }) => plan === this.#winner) ?? end;
    const attempts = this.#ended.toSorted((one, other) => one.plan.number - other.plan.number);
    this.#resolve({ winner, attempts });
  }
}
