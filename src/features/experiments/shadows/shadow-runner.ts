import type { Clock } from "#core/kernel/clock.ts";
import type { Timers } from "#core/kernel/timers.ts";
import type { ShadowTerms } from "#features/configuration/index.ts";
import { OfflineQueue, Purse, type ShadowAsk } from "#features/gateway/index.ts";
import { DropCounter } from "./drop-counter.ts";
import { heldDuel } from "./held-duel.ts";
import { isAnswered, sideOf } from "./pair-sides.ts";
import type { DropReason, ShadowPair } from "./shadow-pair.ts";
import type { ShadowStore } from "./store.ts";

/** How often a pair is tried to be kept, and how long each pause between is, ms. */
const keepTriesMax = 5;
const keepPauseMs = 1_000;

/** What a runner works with. */
export interface ShadowRunnerPorts {
  readonly store: Pick<ShadowStore, "reserve" | "settle" | "keep" | "drop">;
  /** On which terms a phase of an experiment answers once more now; undefined where it is over. */
  readonly terms: (experiment: string, phase: number) => ShadowTerms | undefined;
  readonly clock: Pick<Clock, "nowMs">;
  readonly timers: Timers;
  /** Hears of each request that is not compared. Does not throw. */
  readonly onDrop: (drop: { readonly experiment: string; readonly reason: DropReason }) => void;
  /** Hears of mistakes of our own. */
  readonly onFailure: (error: Error) => void;
}

/**
 * Has requests answered once more after their clients were, some at a time, within bounds and a budget, and keeps the pairs.
 * Whatever is not done is counted with its reason: nothing that was taken is lost without a word.
 */
export class ShadowRunner {
  readonly #ports: ShadowRunnerPorts;
  readonly #drops: DropCounter;
  readonly #queue: OfflineQueue<ShadowAsk>;

  constructor(ports: ShadowRunnerPorts) {
    this.#ports = ports;
    this.#drops = new DropCounter(ports.store, ports.timers);
    this.#queue = new OfflineQueue({
      timers: ports.timers,
      run: (ask, signal) => this.#run(ask, signal),
      onDrop: (ask, reason) => this.#drop(ask, reason),
      onFailure: (ask, error) => {
        this.#drop(ask, "not-served");
        ports.onFailure(error);
      },
    });
  }

  /** Takes a request. Returns at once, never throws. */
  readonly take = (ask: ShadowAsk): void => this.#queue.take(ask);

  /** Takes no more; what waits is dropped, what is under way has some seconds. Never rejects. */
  async close(): Promise<void> {
    await this.#queue.close();
    await this.#drops.flush();
  }

  async #run(ask: ShadowAsk, signal: AbortSignal): Promise<void> {
    const { name, phase } = ask.choice;
    const terms = this.#ports.terms(name, phase);
    if (!terms) return this.#drop(ask, "superseded");
    const found = await this.#pair(ask, { terms, signal });
    if (typeof found === "string") return this.#drop(ask, found);
    if (!(await this.#keep(found, signal))) this.#drop(ask, "store");
  }

  async #pair(
    ask: ShadowAsk,
    { terms, signal }: { readonly terms: ShadowTerms; readonly signal: AbortSignal },
  ): Promise<ShadowPair | DropReason> {
    const { store, clock } = this.#ports;
    const { name: experiment, phase, treatment, unit } = ask.choice;
    const purse = new Purse({ store, clock, payer: experiment, budget: terms.budget, signal });
    const prepared = ask.shadow();
    if (!prepared.ok) return "not-served";
    const spent = await purse.spend(prepared.value);
    if (!spent.ok) return spent.error;
    const { record, response } = spent.value;
    if (record.outcome === "aborted") return "shutdown";
    // Nobody was asked: what is left of deployments is for clients.
    if (record.attempts.length === 0) return "not-served";
    const answers = isAnswered(ask.record) &&
      isAnswered(record) && { control: ask.response, treatment: response };
    const duel = terms.judge && (await heldDuel({ ask, judge: terms.judge, purse, answers: answers || {} }));
    return {
      experiment,
      phase,
      requestId: ask.record.requestId,
      shadowId: record.requestId,
      atMs: record.startedAtMs,
      variant: treatment,
      unit: ask.unit,
      stable: unit.stable,
      control: sideOf(ask.record),
      treatment: sideOf(record),
      ...(duel && { duel }),
    };
  }

  async #keep(pair: ShadowPair, signal: AbortSignal): Promise<boolean> {
    for (let tries = 1; ; tries++) {
      try {
        await this.#ports.store.keep(pair);
        return true;
      } catch {
        if (tries === keepTriesMax || signal.aborted) return false;
        await new Promise<void>((resolve) => void this.#ports.timers.after(keepPauseMs, resolve));
      }
    }
  }

  #drop({ choice: { name: experiment, phase } }: ShadowAsk, reason: DropReason): void {
    this.#drops.add({ experiment, phase, reason });
    this.#ports.onDrop({ experiment, reason });
  }
}
