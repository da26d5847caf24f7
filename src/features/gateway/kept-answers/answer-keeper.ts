import type { Clock } from "#core/kernel/clock.ts";
import type { RouteKeptAnswers } from "#core/routing/route-resilience.ts";
import { answerHeaders, costHeader } from "#features/gateway/answer-headers.ts";
import { emptyAnswer } from "#features/gateway/answer-tracker.ts";
import type { Asked } from "#features/gateway/asked.ts";
import { requestCost } from "#features/gateway/attempt-record.ts";
import type { ClimbEnd } from "#features/gateway/climb-end.ts";
import type { Operation } from "#features/gateway/operation.ts";
import type { GatewaySnapshot, Plan } from "#features/gateway/plan.ts";
import { isEmulated } from "#features/gateway/record.ts";
import { KeptAnswers, type FoundAnswer } from "./kept-answers.ts";
import { keptKey } from "./kept-key.ts";

/** A request whose attempts are over. */
export interface ClimbedRequest {
  readonly asked: Asked;
  readonly plan: Plan;
  readonly operation: Operation;
  /** Time spent in Signalbox before the first attempt, ms. */
  readonly gatewayMs: number;
}

/** What no attempt costs. */
const nothing = { picoDollars: 0, estimated: false, unpricedAttempts: 0 };

/**
 * Keeps the whole answers of routes that want it, and gives the same request the kept one when nobody answers: the last
 * step before a refusal. A request of another route costs a comparison.
 */
export class AnswerKeeper {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #kept = new KeptAnswers();
  #snapshot: GatewaySnapshot | undefined;

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** Hears on what the next request is decided: routes that keep nothing any more lose what was kept. */
  decidesOn(snapshot: GatewaySnapshot): void {
    if (snapshot === this.#snapshot) return;
    this.#snapshot = snapshot;
    this.#kept.retain((route) => this.#isWanted(route));
  }

  /** Whether the answer to a request may be kept, or one that was kept may be given. Not with tools: they act anew each time. */
  takes({ arrival, request, facts }: Asked, { resilience }: Plan): boolean {
    return (
      resilience.keptAnswers !== undefined && request !== undefined && !facts.hasTools && !arrival.uncached
    );
  }

  /** Keeps the answer that a request got, or gives it the kept one where it got none. */
  settle(climbed: ClimbedRequest, end: ClimbEnd): ClimbEnd {
    const { keptAnswers } = climbed.plan.resilience;
    if (!keptAnswers || !this.takes(climbed.asked, climbed.plan)) return end;
    if (isWhole(end)) this.#keep(climbed, end, keptAnswers);
    return isUnanswered(end) ? this.#standIn(climbed, end, keptAnswers) : end;
  }

  #isWanted(route: string): boolean {
    return this.#snapshot?.resolve(route)?.resilience?.keptAnswers !== undefined;
  }

  #keep({ asked, plan }: ClimbedRequest, end: ClimbEnd, { shared }: RouteKeptAnswers): void {
    const key = keyOf(asked, plan, shared);
    const by = end.attempts.findLast(({ outcome }) => outcome === "completed");
    // One that was decided on an earlier configuration may end when its route keeps none any more.
    if (key === undefined || !by || !end.content || !this.#isWanted(plan.decision.route)) return;
    // What an experiment assigned is compared by its own answers: those of a fallback are not its to give.
    if (isAssigned(plan) && by.variant !== plan.decision.variant) return;
    const { response } = end.content;
    const { variant, deployment } = by;
    const from = { route: plan.decision.route, variant, deployment, emulated: isEmulated(plan, end) };
    this.#kept.keep(key, { ...from, response }, this.#clock.monotonicMs());
  }

  #standIn(climbed: ClimbedRequest, end: ClimbEnd, { shared, ageMsMax }: RouteKeptAnswers): ClimbEnd {
    const { asked, plan, operation } = climbed;
    const key = keyOf(asked, plan, shared);
    const found = key === undefined ? undefined : this.#kept.find(key, ageMsMax, this.#clock.monotonicMs());
    if (!found || !operation.giveKept) return end;
    operation.giveKept(found.response, headersOf(found, climbed, end));
    const finish = found.response.candidates[0]?.finish;
    return {
      outcome: "completed",
      attempts: end.attempts,
      warnings: [],
      answer: { ...emptyAnswer, hasContent: true, ...(finish && { finish }) },
      content: { response: found.response, truncated: false },
      sent: true,
      degraded: "cached",
      emulated: found.emulated,
    };
  }
}

function keyOf({ arrival, request, facts }: Asked, plan: Plan, shared: boolean): string | undefined {
  if (!request) return undefined;
  const { route, variant } = plan.decision;
  const assigned = isAssigned(plan) ? variant : undefined;
  return keptKey({ route, assigned, request, arrival, requires: facts.requires, shared });
}

function isAssigned({ experiment }: Plan): boolean {
  return experiment !== undefined && !("outside" in experiment);
}

function headersOf(
  found: FoundAnswer,
  { asked, plan, gatewayMs }: ClimbedRequest,
  { attempts }: ClimbEnd,
): Readonly<Record<string, string>> {
  return {
    ...answerHeaders({
      requestId: asked.arrival.requestId,
      dialect: asked.arrival.dialect,
      route: plan.decision.route,
      experiment: plan.experiment,
      rung: found,
      degraded: "cached",
      contentType: "",
      attempts: attempts.length,
      gatewayMs,
    }),
    ...costHeader(requestCost(attempts) ?? nothing),
    "x-signalbox-cache": "stale",
    age: String(Math.floor(found.ageMs / 1000)),
  };
}

/** Whether an answer is all that there is of it: it ended by itself, nothing blocked it, and all of it was collected. */
function isWhole({ outcome, content }: ClimbEnd): boolean {
  if (outcome !== "completed" || !content || content.truncated) return false;
  const { candidates, blocked } = content.response;
  return !blocked && candidates.length > 0 && candidates.every(({ finish }) => finish?.reason === "stop");
}

/** Whether nobody answered, and the request is not at fault. */
function isUnanswered({ outcome, sent, error }: ClimbEnd): boolean {
  if (outcome !== "failed" || sent || !error) return false;
  return error.code !== "invalid-request" && error.code !== "unsupported-feature";
}
