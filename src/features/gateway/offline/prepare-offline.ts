import { present } from "#core/kernel/present.ts";
import type { Random } from "#core/kernel/random.ts";
import { eligibility } from "#core/routing/eligibility.ts";
import { expectedAnswerTokens, predictedCost } from "#core/routing/predicted-cost.ts";
import { chatFacts } from "#core/routing/request-facts.ts";
import { requiredByBoth } from "#core/routing/required-tags.ts";
import { defaultResilience } from "#core/routing/route-resilience.ts";
import type { Route } from "#core/routing/route.ts";
import type { Variant } from "#core/routing/variant.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { Asked } from "#features/gateway/asked.ts";
import type { Balancer } from "#features/gateway/balancer.ts";
import { chatOperation } from "#features/gateway/chat-operation.ts";
import { climb } from "#features/gateway/climb.ts";
import type { ClimbEnd } from "#features/gateway/climb-end.ts";
import { collectLengthMax, type ExchangedContent } from "#features/gateway/collected-content.ts";
import { costBoundsOf } from "#features/gateway/cost-bounds.ts";
import { costCapOf, type CostCap } from "#features/gateway/cost-cap.ts";
import type { ExchangeWorld } from "#features/gateway/exchange.ts";
import { sseFraming } from "#features/gateway/framing.ts";
import { plan, type GatewaySnapshot, type Plan } from "#features/gateway/plan.ts";
import { promptedAsked } from "#features/gateway/prompted-asked.ts";
import { promptedRequest } from "#features/gateway/prompted-request.ts";
import { requestRecord, type Pseudonym } from "#features/gateway/record.ts";
import { RequestView, type RoutingState } from "#features/gateway/request-view.ts";
import type { RequestRecord, ShadowRecord } from "#features/traffic/index.ts";
import type { OfflineCall, OfflineEnd, PreparedOffline } from "./offline-call.ts";
import { SilentClient } from "./silent-client.ts";

/** What off-line calls are made with: the gateway's own. */
export interface OfflineWorld extends ExchangeWorld {
  readonly random: Pick<Random, "unit">;
  readonly balancer: Balancer;
  readonly routing: RoutingState;
  readonly pseudonym: Pseudonym;
  readonly record: (make: () => RequestRecord) => void;
  readonly keep: (content: ExchangedContent) => void;
}

/** Whom to ask on the terms of a request's route. */
export interface ShadowTarget {
  readonly route: Route;
  readonly variant: Variant;
  /** Tokens that the answer is expected to have, thinking included; undefined where nothing tells. */
  readonly expectedTokens: number | undefined;
}

/**
 * A call that asks one variant what a client asked of its route: with the route's deadlines and attempts, without its
 * fallbacks, whose answers would not be the variant's.
 * @returns why it cannot be asked
 */
export function prepareShadow(
  world: OfflineWorld,
  snapshot: GatewaySnapshot,
  { route, variant, expectedTokens }: ShadowTarget,
  call: OfflineCall,
): Result<PreparedOffline, string> {
  const asked = askedOf(call);
  const nowMs = world.clock.nowMs();
  const { pool, excluded } = eligibility(variant, {
    facts: asked.facts,
    nowMs,
    standings: snapshot.standings,
    requires: route.requires,
  });
  if (excluded !== undefined) return failed(excluded);
  const rungs = pool.flatMap((deployment) => snapshot.rung({ variant, deployment }) ?? []);
  const { attemptsMax, costMax } = route.resilience ?? defaultResilience;
  const planned: Plan = {
    decision: {
      route: ownRoute(call),
      variant: variant.name,
      strategy: call.mark.kind,
      candidates: [{ variant: variant.name, probability: 1 }],
      propensity: 1,
      draw: 0,
      ladder: rungs.map(({ deployment }) => deployment),
      reason: `${payerOf(call.mark)} asks ${variant.name} what request ${call.mark.request} asked`,
      snapshot: snapshot.versions,
      shadowOf: call.mark,
    },
    stages: [rungs],
    deadlines: route.deadlines,
    resilience: { ...defaultResilience, attemptsMax, ...present({ costMax }) },
    capture: route.capture,
  };
  const answerTokens = expectedAnswerTokens(variant, asked.facts, { measuredTokens: expectedTokens });
  const predicted = predictedCost(variant, asked.facts, { answerTokens, nowMs });
  return ok({ predicted, run: (signal) => run(world, { call, asked, planned }, signal) });
}

/**
 * A call that a route serves, as it would a client's, without experiments. Nothing of its content is kept, whatever the route
 * captures: it is made of what others asked and were answered.
 * @returns why it cannot be asked
 */
export function prepareOfRoute(
  world: OfflineWorld,
  snapshot: GatewaySnapshot,
  call: OfflineCall,
): Result<PreparedOffline, string> {
  const { experiments: _experiments, shadows: _shadows, evaluations: _evaluations, ...plain } = snapshot;
  const asked = askedOf(call);
  const nowMs = world.clock.nowMs();
  const view = new RequestView(asked, world.routing);
  const { prompting, facts } = asked;
  const variantDraw = world.random.unit();
  const made = plan(plain, { model: call.request.model, facts, view, nowMs, variantDraw, prompting });
  if (!made.ok) return failed(made.error.message);
  const { decision, capture } = made.value;
  const variant = snapshot.variant?.(decision.variant);
  const measuredTokens = world.routing.measured.answerTokens(decision.variant);
  const planned: Plan = {
    ...made.value,
    decision: { ...decision, route: ownRoute(call), shadowOf: call.mark },
    capture: capture === "off" ? "off" : "metadata",
  };
  const predicted =
    variant &&
    predictedCost(variant, facts, {
      answerTokens: expectedAnswerTokens(variant, facts, { measuredTokens }),
      nowMs,
    });
  return ok({ predicted, run: (signal) => run(world, { call, asked, planned }, signal) });
}

/** The name that stands for the route in totals: what Signalbox asks by itself is no route's traffic. No route can have it. */
function ownRoute({ mark }: OfflineCall): string {
  return `${mark.kind}:${mark.kind === "evaluation" ? mark.evaluation : mark.experiment}`;
}

function payerOf(mark: ShadowRecord): string {
  return mark.kind === "evaluation" ? mark.evaluation : `${mark.experiment} (phase ${mark.phase})`;
}

function askedOf({ arrival, request, body, requires: more }: OfflineCall): Asked {
  const facts = chatFacts(request, arrival);
  const requires = requiredByBoth(facts.requires, more);
  return {
    arrival,
    client: new SilentClient(),
    model: request.model,
    stream: request.stream,
    facts: requires ? { ...facts, requires } : facts,
    prompting: { request, prompted: promptedRequest(request) },
    request,
    ...(body && { body }),
  };
}

interface OfflineRun {
  readonly call: OfflineCall;
  readonly asked: Asked;
  readonly planned: Plan;
}

async function run(
  world: OfflineWorld,
  { call, asked: came, planned }: OfflineRun,
  signal: AbortSignal,
): Promise<OfflineEnd> {
  const asked = promptedAsked(came, planned);
  const { arrival } = asked;
  const client = new SilentClient();
  const leave = () => client.leave();
  signal.addEventListener("abort", leave, { once: true });
  if (signal.aborted) leave();
  const costBounds = costBoundsOf(asked, planned.resilience);
  const costCap = costCapOf(planned.resilience, costBounds);
  const end = await climb({
    world,
    client,
    stages: planned.stages,
    route: planned.decision.route,
    variant: planned.decision.variant,
    resilience: planned.resilience,
    hedges: false,
    balancer: world.balancer,
    operation: operationOf(world, { call, planned }, { client, costCap }),
    stream: asked.stream,
    promptTokens: costBounds.promptTokens,
    // Nothing is asked on it: how long it takes is no measure of how long clients wait.
    timed: false,
    billed: costBounds.billed,
    costBounds,
    costCap,
    requestId: arrival.requestId,
    startedMs: arrival.startedMs,
    waits: false,
    ...(planned.deadlines.totalMs !== undefined && { totalMs: planned.deadlines.totalMs }),
  });
  signal.removeEventListener("abort", leave);
  return recorded(world, { asked, planned }, end);
}

function operationOf(
  world: OfflineWorld,
  { call: { arrival, request, body }, planned }: Omit<OfflineRun, "asked">,
  { client, costCap }: { readonly client: SilentClient; readonly costCap: CostCap | undefined },
) {
  return chatOperation({
    dialect: arrival.dialect,
    client,
    deadlines: planned.deadlines,
    costCap,
    nowMs: () => world.clock.nowMs(),
    collectLengthMax,
    tellsCost: false,
    isStored: false,
    resumes: false,
    holdsBlocked: false,
    headers: () => ({}),
    request,
    prompted: promptedRequest(request),
    body,
    framing: sseFraming(),
    context: {
      responseId: arrival.requestId,
      model: request.model,
      createdSeconds: Math.trunc(arrival.startedAtMs / 1000),
      nowSeconds: () => Math.trunc(world.clock.nowMs() / 1000),
      includeUsage: request.includeUsage,
      request,
    },
  });
}

function recorded(
  world: OfflineWorld,
  { asked, planned }: Omit<OfflineRun, "call">,
  end: ClimbEnd,
): OfflineEnd {
  const { arrival, body } = asked;
  const { startedMs, requestId } = arrival;
  const totalMs = world.clock.monotonicMs() - startedMs;
  const { pseudonym } = world;
  const record = requestRecord({ asked, plan: planned, end, gatewayMs: 0, totalMs, pseudonym })();
  world.record(() => record);
  if (planned.capture === "full" && body) world.keep({ requestId, body, ...end.content });
  const { content, outcome } = end;
  const isWhole = outcome === "completed" && content !== undefined && !content.truncated;
  return isWhole ? { record, response: content.response } : { record };
}
