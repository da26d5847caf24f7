import { present } from "#core/kernel/present.ts";
import type { ClimbEnd } from "#features/gateway/climb.ts";
import type { Arrival, Asked, Refusal } from "#features/gateway/asked.ts";
import type { Plan } from "#features/gateway/plan.ts";
import { requestCost } from "#features/gateway/attempt-record.ts";
import { requestUnit } from "#features/gateway/request-unit.ts";
import type { RequestRecord } from "#features/traffic/index.ts";

/** Status in the record of a client that left before it got one: nginx's word for it. */
const clientClosedStatus = 499;

/** The record of a request that was served, however it ended. */
export function requestRecord(
  input: Asked & {
    readonly plan: Plan;
    readonly end: ClimbEnd;
    readonly gatewayMs: number;
    readonly totalMs: number;
    readonly pseudonym: Pseudonym;
  },
): RequestRecord {
  const { end, plan } = input;
  const { answer } = end;
  const cost = requestCost(end.attempts);
  const usage = end.outcome === "failed" && !end.sent ? undefined : end.attempts.at(-1)?.usage;
  return {
    ...arrivalRecord(input.arrival),
    ...(plan.capture === "off" ? nothingPersonal : identities(input)),
    capture: plan.capture,
    operation: input.facts.operation,
    stream: input.stream,
    model: input.model,
    decision: { ...plan.decision, warnings: end.warnings },
    attempts: end.attempts,
    outcome: end.outcome,
    status: statusOf(end),
    ...(end.error && { errorCode: end.error.code }),
    ...(usage && { usage }),
    ...(cost && { cost }),
    ...(answer.finish && { finishReason: answer.finish.reason }),
    timings: {
      queueMs: input.arrival.queueMs,
      totalMs: input.totalMs,
      gatewayMs: input.gatewayMs,
      ...answerTimes(end),
    },
    emulated: isEmulated(plan, end),
  };
}

/** Hides the name of a unit or a conversation. */
export type Pseudonym = (kind: "unit" | "conversation", name: string) => string;

/** What a route that captures nothing leaves out. */
const nothingPersonal = { tags: {} };

/** Whom a request was for, and by which names others know it. */
function identities({ arrival, request, end, pseudonym }: Parameters<typeof requestRecord>[0]) {
  const { requestId, unit: header, conversation } = arrival;
  const unit = requestUnit({ header, request, requestId });
  return {
    unit: { id: pseudonym("unit", unit.name), source: unit.source },
    ...(conversation !== undefined && { conversation: pseudonym("conversation", conversation) }),
    ...(end.answer.upstreamId !== undefined && { upstreamResponseId: end.answer.upstreamId }),
  };
}

/** The times of the attempt that answered, since the request came in. */
function answerTimes({ attempts }: ClimbEnd): Partial<RequestRecord["timings"]> {
  const last = attempts.at(-1);
  if (!last) return {};
  const sinceArrival = (ms: number | undefined) => (ms === undefined ? undefined : last.startedMs + ms);
  return present({
    firstByteMs: sinceArrival(last.firstByteMs),
    firstContentMs: sinceArrival(last.firstContentMs),
    lastContentMs: sinceArrival(last.lastContentMs),
  });
}

/** Whether an emulator had the last word. */
export function isEmulated(plan: Plan, end: ClimbEnd): boolean {
  const last = end.attempts.at(-1);
  return plan.ladder.some((rung) => rung.emulated && rung.deployment === last?.deployment);
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

function arrivalRecord(arrival: Arrival) {
  return {
    requestId: arrival.requestId,
    startedAtMs: arrival.startedAtMs,
    dialect: arrival.dialect.name,
    capture: "metadata" as const,
    tags: arrival.tags,
    ...(arrival.principal?.kind === "key" && { keyId: arrival.principal.keyId }),
  };
}

/** What the client saw: 200 also when an answer under way then failed. */
function statusOf(end: ClimbEnd): number {
  if (end.sent) return 200;
  if (end.outcome === "aborted") return clientClosedStatus;
  return end.error?.status ?? 500;
}
