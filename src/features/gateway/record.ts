import type { Filled } from "#core/kernel/filled.ts";
import type { FormatCheck } from "#core/parsing/format-check.ts";
import { roundedMs } from "#core/kernel/rounded-ms.ts";
import { joinedUsage } from "#core/llm/joined-response.ts";
import type { Usage } from "#core/llm/usage.ts";
import type { ClimbEnd } from "#features/gateway/climb-end.ts";
import { formatCheck } from "#features/gateway/answer-format.ts";
import { askedQuestion } from "#features/gateway/asked-question.ts";
import type { Arrival, Asked, Refusal } from "#features/gateway/asked.ts";
import type { Plan } from "#features/gateway/plan.ts";
import { requestCost } from "#features/gateway/attempt-record.ts";
import { servedExperiment, withAssigned } from "#features/gateway/experiment-record.ts";
import { requestUnit } from "#features/gateway/request-unit.ts";
import type { DecisionRecord, RequestRecord } from "#features/traffic/index.ts";

/** Status in the record of a client that left before it got one: nginx's word for it. */
const clientClosedStatus = 499;

/** What the record of a request that was served is made from. */
export interface ServedRequest {
  readonly asked: Asked;
  readonly plan: Plan;
  readonly end: ClimbEnd;
  readonly gatewayMs: number;
  readonly totalMs: number;
  readonly pseudonym: Pseudonym;
}

/**
 * The record of a request that was served, however it ended.
 * @returns what finishes it: the pseudonyms, which are dear, need not be made while others wait to be served, nor need answers
 *   be held against a schema. Holds on to nothing of the request but what the record is made from
 */
export function requestRecord(served: ServedRequest): () => RequestRecord {
  const { asked, end, plan } = served;
  const record: Filled<RequestRecord> = {
    ...arrivalRecord(asked.arrival),
    capture: plan.capture,
    operation: asked.facts.operation,
    stream: asked.stream,
    model: asked.model,
    decision: decisionOf(plan, end),
    attempts: end.attempts,
    outcome: end.outcome,
    status: statusOf(end),
    timings: timings(served),
    emulated: end.emulated ?? isEmulated(plan, end),
  };
  if (end.error) record.errorCode = end.error.code;
  const isUnused = end.degraded === "cached" || (end.outcome === "failed" && !end.sent);
  const usage = isUnused ? undefined : answerUsage(end);
  if (usage) record.usage = usage;
  const cost = requestCost(end.attempts);
  if (cost) record.cost = cost;
  if (end.answer.finish) record.finishReason = end.answer.finish.reason;
  const check = formatCheck(asked, plan, end);
  if (plan.capture !== "off") return withFormat(identified(record, served), check);
  record.tags = noTags;
  return withFormat(() => record, check);
}

/** Says whether the answer had the format that was asked for, where that is looked at. */
function withFormat(make: () => RequestRecord, check: (() => FormatCheck) | undefined): () => RequestRecord {
  if (!check) return make;
  return () => {
    const record = make();
    const { decision } = record;
    return decision ? { ...record, decision: { ...decision, format: check() } } : record;
  };
}

/** The tokens of what was answered: of the last attempt, or of all that brought a piece of it. */
export function answerUsage({ attempts, pieces }: ClimbEnd): Usage | undefined {
  if (!pieces) return attempts.at(-1)?.usage;
  return pieces.reduce<Usage | undefined>((sum, { usage }) => joinedUsage(sum, usage), undefined);
}

function decisionOf(plan: Plan, end: ClimbEnd): DecisionRecord {
  const { warnings, degraded, attempts } = end;
  const decision: Filled<DecisionRecord> = {
    ...plan.decision,
    warnings: plan.warnings ? [...plan.warnings, ...warnings] : warnings,
  };
  if (plan.experiment) decision.experiment = servedExperiment(plan.experiment, end);
  if (degraded) decision.degraded = degraded;
  if (attempts.some(({ resumes }) => resumes)) decision.resumed = true;
  return decision;
}

/** Hides the name of a unit or a conversation, or what a question says. */
export type Pseudonym = (kind: "unit" | "conversation" | "question", name: string) => string;

/** A route that captures nothing keeps no tags either. */
const noTags = {};

/** Says whom a request was for, and by which names others know it. */
function identified(
  record: Filled<RequestRecord>,
  { asked, end, plan, pseudonym }: ServedRequest,
): () => RequestRecord {
  const { requestId, unit: header, conversation } = asked.arrival;
  const unit = requestUnit({ header, request: asked.request, requestId });
  if (end.answer.upstreamId !== undefined) record.upstreamResponseId = end.answer.upstreamId;
  const { experiment } = plan;
  const assigned = experiment && "unit" in experiment ? experiment.unit : undefined;
  const question = askedQuestion(asked, experiment);
  return () => {
    record.unit = { id: pseudonym("unit", unit.name), source: unit.source };
    if (assigned && record.decision)
      record.decision = withAssigned(record.decision, {
        unit: pseudonym(assigned.kind, assigned.name),
        ...(question !== undefined && { question: pseudonym("question", question) }),
      });
    if (conversation !== undefined) record.conversation = pseudonym("conversation", conversation);
    return record;
  };
}

/** The times of the request and of the attempt that answered, since the request came in. */
function timings({ asked, end, gatewayMs, totalMs }: ServedRequest): RequestRecord["timings"] {
  const times: Filled<RequestRecord["timings"]> = {
    queueMs: roundedMs(asked.arrival.queueMs),
    totalMs: roundedMs(totalMs),
    gatewayMs: roundedMs(gatewayMs),
  };
  const last = end.attempts.at(-1);
  const first = end.pieces?.[0] ?? last;
  if (first?.firstByteMs !== undefined) times.firstByteMs = roundedMs(first.startedMs + first.firstByteMs);
  if (first?.firstContentMs !== undefined)
    times.firstContentMs = roundedMs(first.startedMs + first.firstContentMs);
  if (last?.lastContentMs !== undefined) times.lastContentMs = roundedMs(last.startedMs + last.lastContentMs);
  return times;
}

/** Whether an emulator had the last word. */
export function isEmulated(plan: Plan, end: ClimbEnd): boolean {
  const last = end.attempts.at(-1);
  for (const rungs of plan.stages)
    for (const rung of rungs) if (rung.emulated && rung.deployment === last?.deployment) return true;
  return false;
}

/** The record of a request that no upstream was called for. */
export function refusalRecord(arrival: Arrival, refusal: Refusal, totalMs: number): RequestRecord {
  return {
    ...arrivalRecord(arrival),
    operation: refusal.operation,
    stream: refusal.stream,
    model: refusal.model,
    attempts: [],
    outcome: "refused",
    status: refusal.error.status,
    errorCode: refusal.error.code,
    timings: { queueMs: arrival.queueMs, totalMs, gatewayMs: totalMs - arrival.queueMs },
    emulated: false,
  };
}

function arrivalRecord({ requestId, startedAtMs, dialect, tags, principal }: Arrival) {
  const known = { requestId, startedAtMs, dialect: dialect.name, capture: "metadata" as const, tags };
  return principal?.kind === "key" ? { ...known, keyId: principal.keyId } : known;
}

/** What the client saw: 200 also when an answer under way then failed. */
function statusOf(end: ClimbEnd): number {
  if (end.sent) return 200;
  if (end.outcome === "aborted") return clientClosedStatus;
  return end.error?.status ?? 500;
}
