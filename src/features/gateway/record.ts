import type { ClimbEnd } from "#features/gateway/climb.ts";
import type { Arrival, Asked, Refusal } from "#features/gateway/asked.ts";
import type { Plan } from "#features/gateway/plan.ts";
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
  },
): RequestRecord {
  const { end, plan } = input;
  const { answer } = end;
  return {
    ...arrivalRecord(input.arrival),
    operation: input.facts.operation,
    stream: input.stream,
    model: input.model,
    decision: { ...plan.decision, warnings: end.warnings },
    attempts: end.attempts,
    outcome: end.outcome,
    status: statusOf(end),
    ...(end.error && { errorCode: end.error.code }),
    ...(answer.usage && { usage: answer.usage }),
    ...(answer.finish && { finishReason: answer.finish.reason }),
    ...(answer.upstreamId !== undefined && { upstreamResponseId: answer.upstreamId }),
    timings: {
      queueMs: input.arrival.queueMs,
      totalMs: input.totalMs,
      gatewayMs: input.gatewayMs,
      ...(end.firstContentMs !== undefined && { firstContentMs: end.firstContentMs }),
    },
    emulated: isEmulated(plan, end),
  };
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
