import type { Timer } from "#core/kernel/timers.ts";
import { ProbePlan, type ProbeCandidate, type ProbePolicy } from "#core/resilience/probe-plan.ts";
import type { Lease } from "./lease.ts";
import { probeCall, type ProbeResult, type ProbeTarget, type ProbeWorld } from "./probe-call.ts";

/** How often is looked whether a probe is due, unless told otherwise, ms. */
const roundMsUsual = 1_000;
/** A lease is asked for, or kept, once in so many rounds. */
const roundsALease = 10;
/** A probe may take so long, ms. */
const probeTimeoutMs = 5_000;

/** A lease for probers should hold so long without being kept, ms: three times as long as it is kept after. */
export const proberLeaseMs = 3 * roundMsUsual * roundsALease;

/** What the prober sees of the health of deployments, and tells it. */
export interface ProbedHealth {
  /** Every deployment that may be probed, as it is now. */
  candidates(): readonly ProbeCandidate[];
  /** How a candidate is called; undefined when it is gone. */
  target(deployment: string): ProbeTarget | undefined;
  report(deployment: string, result: ProbeResult): void;
}

/** What a prober is made with. */
export interface ProberOptions extends ProbeWorld {
  readonly health: ProbedHealth;
  readonly lease: Lease;
  readonly policy?: ProbePolicy;
  /** How often is looked whether a probe is due, ms > 0. */
  readonly roundMs?: number;
  /** The lease could not be asked for, or given up; no probes until it can be. */
  readonly onLeaseError: (error: unknown) => void;
}

/**
 * Probes what real traffic tells nothing of: idle and half-open deployments, by unbilled calls, one at a time, and only
 * while this process holds the lease. Nothing waits for it: it is no part of /readyz.
 */
export class Prober {
  readonly #options: ProberOptions;
  readonly #plan: ProbePlan;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #rounds = 0;
  #isHolder = false;
  #stopped = false;

  constructor(options: ProberOptions) {
    this.#options = options;
    this.#plan = new ProbePlan(options.policy);
  }

  /** Whether this process is the one that probes. */
  get isHolder(): boolean {
    return this.#isHolder;
  }

  start(): void {
    const { timers, roundMs = roundMsUsual } = this.#options;
    this.#timer ??= timers.after(roundMs, () => {
      this.#running = this.#round().finally(() => {
        this.#running = undefined;
        if (!this.#stopped) this.#timer?.restart();
      });
    });
  }

  /** Ends it, waits for the probe under way, and gives the lease up, so that another process goes on at once. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#running;
    if (!this.#isHolder) return;
    this.#isHolder = false;
    try {
      await this.#options.lease.release();
    } catch (error) {
      this.#options.onLeaseError(error);
    }
  }

  async #round(): Promise<void> {
    if (this.#rounds++ % roundsALease === 0) this.#isHolder = await this.#hold();
    if (this.#isHolder && !this.#stopped) await this.#probeNext();
  }

  async #hold(): Promise<boolean> {
    try {
      return await this.#options.lease.hold();
    } catch (error) {
      this.#options.onLeaseError(error);
      return false;
    }
  }

  async #probeNext(): Promise<void> {
    const { health, clock } = this.#options;
    const deployment = this.#plan.next(health.candidates(), clock.monotonicMs());
    const target = deployment === undefined ? undefined : health.target(deployment);
    if (deployment === undefined || !target) return;
    health.report(deployment, await probeCall(this.#options, target, probeTimeoutMs));
  }
}
