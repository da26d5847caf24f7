import type { Candidate } from "#core/balancing/candidate.ts";
import { pick } from "#core/balancing/pick.ts";
import type { Filled } from "#core/kernel/filled.ts";
import type { Random } from "#core/kernel/random.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { hedgeDelayMs } from "#core/resilience/hedge.ts";
import { pauseBeforeAgainMs, reactionTo } from "#core/resilience/reactions.ts";
import type {
  AttemptWatch,
  Balancer,
  Choice,
  ClimbSoFar,
  HedgeQuestion,
} from "#features/gateway/balancer.ts";
import type { Rung } from "#features/gateway/rung.ts";
import { HealthWatch } from "./health-watch.ts";
import { RouteBudgets } from "./route-budgets.ts";

/** What the balancer works with. */
export interface HealthBalancerParts {
  /** ms since 1970, by a clock that does not step back. */
  readonly nowMs: () => number;
  readonly random: Pick<Random, "unit">;
}

/** Attempts for one request at most, the first included. */
export const attemptsMax = 3;
/** Longest wait for a deployment to come back where the request itself has no bound, ms. */
const waitMsMax = 10_000;
/** Requests that may wait for a deployment at once: more are told to come again. */
const waitingMax = 1_000;

/**
 * Chooses by how the deployments are at that moment: of the first stage that has any available, the better of two. When
 * none has, the one that failed last may be asked once more, or the one that is back first is waited for, if that is
 * within the request's time.
 */
export class HealthBalancer implements Balancer {
  readonly #parts: HealthBalancerParts;
  readonly #budgets = new RouteBudgets();
  /** Filled and read within one choice, so that nothing is made for it. */
  readonly #candidates: Filled<Candidate>[] = [];
  readonly #rungs: Rung[] = [];
  #waiting = 0;

  constructor(parts: HealthBalancerParts) {
    this.#parts = parts;
  }

  entered(route: string): void {
    const nowMs = this.#parts.nowMs();
    const { retry, hedge } = this.#budgets.of(route);
    retry.deposit(nowMs);
    hedge.deposit(nowMs);
  }

  next(climb: ClimbSoFar): Choice {
    const { failure, attempts, route, tried } = climb;
    const nowMs = this.#parts.nowMs();
    if (failure === undefined) return this.#choose(climb, { nowMs });
    const { elsewhere } = reactionTo(failure);
    if (elsewhere === "nobody" || attempts >= attemptsMax) return { kind: "none" };
    const exceptModel = elsewhere === "other-model" ? tried.at(-1)?.model.id : undefined;
    const choice = this.#choose(climb, { nowMs, exceptModel });
    if (choice.kind !== "ask" || this.#budgets.of(route).retry.tryWithdraw(nowMs)) return choice;
    return { kind: "none" };
  }

  began(rung: Rung, stream: boolean): AttemptWatch {
    return new HealthWatch(rung.health, stream, this.#parts);
  }

  againInMs(failure: UpstreamFailure): number | undefined {
    const { again } = reactionTo(failure);
    if (again === "never") return undefined;
    // One that told when it is back has a cooldown until then.
    return again === "once" ? pauseBeforeAgainMs(this.#parts.random.unit()) : 0;
  }

  hedgeDelayMs({ rung, stream, leftMs }: HedgeQuestion): number | undefined {
    const p95Ms = rung.health.contentMs(0.95, stream, this.#parts.nowMs());
    return hedgeDelayMs({ optedIn: true, hasSideEffects: false, hasContent: false, p95Ms, leftMs });
  }

  payHedge(route: string): boolean {
    const nowMs = this.#parts.nowMs();
    return this.#budgets.of(route).hedge.tryWithdraw(0, nowMs);
  }

  wait(): (() => void) | undefined {
    if (this.#waiting >= waitingMax) return undefined;
    this.#waiting += 1;
    return () => void (this.#waiting -= 1);
  }

  #choose(
    climb: ClimbSoFar,
    { nowMs, exceptModel }: { readonly nowMs: number; readonly exceptModel?: string | undefined },
  ): Choice {
    const { stages, stream, tried } = climb;
    let backAtMs = Number.POSITIVE_INFINITY;
    for (const stage of stages) {
      this.#begin();
      for (const rung of stage)
        if (rung.model.id !== exceptModel && !isTried(rung, tried)) this.#add(rung, stream, nowMs);
      const chosen = this.#pick(nowMs);
      if (typeof chosen === "object") return { kind: "ask", rung: chosen };
      backAtMs = Math.min(backAtMs, chosen);
    }
    if (climb.again && climb.again.rung.model.id !== exceptModel) {
      this.#begin();
      this.#add(climb.again.rung, stream, nowMs, nowMs + climb.again.inMs);
      const chosen = this.#pick(nowMs);
      if (typeof chosen === "object") return { kind: "ask", rung: chosen };
      backAtMs = Math.min(backAtMs, chosen);
    }
    return waitOrNone(backAtMs - nowMs, climb.leftMs);
  }

  #begin(): void {
    this.#rungs.length = 0;
    this.#candidates.length = 0;
  }

  #add(rung: Rung, stream: boolean, nowMs: number, notBeforeMs = 0): void {
    const candidate: Filled<Candidate> = {
      weight: rung.weight,
      share: 1,
      costMs: undefined,
      inFlight: 0,
      state: "ready",
      availableAtMs: 0,
    };
    rung.health.fill(candidate, stream, nowMs);
    if (candidate.availableAtMs < notBeforeMs) candidate.availableAtMs = notBeforeMs;
    this.#candidates.push(candidate);
    this.#rungs.push(rung);
  }

  /** @returns whom to ask, or when the first of them is back, ms since 1970 */
  #pick(nowMs: number): Rung | number {
    const candidates = this.#candidates;
    if (candidates.length === 0) return Number.POSITIVE_INFINITY;
    const { random } = this.#parts;
    const draws: [number, number] = candidates.length === 1 ? [0, 0] : [random.unit(), random.unit()];
    const chosen = pick(candidates, { nowMs, draws, waitMsMax: 0 });
    if (chosen.kind === "none") return chosen.retryAtMs ?? Number.POSITIVE_INFINITY;
    return (chosen.kind === "go" ? this.#rungs[chosen.index] : undefined) ?? Number.POSITIVE_INFINITY;
  }
}

function isTried({ deployment }: Rung, tried: readonly Rung[]): boolean {
  return tried.some((rung) => rung.deployment === deployment);
}

function waitOrNone(waitMs: number, leftMs = waitMsMax): Choice {
  if (waitMs === Number.POSITIVE_INFINITY) return { kind: "none" };
  return waitMs < leftMs ? { kind: "wait", waitMs } : { kind: "none", retryAfterMs: waitMs };
}
