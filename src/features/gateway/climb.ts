import type { ErrorForClient, RequestProblem, Warning } from "#core/dialects/dialect.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { emptyAnswer, type AnswerTracker } from "#features/gateway/answer-tracker.ts";
import type { ClientPort } from "#features/gateway/client-port.ts";
import { clientErrorOf, movesOn } from "#features/gateway/client-error.ts";
import {
  runExchange,
  type Deadlines,
  type ExchangeEnd,
  type ExchangeWorld,
} from "#features/gateway/exchange.ts";
import type { Operation, PreparedAttempt } from "#features/gateway/operation.ts";
import type { Rung } from "#features/gateway/rung.ts";
import type { AttemptRecord } from "#features/traffic/index.ts";

/** How a climb ended, for the record. */
export interface ClimbEnd {
  readonly outcome: "completed" | "failed" | "aborted";
  readonly attempts: readonly AttemptRecord[];
  readonly warnings: readonly Warning[];
  readonly answer: AnswerTracker;
  /** What the client was told, or must be told where `sent` is false. */
  readonly error?: ErrorForClient;
  /** Whether an answer or an error frame has been sent already. */
  readonly sent: boolean;
  /** Since the request came in, ms. */
  readonly firstContentMs?: number;
}

/** What a climb is given. */
export interface ClimbInput {
  readonly world: ExchangeWorld;
  readonly client: ClientPort;
  readonly ladder: readonly Rung[];
  readonly operation: Operation;
  readonly requestId: string;
  /** Monotonic time when the request came in, ms. */
  readonly startedMs: number;
  /** Bound of the whole request, ms since `startedMs`. */
  readonly totalMs?: number;
}

/** Tries rung after rung until one answers, the request proves to be at fault, or the client is gone. */
export async function climb(input: ClimbInput): Promise<ClimbEnd> {
  const attempts: AttemptRecord[] = [];
  let warnings: readonly Warning[] = [];
  let last: { failure: UpstreamFailure } | { problem: RequestProblem } | undefined;
  for (const rung of input.ladder) {
    const startedMs = elapsedMs(input);
    const remainingMs = input.totalMs === undefined ? undefined : input.totalMs - startedMs;
    if (remainingMs !== undefined && remainingMs <= 0) {
      last ??= { failure: { kind: "total-timeout", message: "The request's time was used up" } };
      break;
    }
    const prepared = input.operation.prepare(rung, attempts.length + 1);
    if (!prepared.ok) {
      // Another rung may speak a dialect that can carry it.
      last ??= { problem: prepared.error };
      continue;
    }
    const attempt = prepared.value;
    ({ warnings } = attempt);
    const end = await runExchange(input.world, attempt.call, {
      deadlines: bounded(attempt.deadlines, remainingMs),
      client: input.client,
      reader: attempt.reader,
    });
    attempts.push(attemptRecord({ rung, end, attempt, number: attempts.length + 1, startedMs }));
    const firstContentMs = end.firstContentMs === undefined ? undefined : startedMs + end.firstContentMs;
    const common = {
      attempts,
      warnings,
      answer: attempt.answer(),
      ...(firstContentMs !== undefined && { firstContentMs }),
    };
    if (end.outcome === "aborted") return { ...common, outcome: "aborted", sent: attempt.committed() };
    if (end.outcome === "completed") {
      attempt.complete();
      return { ...common, outcome: "completed", sent: true };
    }
    const failure = end.failure ?? { kind: "reset", message: "The upstream call failed" };
    if (attempt.committed()) {
      const error = clientErrorOf(failure, input.requestId);
      attempt.breakOff(error);
      return { ...common, outcome: "failed", error, sent: true };
    }
    last = { failure };
    if (!movesOn(failure)) break;
  }
  return {
    outcome: "failed",
    attempts,
    warnings,
    answer: emptyAnswer,
    error: errorOf(last, input.requestId),
    sent: false,
  };
}

function errorOf(
  last: { readonly failure: UpstreamFailure } | { readonly problem: RequestProblem } | undefined,
  requestId: string,
): ErrorForClient {
  if (!last) {
    return {
      status: 503,
      code: "no-deployment-available",
      message: "No deployment can serve the request",
      requestId,
    };
  }
  if ("failure" in last) return clientErrorOf(last.failure, requestId);
  return { status: 400, requestId, ...last.problem };
}

function bounded(deadlines: Deadlines, remainingMs: number | undefined): Deadlines {
  if (remainingMs === undefined) return deadlines;
  return { ...deadlines, totalMs: Math.min(deadlines.totalMs ?? remainingMs, remainingMs) };
}

function elapsedMs(input: ClimbInput): number {
  return input.world.clock.monotonicMs() - input.startedMs;
}

function attemptRecord(input: {
  readonly rung: Rung;
  readonly end: ExchangeEnd;
  readonly attempt: PreparedAttempt;
  readonly number: number;
  readonly startedMs: number;
}): AttemptRecord {
  const { rung, end } = input;
  const { usage } = input.attempt.answer();
  return {
    attempt: input.number,
    deployment: rung.deployment,
    provider: rung.provider,
    variant: rung.variant,
    model: rung.model.id,
    outcome: end.outcome,
    ...(end.status !== undefined && { status: end.status }),
    ...(end.failure && { failure: end.failure.kind }),
    ...(usage && { usage }),
    startedMs: input.startedMs,
    ...(end.firstByteMs !== undefined && { firstByteMs: end.firstByteMs }),
    ...(end.firstContentMs !== undefined && { firstContentMs: end.firstContentMs }),
    totalMs: end.totalMs,
  };
}
