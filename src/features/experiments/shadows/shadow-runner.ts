import type { Clock } from "#core/kernel/clock.ts";
import type { Timers } from "#core/kernel/timers.ts";
import type { ShadowTerms } from "#features/configuration/index.ts";
import type { ShadowAsk } from "#features/gateway/index.ts";
import { DropCounter } from "./drop-counter.ts";
import { heldDuel } from "./held-duel.ts";
import { isAnswered, sideOf } from "./pair-sides.ts";
import { Purse } from "./purse.ts";
import type { DropReason, ShadowPair } from "./shadow-pair.ts";
import type { ShadowStore } from "./store.ts";

/** Second answers under way at once; the others wait. */
const underWayMax = 8;
/** Requests that wait for theirs. */
const waitingMax = 100;
/** Bytes of the requests that wait. */
const waitingBytesMax = 32 * 1024 * 1024;
/** How long second answers under way may take when Signalbox stops, ms. */
const drainMsMax = 5_000;
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
  readonly #waiting: ShadowAsk[] = [];
  readonly #underWay = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #waitingBytes = 0;
  #isClosed = false;

  constructor(ports: ShadowRunnerPorts) {
    this.#ports = ports;
    this.#drops = new DropCounter(ports.store, ports.timers);
  }

  /** Takes a request. Returns at once, never throws. */
  readonly take = (ask: ShadowAsk): void => {
    if (this.#isClosed) return this.#drop(ask, "shutdown");
    if (this.#waiting.length >= waitingMax || this.#waitingBytes + ask.bytes > waitingBytesMax)
      return this.#drop(ask, "queue-full");
    this.#waiting.push(ask);
    this.#waitingBytes += ask.bytes;
    this.#next();
  };

  /** Takes no more; what waits is dropped, what is under way has some seconds. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const ask of this.#waiting.splice(0)) this.#drop(ask, "shutdown");
    const timer = this.#ports.timers.after(drainMsMax, () => this.#stopping.abort());
    await Promise.all(this.#underWay);
    timer.cancel();
    await this.#drops.flush();
  }

  #next(): void {
    while (this.#underWay.size < underWayMax) {
      const ask = this.#waiting.shift();
      if (!ask) return;
      this.#waitingBytes -= ask.bytes;
      const run = this.#attempt(ask).finally(() => {
        this.#underWay.delete(run);
        this.#next();
      });
      this.#underWay.add(run);
    }
  }

  async #attempt(ask: ShadowAsk): Promise<void> {
    try {
      await this.#run(ask);
    } catch (thrown) {
      this.#drop(ask, "not-served");
      this.#ports.onFailure(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }

  async #run(ask: ShadowAsk): Promise<void> {
    const { name, phase } = ask.choice;
    const terms = this.#ports.terms(name, phase);
    if (!terms) return this.#drop(ask, "superseded");
    const found = await this.#pair(ask, terms);
    if (typeof found === "string") return this.#drop(ask, found);
    if (!(await this.#keep(found))) this.#drop(ask, "store");
  }

  async #pair(ask: ShadowAsk, terms: ShadowTerms): Promise<ShadowPair | DropReason> {
    const { store, clock } = this.#ports;
    const { name: experiment, phase, treatment, unit } = ask.choice;
    const { signal } = this.#stopping;
    const purse = new Purse({ store, clock, experiment, budget: terms.budget, signal });
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

  async #keep(pair: ShadowPair): Promise<boolean> {
    for (let tries = 1; ; tries++) {
      try {
        await this.#ports.store.keep(pair);
        return true;
      } catch {
        if (tries === keepTriesMax || this.#stopping.signal.aborted) return false;
        await new Promise<void>((resolve) => void this.#ports.timers.after(keepPauseMs, resolve));
      }
    }
  }

  #drop({ choice: { name: experiment, phase } }: ShadowAsk, reason: DropReason): void {
    this.#drops.add({ experiment, phase, reason });
    this.#ports.onDrop({ experiment, reason });
  }
}
