import type { ErrorForClient, RequestProblem } from "#core/dialects/dialect.ts";
import type { ForcedChoice } from "#core/balancing/pick.ts";
import type { Filled } from "#core/kernel/filled.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { reactionTo } from "#core/resilience/reactions.ts";
import { emptyAnswer } from "#features/gateway/answer-tracker.ts";
import { degradedBy, type Degraded } from "#core/routing/degraded.ts";
import { wantsBlockedElsewhere, type RouteResilience } from "#core/routing/route-resilience.ts";
import type { Home } from "#features/gateway/affinity/conversations.ts";
import type { AttemptContext, AttemptEnd, AttemptPlan } from "#features/gateway/attempt.ts";
import { requestCost } from "#features/gateway/attempt-record.ts";
import { BegunAnswer } from "#features/gateway/begun-answer.ts";
import { seatOf, type Balancer, type Choice, type Seat } from "#features/gateway/balancer.ts";
import type { CostCap } from "#features/gateway/cost-cap.ts";
import type { ClimbEnd } from "#features/gateway/climb-end.ts";
import { clientErrorOf, nobodyError } from "#features/gateway/client-error.ts";
import type { AnswerRest, Operation } from "#features/gateway/operation.ts";
import { race, type Hedge } from "#features/gateway/race.ts";
import type { Rung } from "#features/gateway/rung.ts";
import { worstCost, type CostBounds } from "#features/gateway/worst-cost.ts";
import type { AttemptRecord } from "#features/traffic/index.ts";

/** What a climb is given. */
export interface ClimbInput extends AttemptContext {
  /** Whom to ask: the chosen variant's rungs, then each fallback's. */
  readonly stages: readonly (readonly Rung[])[];
  readonly route: string;
  /** The variant that was chosen: the others are fallbacks. */
  readonly variant: string;
  readonly balancer: Balancer;
  /** What its route wants done about failures. */
  readonly resilience: RouteResilience;
  /** Whether a second attempt may be made beside one that is slow. */
  readonly hedges: boolean;
  /** Whether the client said how long it waits. */
  readonly waits: boolean;
  /** Where its conversation was served last; absent where nothing may keep it there. */
  readonly home?: Home;
  /** What bounds the cost of its attempts. */
  readonly costBounds: CostBounds;
  /** What it may cost with all of them; undefined where nothing bounds it. */
  readonly costCap: CostCap | undefined;
  readonly operation: Operation;
  readonly requestId: string;
}

/**
 * Asks one rung after another, as the balancer says, until one answers, the request proves to be at fault, its time is
 * up, nobody is left, or the client is gone.
 */
export function climb(input: ClimbInput): Promise<ClimbEnd> {
  return new Climb(input).run();
}

class Climb {
  readonly #input: ClimbInput;
  readonly #attempts: AttemptRecord[] = [];
  readonly #tried: Rung[] = [];
  /** Models that cannot take the request, whoever serves them. */
  readonly #unableModels: string[] = [];
  /** Why the last rung that was asked did not answer. */
  #failure: UpstreamFailure | undefined;
  /** The rung that failed last, where it may be asked once more, and from when on, monotonic ms. */
  #again: { readonly rung: Rung; readonly atMs: number } | undefined;
  /** Ends the last wait for good; undefined before the first. */
  #leave: (() => void) | undefined;
  /** Its place among those who wait; undefined before the first wait. */
  #seat: Seat | undefined;
  /** How long the last wait was to be, ms; undefined before the first. */
  #waitMs: number | undefined;
  /** An answer that a filter blocked: given on only if no fallback has a better one. */
  #blocked: AttemptEnd | undefined;
  /** An answer that has begun, whose rest is asked for. */
  #begun: BegunAnswer | undefined;
  /** Attempts that only went on with an answer: none was a second try. */
  #continuations = 0;
  /** Why the first rung that could not be asked is none for this request. */
  #problem: RequestProblem | undefined;

  constructor(input: ClimbInput) {
    this.#input = input;
  }

  async run(): Promise<ClimbEnd> {
    this.#input.balancer.entered(this.#input.route, this.#input.resilience.hedge);
    for (;;) {
      const leftMs = this.#leftMs();
      if (leftMs !== undefined && leftMs <= 0) return this.#outOfTime();
      const choice = this.#continuing() ?? this.#next(leftMs);
      if (choice.kind === "none") return this.#unserved(choice.retryAfterMs);
      const end = await (choice.kind === "wait"
        ? this.#wait(choice.waitMs)
        : this.#ask(choice.rung, choice.why));
      if (end !== undefined) return end;
    }
  }

  #record(attempt: AttemptRecord): void {
    this.#attempts.push(attempt);
    this.#input.costCap?.ended(attempt);
  }

  /** The rest of an answer is asked for where its beginning is, at once: nobody else has it. */
  #continuing(): Choice | undefined {
    const rung = this.#begun?.takeNext();
    if (!rung) return undefined;
    this.#continuations += 1;
    return { kind: "ask", rung };
  }

  /** @param underWay attempts that are being made now */
  #next(leftMs: number | undefined, underWay = 0, stages = this.#stages()): Choice {
    const { balancer, route, variant, resilience, stream, promptTokens, timed, costCap } = this.#input;
    return balancer.next({
      route,
      variant,
      attemptsMax: resilience.attemptsMax,
      fallbackCauses: resilience.fallbackCauses,
      isBlocked: this.#blocked !== undefined,
      unableModels: this.#unableModels,
      stages,
      stream,
      promptTokens,
      timed,
      tried: this.#tried,
      attempts: this.#attempts.length - this.#continuations + underWay,
      failure: this.#failure,
      again: this.#again && { rung: this.#again.rung, inMs: Math.max(0, this.#again.atMs - this.#nowMs()) },
      leftMs,
      costCap,
      home: this.#input.home,
      waits: this.#input.waits,
    });
  }

  #stages(): ClimbInput["stages"] {
    const { stages } = this.#input;
    return this.#begun ? this.#begun.stages(stages) : stages;
  }

  async #wait(waitMs: number): Promise<ClimbEnd | undefined> {
    this.#waitMs = waitMs;
    switch (await this.#turn(waitMs)) {
      case "gone":
        return this.#unanswered("aborted");
      case "shed":
        return this.#unserved(waitMs);
      case "turn":
        return undefined;
    }
  }

  /** Waits for the request's turn; `gone` when the client went away before. */
  #turn(waitMs: number): Promise<"turn" | "shed" | "gone"> {
    const { balancer, client } = this.#input;
    const seat = (this.#seat ??= seatOf(this.#input));
    // One listener for all waits: there may be ten a second of them.
    if (!this.#leave) client.whenClosed(() => this.#leave?.());
    return new Promise((resolve) => {
      const leave = balancer.wait(waitMs, seat, resolve);
      this.#leave = () => {
        leave();
        resolve("gone");
      };
    });
  }

  /** @returns the end of the climb; undefined where another attempt may be made */
  async #ask(rung: Rung, why: ForcedChoice | undefined): Promise<ClimbEnd | undefined> {
    const first = this.#prepare(rung, this.#attempts.length + 1, why);
    if (first === undefined) {
      this.#forgetUnseen();
      return undefined;
    }
    // While it is asked once more it is nobody to hedge with.
    this.#again = undefined;
    const hedge = this.#hedge(rung);
    const { winner, attempts } = await race(this.#input, first, hedge);
    for (const { record } of attempts) this.#record(record);
    hedge?.ended(attempts);
    const rest = winner.plan.prepared.rest?.(winner.end, winner.record.usage);
    if (rest) {
      this.#carryOn(rest, winner);
      return undefined;
    }
    if (this.#fallsBackFrom(winner)) {
      this.#blocked ??= winner;
      this.#unableModels.push(winner.plan.rung.model.id);
      return undefined;
    }
    if (winner.end.outcome !== "failed" || winner.sent) return this.#answered(winner);
    this.#setback(winner.plan.rung, winner.end.failure);
    return undefined;
  }

  /** Has the rest of an answer asked for: its next piece, that piece once more, or all of it elsewhere. */
  #carryOn(rest: AnswerRest, winner: AttemptEnd): void {
    const { end, plan } = winner;
    const isOnceMore = rest === this.#begun?.rest;
    if (!isOnceMore) this.#begun = new BegunAnswer(rest, winner, this.#begun);
    if (end.outcome !== "failed") {
      this.#failure = undefined;
      this.#again = undefined;
      return;
    }
    const { elsewhere } = rest;
    if (elsewhere) this.#input.costCap?.goesOn(elsewhere);
    this.#setback(plan.rung, end.failure);
    if (elsewhere?.goesOn(plan.rung) === false) this.#again = undefined;
    else if (isOnceMore) this.#askAgain(plan.rung, end.failure, true);
  }

  /** An answer whose rest does not come and that nobody has seen any of is as good as none: another one is asked for. */
  #forgetUnseen(): void {
    if (this.#isSeen()) return;
    this.#begun = undefined;
    this.#input.costCap?.beginsAnew();
  }

  #isSeen(): boolean {
    return this.#begun?.plan.prepared.committed() ?? false;
  }

  #setback(rung: Rung, failure: UpstreamFailure): void {
    this.#forgetUnseen();
    this.#failure = failure;
    if (reactionTo(failure).elsewhere === "other-model") this.#unableModels.push(rung.model.id);
    this.#askAgain(rung, failure, this.#tried.filter((tried) => tried === rung).length === 1);
  }

  #askAgain(rung: Rung, failure: UpstreamFailure, isFirstTime: boolean): void {
    const inMs = isFirstTime ? this.#input.balancer.againInMs(failure) : undefined;
    this.#again = inMs === undefined ? undefined : { rung, atMs: this.#nowMs() + inMs };
  }

  /** @returns undefined where the rung cannot be asked: its credential is missing, or its dialect cannot carry the request */
  #prepare(rung: Rung, number: number, chosen: ForcedChoice | undefined): AttemptPlan | undefined {
    const begun = this.#begun;
    const isPiece = begun?.goesOn === "continues";
    const degraded = isPiece ? begun.plan.degraded : this.#degraded(rung);
    if (!isPiece) this.#tried.push(rung);
    const missing = rung.missingCredential?.();
    if (missing) {
      this.#failure = missing;
      return undefined;
    }
    const prepared = (begun?.rest ?? this.#input.operation).prepare(rung, number, degraded);
    if (!prepared.ok) {
      this.#problem ??= prepared.error;
      return undefined;
    }
    const plan: Filled<AttemptPlan> = { rung, number, prepared: prepared.value };
    if (chosen) plan.chosen = chosen;
    if (degraded) plan.degraded = degraded;
    if (begun) plan.goesOn = begun.goesOn;
    if (begun?.beginningTokens !== undefined) plan.beginningTokens = begun.beginningTokens;
    this.#input.costCap?.began(number, rung);
    return plan;
  }

  /** How an answer by this rung would differ from what was decided. */
  #degraded({ variant, deployment, parameters }: Rung): Degraded | undefined {
    const { variant: chosen, resilience, costBounds } = this.#input;
    if (variant === chosen && this.#failure === undefined) return undefined;
    return degradedBy({
      chosen,
      variant,
      isElsewhere:
        this.#failure !== undefined && !this.#tried.some((tried) => tried.deployment === deployment),
      bounds: resilience.fallbackOutputTokens,
      outputTokensMax: parameters.maxOutputTokens ?? costBounds.outputTokensMax,
    });
  }

  /** Whether it is an answer that a filter blocked before any of it, and the route has a fallback for that. */
  #fallsBackFrom({ end, plan: { prepared } }: AttemptEnd): boolean {
    if (end.outcome !== "completed" || !wantsBlockedElsewhere(this.#input.resilience)) return false;
    const { finish, hasContent } = prepared.answer();
    return finish?.reason === "content-filter" && !hasContent && !prepared.committed();
  }

  /** The first attempt may have a second beside it, at a deployment of the same variant. */
  #hedge(rung: Rung): PaidHedge | undefined {
    const { balancer, hedges, stream, route, stages, resilience } = this.#input;
    if (!hedges || resilience.attemptsMax < 2 || this.#failure || this.#blocked || this.#begun)
      return undefined;
    const delayMs = balancer.hedgeDelayMs({ rung, stream, leftMs: this.#leftMs() });
    if (delayMs === undefined) return undefined;
    const own = stages.filter((stage) => stage.includes(rung));
    let costMax = 0;
    let number: number | undefined;
    const second = (): AttemptPlan | undefined => {
      const choice = this.#next(this.#leftMs(), 1, own);
      if (choice.kind !== "ask") return undefined;
      const most = worstCost(choice.rung, this.#input.costBounds);
      if (most === undefined || !balancer.payHedge(route, most)) return undefined;
      const made = this.#prepare(choice.rung, this.#attempts.length + 2, choice.why);
      if (!made) balancer.hedgeEnded(route, most);
      else [costMax, number] = [most, made.number];
      return made;
    };
    const ended = (attempts: readonly AttemptEnd[]): void => {
      const hedged = attempts.find(({ record }) => record.attempt === number);
      const cost = hedged?.record.cost?.picoDollars;
      if (cost !== undefined && cost < costMax) balancer.hedgeEnded(route, costMax - cost);
    };
    return { delayMs, second, ended };
  }

  /** Nobody is left: the answer that was blocked, where there is one, else an error. */
  #unserved(retryAfterMs: number | undefined): ClimbEnd {
    if (this.#begun && this.#isSeen()) return this.#cutOff(this.#begun, this.#error(retryAfterMs));
    return this.#blocked ? this.#answered(this.#blocked) : this.#failed(this.#error(retryAfterMs));
  }

  /** The client has the beginning of an answer, and the rest does not come. */
  #cutOff({ plan: { prepared, degraded }, pieces }: BegunAnswer, error: ErrorForClient): ClimbEnd {
    prepared.breakOff(error);
    const content = prepared.content?.();
    return {
      ...this.#failed(error),
      pieces,
      warnings: prepared.warnings(),
      answer: prepared.answer(),
      sent: true,
      ...(content && { content }),
      ...(degraded && { degraded: degraded.step }),
    };
  }

  #answered({ plan: { prepared, degraded }, end, record, sent }: AttemptEnd): ClimbEnd {
    const climbed: Filled<ClimbEnd> = {
      outcome: end.outcome,
      attempts: this.#attempts,
      warnings: prepared.warnings(),
      answer: prepared.answer(),
      sent,
    };
    if (this.#begun) climbed.pieces = [...this.#begun.pieces, record];
    const content = prepared.content?.();
    if (content) climbed.content = content;
    if (degraded && sent) climbed.degraded = degraded.step;
    if (end.outcome === "completed") prepared.complete(requestCost(this.#attempts));
    if (end.outcome === "failed") {
      climbed.error = clientErrorOf(end.failure, this.#input.requestId);
      prepared.breakOff(climbed.error);
    }
    return climbed;
  }

  #error(retryAfterMs: number | undefined): ErrorForClient {
    const { requestId, costCap } = this.#input;
    if (this.#failure) return clientErrorOf(this.#failure, requestId, retryAfterMs);
    const problem = this.#problem ?? costCap?.problem();
    if (problem) return { status: 400, requestId, ...problem };
    return nobodyError(requestId, retryAfterMs);
  }

  #outOfTime(): ClimbEnd {
    // Nobody had a place for it: that is no upstream's slowness.
    if (this.#failure === undefined && this.#waitMs !== undefined) return this.#unserved(this.#waitMs);
    this.#failure ??= { kind: "total-timeout", message: "The request's time was used up" };
    return this.#unserved(undefined);
  }

  #failed(error: ErrorForClient): ClimbEnd {
    return { ...this.#unanswered("failed"), error };
  }

  #unanswered(outcome: "failed" | "aborted"): ClimbEnd {
    return { outcome, attempts: this.#attempts, warnings: [], answer: emptyAnswer, sent: this.#isSeen() };
  }

  /** What is left of the request's time, ms; undefined is unbounded. */
  #leftMs(): number | undefined {
    const { startedMs, totalMs } = this.#input;
    return totalMs === undefined ? undefined : totalMs - (this.#nowMs() - startedMs);
  }

  #nowMs(): number {
    return this.#input.world.clock.monotonicMs();
  }
}

/** A hedge that is paid for, and settled when both attempts are over. */
interface PaidHedge extends Hedge {
  readonly ended: (attempts: readonly AttemptEnd[]) => void;
}
