import type { CallTrace, History, RequestTrace } from "../history.ts";
import { isCalm, type AffinityPlan } from "../world/scenario.ts";
import { Availability } from "./availability.ts";
import type { Checker } from "./checker.ts";
import { closedMs } from "./deadlines.ts";

/** The way back of a deployment whose breaker has closed takes that long at most, ms: on it nobody is kept there. */
const wayBackMsMax = 45_000;
/** In a calm world where a second is worth little, waiting elsewhere gains less than this part of a cache is worth. */
const cachedMin = 0.5;

/** A conversation is not sent about while its prompt is cached. */
export const conversationsStay: Checker = {
  fact: "a conversation stays at the deployment that answered it last, while its prompt is kept there and it is well",
  violations(history) {
    const { affinity } = history.scenario.route;
    if (!affinity) return [];
    const availability = new Availability(history);
    const talks = Map.groupBy(history.requests, ({ plan }) => plan.conversation);
    return [...talks].flatMap(([name, talk]) =>
      name === undefined
        ? []
        : talk.flatMap((request) => strayed({ history, affinity, availability, talk }, request)),
    );
  },
};

/** What a request of a conversation is judged by. */
interface Known {
  readonly history: History;
  readonly affinity: AffinityPlan;
  readonly availability: Availability;
  /** All requests of the conversation. */
  readonly talk: readonly RequestTrace[];
}

function strayed(known: Known, request: RequestTrace): readonly string[] {
  const home = homeOf(known.talk, request);
  const [first] = request.calls;
  if (!home || !first || first.deployment === home.call.deployment) return [];
  if (!isWorthIt(known, request, home) || !isSurelyWell(known, request, home)) return [];
  if (known.availability.mayPanic(request, first)) return [];
  return [
    `request ${request.plan.number} was sent to ${first.deployment} (call ${first.number}), although ` +
      `${home.call.deployment} had answered ${request.plan.conversation} (call ${home.call.number})`,
  ];
}

/** The call that answered a conversation last, and when that was over. */
interface Home {
  readonly call: CallTrace;
  readonly sinceMs: number;
}

/** Where a conversation is when a request of it comes; undefined where it is nowhere, or that cannot be told from outside. */
function homeOf(talk: readonly RequestTrace[], { plan }: RequestTrace): Home | undefined {
  const over = talk
    .filter(
      ({ settledMs, calls }) => settledMs !== undefined && settledMs <= plan.atMs && calls.some(isGiven),
    )
    .toSorted((a, b) => (a.settledMs ?? 0) - (b.settledMs ?? 0));
  const [last, before] = [over.at(-1), over.at(-2)];
  const sinceMs = last?.settledMs;
  // Of what happens at one moment nobody outside knows what was first.
  if (!last || sinceMs === undefined || sinceMs === plan.atMs || before?.settledMs === sinceMs)
    return undefined;
  const given = last.calls.filter(isGiven);
  const [call] = given;
  // One that was cancelled with its end in sight may count as an answer or not.
  const isClear = given.length === 1 && call?.endedMs !== undefined && last.leftMs === undefined;
  return isClear ? { call, sinceMs } : undefined;
}

/** Whether a call may have been taken for an answer. */
function isGiven({ finishMs }: CallTrace): boolean {
  return finishMs !== undefined;
}

/** Whether staying is worth more than whatever waiting elsewhere could gain. */
function isWorthIt({ history, affinity }: Known, { plan }: RequestTrace, { call, sinceMs }: Home): boolean {
  const cached = 1 - (plan.atMs - sinceMs) / affinity.cache.ttlMs;
  switch (affinity.secondWorth) {
    case 0:
      return cached > 0;
    case 1_000_000:
      return cached >= cachedMin && isCalm(history.scenario) && !isBusy(history, call.deployment, plan);
    default:
      return false;
  }
}

/** Whether another request may be waiting there when one comes. */
function isBusy({ calls }: History, deployment: string, { number, atMs }: RequestTrace["plan"]): boolean {
  return calls.some(
    (call) =>
      call.deployment === deployment &&
      call.request !== number &&
      call.startedMs <= atMs &&
      (closedMs(call) ?? Number.POSITIVE_INFINITY) >= atMs,
  );
}

/** Whether there is no reason whatever why the deployment could not keep the conversation. */
function isSurelyWell(
  { history, availability }: Known,
  request: RequestTrace,
  { call: { deployment }, sinceMs }: Home,
): boolean {
  const { atMs } = request.plan;
  const variant = request.records[0]?.decision?.variant ?? "";
  const breaker = availability.breaker(deployment, atMs + 1);
  return (
    availability.stage(request, variant, atMs).some(({ name }) => name === deployment) &&
    availability.isSurelyAvailable(deployment, atMs) &&
    (breaker === undefined || breaker.atMs < atMs - wayBackMsMax) &&
    !history.calls.some((call) => call.deployment === deployment && hasFailed(call, sinceMs, atMs))
  );
}

/** Whether a call ended in between without an answer. */
function hasFailed(call: CallTrace, fromMs: number, untilMs: number): boolean {
  const endMs = closedMs(call);
  return endMs !== undefined && endMs >= fromMs && endMs <= untilMs && call.finishMs === undefined;
}
