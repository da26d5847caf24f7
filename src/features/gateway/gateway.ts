import type { AnswerContext } from "#core/dialects/dialect.ts";
import type { Random } from "#core/kernel/random.ts";
import { steadyNowMs } from "#core/kernel/steady-clock.ts";
import type { Filled } from "#core/kernel/filled.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ResourceServer } from "#core/dialects/resources.ts";
import { explain } from "#core/routing/explain.ts";
import { wantsBlockedElsewhere } from "#core/routing/route-resilience.ts";
import { ladderNames } from "#core/routing/stages.ts";
import type { ExplainCall, ExplainedCall } from "#features/gateway/explain-call.ts";
import { explainedPrompt } from "#features/gateway/explained-prompt.ts";
import { estimatedTextTokens } from "#core/routing/estimated-tokens.ts";
import { chatFacts, embeddingFacts } from "#core/routing/request-facts.ts";
import type { Principal } from "#features/access/index.ts";
import type { Usage } from "#core/llm/usage.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import { Conversations } from "#features/gateway/affinity/conversations.ts";
import { AnswerMeasurements } from "#features/gateway/answer-measurements.ts";
import { answerHeaders } from "#features/gateway/answer-headers.ts";
import { chatOperation } from "#features/gateway/chat-operation.ts";
import { climb, type ClimbInput } from "#features/gateway/climb.ts";
import { costBoundsOf } from "#features/gateway/cost-bounds.ts";
import { costCapOf, type CostCap } from "#features/gateway/cost-cap.ts";
import type { ClimbEnd } from "#features/gateway/climb-end.ts";
import type { Balancer } from "#features/gateway/balancer.ts";
import type { ClientPort } from "#features/gateway/client-port.ts";
import type { ExchangedContent } from "#features/gateway/collected-content.ts";
import { countOperation, type CountCall } from "#features/gateway/count-operation.ts";
import { AnswerKeeper } from "#features/gateway/kept-answers/answer-keeper.ts";
import { embeddingOperation, type EmbeddingCall } from "#features/gateway/embedding-operation.ts";
import type { Deadlines, ExchangeWorld } from "#features/gateway/exchange.ts";
import type { Framing } from "#features/gateway/framing.ts";
import { evaluationAsks, type EvaluationAsk } from "#features/gateway/offline/evaluation-ask.ts";
import { shadowAsk, type ShadowAsk } from "#features/gateway/offline/shadow-ask.ts";
import { YieldingBalancer } from "#features/gateway/offline/yielding-balancer.ts";
import type { Operation, OperationInput } from "#features/gateway/operation.ts";
import {
  comparedVariants,
  decisionInput,
  plan,
  plannedShadow,
  unknownModel,
  type GatewaySnapshot,
  type Plan,
  type PlanProblem,
} from "#features/gateway/plan.ts";
import { promptedRequest } from "#features/gateway/prompted-request.ts";
import { HealthBalancer } from "#features/gateway/health/health-balancer.ts";
import type { Arrival, Asked, Refusal } from "#features/gateway/asked.ts";
import { answerUsage, refusalRecord, requestRecord, type Pseudonym } from "#features/gateway/record.ts";
import { promptedAsked } from "#features/gateway/prompted-asked.ts";
import { isStored } from "#features/gateway/stored-answer.ts";
import { sendError } from "#features/gateway/send-error.ts";
import {
  acceptsTrailers,
  collecting,
  effectiveDeadlines,
  headersOfFailure,
  mayHedge,
  triesOf,
} from "#features/gateway/serving-terms.ts";
import { askedName, askedResource, type ResourceInput } from "#features/gateway/resources/resource-asked.ts";
import { resourceOperation } from "#features/gateway/resources/resource-operation.ts";
import { RequestView, routingState } from "#features/gateway/request-view.ts";
import type { RequestRecord } from "#features/traffic/index.ts";

/** What the gateway needs of the world. */
export interface GatewayPorts extends ExchangeWorld {
  readonly random: Random;
  /** What is in force now. */
  readonly snapshot: () => GatewaySnapshot;
  /** Ends what admission began, once the usage is known; never waits, never throws. */
  readonly settle: (principal: Principal, usage: Usage | undefined) => void;
  /** Hides the names of units and conversations. */
  readonly pseudonym: Pseudonym;
  /** Takes what makes the record of a request that is over, to be called once; never waits, never throws. */
  readonly record: (make: () => RequestRecord) => void;
  /** Takes the content of a request that is over, where its route keeps content; never waits, never throws. */
  readonly keep: (content: ExchangedContent) => void;
  /** Whether content is kept word for word; absent is no. */
  readonly keepsWhole?: boolean;
  /** Takes an answer that is to be scored; never waits, never throws. Absent: none ever is. */
  readonly evaluate?: (ask: EvaluationAsk) => void;
  /** Takes a request that is to be answered once more, off-line; never waits, never throws. Absent: none ever is. */
  readonly shadow?: (ask: ShadowAsk) => void;
}

/** A chat request with the bytes it came in. */
export interface ChatCall {
  readonly request: ChatRequest;
  readonly body: Buffer;
  readonly framing: Framing;
}

/** Serves requests: decides, attempts, relays, records. */
export class Gateway {
  readonly #ports: GatewayPorts;
  readonly #measured: AnswerMeasurements;
  readonly #routing: ReturnType<typeof routingState>;
  readonly #balancer: Balancer;
  /** Of calls that no client waits for. */
  readonly #yielding: Balancer;
  readonly #kept: AnswerKeeper;
  readonly #conversations = new Conversations();
  /** ms since 1970, by a clock that does not step back. */
  readonly #nowMs: () => number;
  readonly #nowSeconds = (): number => Math.trunc(this.#ports.clock.nowMs() / 1000);

  constructor(ports: GatewayPorts) {
    this.#ports = ports;
    const nowMs = steadyNowMs(ports.clock);
    this.#nowMs = nowMs;
    this.#measured = new AnswerMeasurements((deployment) =>
      ports.snapshot().health?.(deployment)?.remaining(nowMs()),
    );
    this.#routing = routingState(this.#measured);
    this.#kept = new AnswerKeeper(ports.clock);
    this.#balancer = new HealthBalancer({
      ...ports,
      nowMs,
      isHeldBack: (deployment) => ports.snapshot().standings?.get(deployment)?.heldBack !== undefined,
    });
    this.#yielding = new YieldingBalancer(this.#balancer, nowMs);
  }

  /** Serves a chat request; over when the answer (or the error) is sent and the record made. Does not throw. */
  chat(arrival: Arrival, call: ChatCall, client: ClientPort): Promise<void> {
    const { request } = call;
    const prompted = promptedRequest(request);
    return this.#serve(
      {
        arrival,
        client,
        model: request.model,
        stream: request.stream,
        facts: chatFacts(request, arrival),
        prompting: { request, prompted },
        request,
        body: call.body,
      },
      (serving) =>
        chatOperation({
          ...serving,
          request,
          prompted,
          body: call.body,
          framing: call.framing,
          context: this.#answerContext(arrival, request, serving),
        }),
    );
  }

  /** Serves an embedding request. Does not throw. */
  embeddings(arrival: Arrival, call: EmbeddingCall, client: ClientPort): Promise<void> {
    const { request } = call;
    return this.#serve(
      {
        arrival,
        client,
        model: request.model,
        stream: false,
        facts: embeddingFacts(request, arrival),
        promptTokens: request.inputs.reduce((sum, input) => sum + estimatedTextTokens(input), 0),
      },
      (serving) => embeddingOperation({ ...serving, ...call }),
    );
  }

  /** Counts the tokens of a chat request at the provider. Does not throw. */
  countTokens(arrival: Arrival, call: CountCall, client: ClientPort): Promise<void> {
    const { request } = call;
    const prompted = promptedRequest(request);
    const facts = chatFacts(request, { ...arrival, operation: "count-tokens" });
    const prompting = { request, prompted };
    return this.#serve(
      { arrival, client, model: request.model, stream: false, facts, prompting },
      (serving) => countOperation({ ...serving, ...call, prompted }),
    );
  }

  /**
   * Serves a call about something that a provider keeps: a cached content, a batch, an interaction. Does not throw.
   * @param server how the client's dialect speaks of such things
   */
  resource(arrival: Arrival, call: ResourceInput, client: ClientPort, server: ResourceServer): Promise<void> {
    const found = askedResource(this.#ports.snapshot(), call, { arrival, client });
    if (found.ok) {
      const { asked, provider } = found.value;
      const { stream } = asked;
      return this.#serve(asked, (serving) =>
        resourceOperation({ ...serving, ...call, server, provider, stream }),
      );
    }
    const error = { ...found.error, requestId: arrival.requestId };
    const { kind: operation } = call.call;
    this.refuse(arrival, { operation, model: askedName(call), stream: false, error, recorded: true }, client);
    return Promise.resolve();
  }

  /** What it would do with a request, and why. Serves nothing, takes nobody's turn, records nothing. */
  explain({ arrival, request, variantDraw }: ExplainCall): Result<ExplainedCall, PlanProblem> {
    const snapshot = this.#ports.snapshot();
    const route = snapshot.resolve(request.model);
    if (!route) return failed(unknownModel(snapshot, request.model));
    const { turns, measured } = this.#routing;
    const view = new RequestView(
      { arrival, request },
      { measured, turns: { next: (strategy) => turns.peek(strategy) } },
    );
    const facts = chatFacts(request, arrival);
    const prompting = { request, prompted: promptedRequest(request) };
    const nowMs = this.#ports.clock.nowMs();
    const question = decisionInput(snapshot, route, { facts, nowMs, variantDraw, view, prompting });
    const explanation = explain(question);
    const { variant: served } = explanation.decision;
    const shadow = served && plannedShadow(snapshot, question, { served, prompting });
    const ladder = ladderNames(explanation.decision.stages);
    const prompt = explainedPrompt(explanation.decision.variant, request, () =>
      comparedVariants(snapshot, route),
    );
    const characteristics = view.characteristics();
    const told = { ...explanation, facts, characteristics, ladder };
    return ok({ ...told, ...(prompt && { prompt }), ...(shadow && { shadow: shadow.choice }) });
  }

  /** Tells the client why its request is not served, and records that. */
  refuse(arrival: Arrival, refusal: Refusal, client: ClientPort): void {
    sendError(arrival, refusal.error, client, refusal.headers);
    if (!refusal.recorded) return;
    const record = refusalRecord(arrival, refusal, this.#elapsedMs(arrival));
    this.#ports.record(() => record);
  }

  async #serve(came: Asked, operationFor: (serving: OperationInput) => Operation): Promise<void> {
    const { arrival, client } = came;
    const planned = this.#plan(came);
    if (!planned.ok) return this.#refuseUnplanned(came, planned.error);
    const asked = promptedAsked(came, planned.value);
    const deadlines = effectiveDeadlines(planned.value.deadlines, arrival.deadlineMs);
    const gatewayMs = this.#elapsedMs(arrival) - arrival.queueMs;
    const conversation = this.#conversation(asked, planned.value);
    const costBounds = costBoundsOf(asked, planned.value.resilience);
    const costCap = costCapOf(planned.value.resilience, costBounds);
    const operation = operationFor(this.#serving(asked, planned.value, { deadlines, gatewayMs, costCap }));
    const input: Filled<ClimbInput> = {
      world: this.#ports,
      client,
      stages: planned.value.stages,
      route: planned.value.decision.route,
      variant: planned.value.decision.variant,
      resilience: triesOf(planned.value.resilience, asked),
      hedges: mayHedge(planned.value.resilience, asked),
      balancer: this.#balancer,
      operation,
      stream: asked.stream,
      promptTokens: costBounds.promptTokens,
      timed: asked.facts.operation !== "count-tokens" && !asked.resource?.once,
      billed: costBounds.billed,
      costBounds,
      costCap,
      requestId: arrival.requestId,
      startedMs: arrival.startedMs,
      waits: arrival.deadlineMs !== undefined,
    };
    if (conversation?.home) input.home = conversation.home;
    if (deadlines.totalMs !== undefined) input.totalMs = deadlines.totalMs;
    const climbed = await climb(input);
    const end = this.#kept.settle({ asked, plan: planned.value, operation, gatewayMs }, climbed);
    if (!end.sent && end.error) sendError(arrival, end.error, client, headersOfFailure(planned.value, end));
    if (conversation) this.#conversations.served(conversation.number, end.attempts, this.#nowMs());
    this.#record(asked, planned.value, end, gatewayMs);
  }

  /** The conversation that a request goes on with, where its route keeps conversations where they are. */
  #conversation(asked: Asked, { affinity, decision }: Plan) {
    if (!affinity) return undefined;
    const number = this.#conversations.numberOf(asked, decision.route);
    if (number === undefined) return undefined;
    return { number, home: this.#conversations.homeOf(number, affinity, this.#nowMs()) };
  }

  #plan(asked: Asked): Result<Plan, PlanProblem> {
    const { random, clock } = this.#ports;
    const snapshot = this.#ports.snapshot();
    this.#kept.decidesOn(snapshot);
    return plan(snapshot, {
      model: asked.model,
      requestId: asked.arrival.requestId,
      facts: asked.facts,
      view: new RequestView(asked, this.#routing),
      nowMs: clock.nowMs(),
      variantDraw: random.unit(),
      prompting: asked.prompting,
    });
  }

  #refuseUnplanned(asked: Asked, problem: PlanProblem): void {
    const { arrival, client, facts } = asked;
    const error = { ...problem, requestId: arrival.requestId };
    this.refuse(arrival, { ...asked, operation: facts.operation, error, recorded: true }, client);
  }

  #serving(
    asked: Asked,
    plan: Plan,
    known: {
      readonly deadlines: Deadlines;
      readonly gatewayMs: number;
      readonly costCap: CostCap | undefined;
    },
  ): OperationInput {
    const { requestId, dialect } = asked.arrival;
    return {
      dialect,
      client: asked.client,
      deadlines: known.deadlines,
      costCap: known.costCap,
      nowMs: () => this.#ports.clock.nowMs(),
      ...collecting(asked, plan, this.#kept.takes(asked, plan)),
      holdsBlocked: wantsBlockedElsewhere(plan.resilience),
      resumes: plan.resilience.resumes === true,
      tellsCost: acceptsTrailers(asked.arrival),
      isStored: this.#ports.keepsWhole === true && isStored(asked, plan),
      headers: (rung, contentType, attempts, degraded) =>
        answerHeaders({
          requestId,
          dialect,
          route: plan.decision.route,
          experiment: plan.experiment,
          shadow: plan.shadow?.choice,
          rung,
          degraded: degraded?.step,
          contentType,
          attempts,
          gatewayMs: known.gatewayMs,
        }),
    };
  }

  #record(asked: Asked, plan: Plan, end: ClimbEnd, gatewayMs: number): void {
    const { body } = asked;
    const { principal, requestId } = asked.arrival;
    if (asked.facts.operation === "chat") {
      const { inputTokens } = asked.facts;
      for (const attempt of end.attempts)
        this.#measured.ended(attempt, { stream: asked.stream, inputTokens });
    }
    if (principal) this.#ports.settle(principal, answerUsage(end));
    const totalMs = this.#elapsedMs(asked.arrival);
    const { pseudonym } = this.#ports;
    const make = requestRecord({ asked, plan, end, gatewayMs, totalMs, pseudonym });
    if (plan.shadow || plan.evaluations) this.#goOn(asked, plan, { record: make(), end });
    else this.#ports.record(make);
    if (plan.capture === "full" && body) this.#ports.keep({ requestId, body, ...end.content });
  }

  /** Records a request and has it answered once more, or its answer scored. One that its client left has no answer for that. */
  #goOn(
    asked: Asked,
    { shadow, evaluations }: Plan,
    served: { readonly record: RequestRecord; readonly end: ClimbEnd },
  ): void {
    const { request } = asked;
    const { record } = served;
    this.#ports.record(() => record);
    if (!request) return;
    const world = { ...this.#ports, balancer: this.#yielding, routing: this.#routing };
    const once = { ...served, asked: { ...asked, request } };
    if (shadow && record.outcome !== "aborted") this.#ports.shadow?.(shadowAsk(world, { ...once, shadow }));
    if (!evaluations || !this.#ports.evaluate) return;
    for (const ask of evaluationAsks(world, { ...once, evaluations })) this.#ports.evaluate(ask);
  }

  #answerContext(arrival: Arrival, request: ChatRequest, { isStored }: OperationInput): AnswerContext {
    return {
      responseId: arrival.requestId,
      model: request.model,
      createdSeconds: Math.trunc(arrival.startedAtMs / 1000),
      nowSeconds: this.#nowSeconds,
      includeUsage: request.includeUsage,
      request,
      isStored,
    };
  }

  #elapsedMs(arrival: Arrival): number {
    return this.#ports.clock.monotonicMs() - arrival.startedMs;
  }
}
