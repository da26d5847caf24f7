import type { Candidate } from "#core/balancing/candidate.ts";
import { requestWork } from "#core/balancing/deployment-load.ts";
import { pick, type ForcedChoice, type PickReason } from "#core/balancing/pick.ts";
import type { Filled } from "#core/kernel/filled.ts";
import type { Random } from "#core/kernel/random.ts";
import type { Timers } from "#core/kernel/timers.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { busyWaitMs } from "#core/resilience/deployment-health.ts";
import { hedgeDelayMs } from "#core/resilience/hedge.ts";
import { pauseBeforeAgainMs, reactionTo, reactionToBlock } from "#core/resilience/reactions.ts";
import { WaitingRoom } from "#core/resilience/waiting-room.ts";
import { fallbackCauseOf, fallsBackTo, type RouteHedge } from "#core/routing/route-resilience.ts";
import type {
  AttemptWatch,
  BalancedRequest,
  Balancer,
  Choice,
  ClimbSoFar,
  HedgeQuestion,
  Seat,
} from "#features/gateway/balancer.ts";
import { keptAt } from "#features/gateway/affinity/kept-at.ts";
import type { Rung } from "#features/gateway/rung.ts";
import { HealthWatch, type WatchWorld } from "./health-watch.ts";
import { RouteBudgets } from "./route-budgets.ts";

/** What the balancer works with. */
export interface HealthBalancerParts {
  /** ms since 1970, by a clock that does not step back. */
  readonly nowMs: () => number;
  readonly random: Pick<Random, "unit">;
  readonly timers: Timers;
  /** Whether a person, or what checks new ones, holds a deployment back at this moment. */
  readonly isHeldBack: (deployment: string) => boolean;
}

/** A request that waits. */
interface Waiting {
  readonly seat: Seat;
  readonly end: (how: "turn" | "shed") => void;
}

/** A place that is free, and who has been told of it. */
interface Turn {
  readonly deployment: string;
  readonly told: readonly Seat[];
}

/** Most that are told of one place, each because the one before could not take it: it may be too small for a large request. */
const toldMax = 4;

/** Longest wait for a deployment to come back where the client did not say how long it waits, ms. */
const waitMsMax = 10_000;

/** Who has no more time than this is refused, ms. */
const lastLookMs = 1;

/**
 * Chooses by how the deployments are at that moment: of the first stage that has any available, the better of two. When
 * none has, the one that failed last may be asked once more, or the one that is back first is waited for, if that is
 * within the request's time.
 */
export class HealthBalancer implements Balancer {
  readonly #parts: HealthBalancerParts;
  readonly #watchWorld: WatchWorld;
  readonly #budgets = new RouteBudgets();
  /** Filled and read within one choice, so that nothing is made for it. */
  readonly #candidates: Filled<Candidate>[] = [];
  /** Every candidate ever made: as many as the largest stage has. */
  readonly #made: Filled<Candidate>[] = [];
  readonly #rungs: Rung[] = [];
  readonly #room = new WaitingRoom<Waiting>();
  /** Those who were told of a place and have not been back since. */
  readonly #turns = new WeakMap<Seat, Turn>();
  /** Why the last one that was picked is none to be asked as a rule. */
  #why: ForcedChoice | undefined;

  constructor(parts: HealthBalancerParts) {
    this.#parts = parts;
    this.#watchWorld = { ...parts, onEnded: (deployment) => this.#tell({ deployment, told: [] }) };
  }

  entered(route: string, hedged: RouteHedge | undefined): void {
    const nowMs = this.#parts.nowMs();
    const { retry, hedge } = this.#budgets.entered(route, hedged);
    retry.deposit(nowMs);
    hedge.deposit(nowMs);
  }

  next(climb: ClimbSoFar): Choice {
    const { failure, isBlocked, attempts, attemptsMax, route } = climb;
    const nowMs = this.#parts.nowMs();
    if (failure === undefined && !isBlocked) return this.#choose(climb, nowMs);
    const { elsewhere } = failure ? reactionTo(failure) : reactionToBlock(true);
    if (elsewhere === "nobody" || attempts >= attemptsMax) return { kind: "none" };
    const choice = this.#choose(climb, nowMs);
    if (choice.kind !== "ask" || this.#budgets.of(route).retry.tryWithdraw(nowMs)) return choice;
    return { kind: "none" };
  }

  began(rung: Rung, request: BalancedRequest): AttemptWatch {
    return new HealthWatch(rung, request, this.#watchWorld);
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

  payHedge(route: string, costMax: number): boolean {
    const nowMs = this.#parts.nowMs();
    const { hedge, retry } = this.#budgets.of(route);
    if (!hedge.tryWithdraw(costMax, nowMs)) return false;
    if (retry.tryWithdraw(nowMs)) return true;
    hedge.giveBack(costMax, nowMs);
    return false;
  }

  hedgeEnded(route: string, rest: number): void {
    this.#budgets.of(route).hedge.giveBack(rest, this.#parts.nowMs());
  }

  wait(waitMs: number, seat: Seat, over: (how: "turn" | "shed") => void): () => void {
    const end = (how: "turn" | "shed"): void => {
      leave();
      over(how);
    };
    const waiting: Waiting = { seat, end };
    const timer = this.#parts.timers.after(waitMs, () => end("turn"));
    const leave = (): void => {
      timer.cancel();
      this.#room.leave(waiting);
    };
    const turn = this.#turns.get(seat);
    this.#turns.delete(seat);
    this.#room.enter(seat.priority, waiting, seat.sinceMs)?.end("shed");
    // It could not take the place that it was told of.
    if (turn && turn.told.length < toldMax) this.#tell(turn);
    return leave;
  }

  /** An attempt has ended somewhere: there may be room for one of those who wait for that. */
  #tell({ deployment, told }: Turn): void {
    if (this.#room.size === 0) return;
    const next = this.#room.next(({ seat }) => seat.fits(deployment) && !told.includes(seat));
    if (!next) return;
    this.#turns.set(next.seat, { deployment, told: [...told, next.seat] });
    next.end("turn");
  }

  #choose(climb: ClimbSoFar, nowMs: number): Choice {
    const { stages, tried, again } = climb;
    const work = requestWork(climb.promptTokens);
    let backAtMs = Number.POSITIVE_INFINITY;
    for (const stage of stages) {
      if (!isAskedFor(stage, climb)) continue;
      this.#begin();
      for (const rung of stage)
        if (!isTried(rung, tried) && this.#mayAsk(rung, climb)) this.#add(rung, climb, nowMs);
      const chosen = this.#pick(nowMs, work);
      if (typeof chosen === "object") {
        const kept = this.#kept(chosen, climb, nowMs, work);
        return kept ? asking(kept, undefined) : asking(chosen, this.#why);
      }
      backAtMs = Math.min(backAtMs, chosen);
    }
    if (again && this.#mayAsk(again.rung, climb)) {
      this.#begin();
      this.#add(again.rung, climb, nowMs, nowMs + again.inMs);
      const chosen = this.#pick(nowMs, work);
      if (typeof chosen === "object") return asking(chosen, this.#why);
      backAtMs = Math.min(backAtMs, chosen);
    }
    return waitOrNone(backAtMs - nowMs, climb);
  }

  /** Where its conversation keeps a request, rather than at the chosen rung of this stage. */
  #kept(rung: Rung, climb: ClimbSoFar, nowMs: number, work: number): Rung | undefined {
    const { home, attempts, promptTokens } = climb;
    if (!home || attempts > 0) return undefined;
    const chosen = { rungs: this.#rungs, candidates: this.#candidates, rung };
    return keptAt(home, chosen, { nowMs, promptTokens, work });
  }

  #mayAsk(rung: Rung, { unableModels, costCap }: ClimbSoFar): boolean {
    const { model, deployment } = rung;
    if (unableModels.includes(model.id) || this.#parts.isHeldBack(deployment)) return false;
    return costCap === undefined || costCap.affords(rung);
  }

  #begin(): void {
    this.#rungs.length = 0;
    this.#candidates.length = 0;
  }

  #add(rung: Rung, request: BalancedRequest, nowMs: number, notBeforeMs = 0): void {
    const candidate = (this.#made[this.#rungs.length] ??= blankCandidate());
    candidate.weight = rung.weight;
    rung.health.showTo(candidate, request, { nowMs, chance: this.#parts.random.unit() });
    if (candidate.availableAtMs < notBeforeMs) candidate.availableAtMs = notBeforeMs;
    this.#candidates.push(candidate);
    this.#rungs.push(rung);
  }

  /** @returns whom to ask, or when the first of them is back, ms since 1970 */
  #pick(nowMs: number, work: number): Rung | number {
    const candidates = this.#candidates;
    if (candidates.length === 0) return Number.POSITIVE_INFINITY;
    const { random } = this.#parts;
    const draws: [number, number] = candidates.length === 1 ? [0, 0] : [random.unit(), random.unit()];
    const chosen = pick(candidates, { nowMs, draws, waitMsMax: 0, work });
    if (chosen.kind === "none") return chosen.retryAtMs ?? Number.POSITIVE_INFINITY;
    this.#why = chosen.kind === "go" ? forcedOf(chosen.why) : undefined;
    return (chosen.kind === "go" ? this.#rungs[chosen.index] : undefined) ?? Number.POSITIVE_INFINITY;
  }
}

function asking(rung: Rung, why: ForcedChoice | undefined): Choice {
  return why === undefined ? { kind: "ask", rung } : { kind: "ask", rung, why };
}

function forcedOf(why: PickReason): ForcedChoice | undefined {
  return why === "balanced" || why === "only" ? undefined : why;
}

function blankCandidate(): Filled<Candidate> {
  return { weight: 1, share: 1, costMs: undefined, inFlight: 0, state: "ready", availableAtMs: 0 };
}

/** Whether a stage is the chosen variant's, or a fallback for what went wrong. */
function isAskedFor([first]: readonly Rung[], climb: ClimbSoFar): boolean {
  const { variant, failure, isBlocked, fallbackCauses, costCap } = climb;
  if (!first) return false;
  if (first.variant === variant) return true;
  if (costCap?.leftOut === true && fallsBackTo(first.variant, "budget", fallbackCauses)) return true;
  const cause = isBlocked ? "blocked" : failure && fallbackCauseOf(failure.kind);
  return fallsBackTo(first.variant, cause, fallbackCauses);
}

function isTried({ deployment }: Rung, tried: readonly Rung[]): boolean {
  return tried.some((rung) => rung.deployment === deployment);
}

function waitOrNone(waitMs: number, { leftMs = Number.POSITIVE_INFINITY, waits }: ClimbSoFar): Choice {
  if (waitMs === Number.POSITIVE_INFINITY) return { kind: "none" };
  const boundMs = waits ? leftMs : Math.min(leftMs, waitMsMax);
  if (waitMs < boundMs) return { kind: "wait", waitMs };
  // A place may be free at any moment: who has hardly any time left looks again the sooner.
  if (waitMs <= busyWaitMs && boundMs > lastLookMs) return { kind: "wait", waitMs: boundMs / 2 };
  return { kind: "none", retryAfterMs: waitMs };
}
