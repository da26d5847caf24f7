import type { Timer } from "#core/kernel/timers.ts";
import { deliver } from "./deliver.ts";
import { deliveryDelayMs, triedMsMax } from "./delivery-delay.ts";
import type { Notification, Settlement } from "./notification.ts";
import { changeMessage } from "./notification-body.ts";
import { toldOf, type NotifierOptions } from "./notifier-ports.ts";
import { VerdictWatch } from "./verdict-watch.ts";

/** How often is looked whether something is to be told, ms. */
const roundMsUsual = 5_000;
/** The lease should hold so long without being kept, ms: longer than what is done between two times. */
export const notifierLeaseMs = 60_000;
/** Changes that messages are made of in one round, at most. */
const changesMax = 100;
/** Looks at verdicts in one round, at most. */
const looksMax = 10;
/** Messages that one address gets in one round, at most, and the time after which none more is begun, ms. */
const messagesMax = 20;
const deliveringMsMax = 30_000;
/** How long messages that were taken or given up are shown, ms. */
const shownMs = 30 * 24 * 3_600_000;

/**
 * Tells addresses what becomes of experiments: changes of their state, and verdicts that changed. One process at a time does it, by
 * a lease. What is told is written before it is sent, and sent until it is taken: at least once, in order, each address by itself.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #watch: VerdictWatch;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #isHolder = false;
  #stopped = false;
  /** Whether it is known that nobody is told, so that nothing is asked of the database. */
  #isIdle = false;
  /** So that an outage is told once. */
  #isFailing = false;

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#watch = new VerdictWatch(options);
  }

  start(): void {
    const { timers, roundMs = roundMsUsual } = this.#options;
    const round = (): void => {
      // A first one that takes long is still under way when the timer comes.
      this.#running ??= this.#round().finally(() => {
        this.#running = undefined;
        if (!this.#stopped) this.#timer?.restart();
      });
    };
    this.#timer ??= timers.after(roundMs, round);
    // The first one at once: who is told is told of what comes from now on.
    round();
  }

  /** Ends it, waits for what is under way, and gives the lease up, so that another process goes on at once. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#running;
    if (!this.#isHolder) return;
    this.#isHolder = false;
    await this.#telling(() => this.#options.lease.release());
  }

  #round(): Promise<void> {
    return this.#telling(async () => {
      if (this.#options.addressees().size === 0) return this.#rest();
      this.#isIdle = false;
      if (!(await this.#holds())) return;
      await this.#tellChanges();
      for (let looks = 0; looks < looksMax && (await this.#watch.lookAtNext()); looks++)
        if (!(await this.#holds())) return;
      await this.#deliverAll();
    });
  }

  /** Who is told later is not told what was before, and what waits for nobody is given up. */
  async #rest(): Promise<void> {
    if (this.#isIdle) return;
    await this.#options.store.forgetCursor();
    await this.#deliverAll();
    this.#isIdle = true;
  }

  /** A round that fails is told, and tried again: what was to be told is still there. */
  async #telling(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#isFailing = false;
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (!this.#isFailing) this.#options.onEvent({ kind: "notifications-failed", error });
      this.#isFailing = true;
    }
  }

  async #holds(): Promise<boolean> {
    this.#isHolder = !this.#stopped && (await this.#options.lease.hold());
    return this.#isHolder;
  }

  async #tellChanges(): Promise<void> {
    const { store, service, addressees } = this.#options;
    const cursor = await store.cursor();
    if (cursor === undefined) return store.keepChanges(await store.newestChange(), []);
    const { epoch: seen, statuses } = service.view();
    // What this process has not heard of yet waits for the next round: of a decision it does not know the winner.
    const changes = (await store.changesAfter(cursor, changesMax)).filter(({ epoch }) => epoch <= seen);
    const newest = changes.at(-1);
    if (!newest) return;
    const verdicts = await store.verdicts();
    const messages = changes.flatMap((change) =>
      toldOf(addressees(), change.experiment).map((target) =>
        changeMessage(target, change, {
          verdict: verdicts.get(change.experiment),
          winner: statuses.get(change.experiment)?.winner,
        }),
      ),
    );
    await store.keepChanges(newest.epoch, messages);
  }

  /** To each address by itself, so that one that does not answer holds up no other. */
  async #deliverAll(): Promise<void> {
    const { addressees, store, clock } = this.#options;
    const targets = new Set([...addressees().keys(), ...(await store.waitingTargets())]);
    const untilMs = clock.monotonicMs() + deliveringMsMax;
    await Promise.all([...targets].map((target) => this.#deliverTo(target, untilMs)));
  }

  /** In order: one that is not taken holds up those behind it, so that nobody hears of an end before its start. */
  async #deliverTo(name: string, untilMs: number): Promise<void> {
    const { store, clock } = this.#options;
    await store.tidy(name, clock.nowMs() - shownMs);
    for (const message of await store.waiting(name, messagesMax)) {
      const isDue = message.atMs <= clock.nowMs() && clock.monotonicMs() < untilMs;
      if (this.#stopped || !isDue) return;
      const settlement = await this.#sent(message);
      await store.settle(message, settlement);
      // An address that answers nothing is asked once in a round.
      if (settlement.state !== "delivered" && settlement.attempts > message.attempts) return;
    }
  }

  async #sent(message: Notification): Promise<Settlement> {
    const { addressees, clock, random, onEvent } = this.#options;
    const addressee = addressees().get(message.target);
    const attempts = message.attempts + 1;
    const nowMs = clock.nowMs();
    if (!addressee) {
      const failure = "the configuration has no such address any more";
      return { state: "given-up", attempts: message.attempts, atMs: nowMs, failure };
    }
    const delivery = await deliver(this.#options, message, { ...addressee, nowMs });
    const atMs = clock.nowMs();
    if (delivery.outcome === "taken") return { state: "delivered", attempts, atMs };
    const { target, id, experiment } = message;
    const { reason: failure } = delivery;
    const isLast = delivery.outcome === "gone" || atMs - message.madeAtMs >= triedMsMax;
    onEvent({ kind: "notification-not-taken", target, id, experiment, attempts, failure, isLast });
    if (isLast) return { state: "given-up", attempts, atMs, failure };
    return { state: "waiting", attempts, atMs: atMs + deliveryDelayMs(attempts, random.unit()), failure };
  }
}
