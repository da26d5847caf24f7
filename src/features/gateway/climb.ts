import type { ErrorForClient, RequestProblem, Warning } from "#core/dialects/dialect.ts";
import type { Filled } from "#core/kernel/filled.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { emptyAnswer, type Answer } from "#features/gateway/answer-tracker.ts";
import { attemptRecord, requestCost, type BilledRequest } from "#features/gateway/attempt-record.ts";
import type { CollectedContent } from "#features/gateway/collected-content.ts";
import type { ClientPort } from "#features/gateway/client-port.ts";
import { clientErrorOf, movesOn } from "#features/gateway/client-error.ts";
import { runExchange, type Deadlines, type ExchangeWorld } from "#features/gateway/exchange.ts";
import type { Operation, PreparedAttempt } from "#features/gateway/operation.ts";
import type { Rung } from "#features/gateway/rung.ts";
import type { AttemptRecord } from "#features/traffic/index.ts";

/** How a climb ended, for the record. */
export interface ClimbEnd {
  readonly outcome: "completed" | "failed" | "aborted";
  readonly attempts: readonly AttemptRecord[];
  readonly warnings: readonly Warning[];
  readonly answer: Answer;
  /** What was answered, where it is collected. */
  readonly content?: CollectedContent;
  /** What the client was told, or must be told where `sent` is false. */
  readonly error?: ErrorForClient;
  /** Whether an answer, or its beginning, has been sent. */
  readonly sent: boolean;
}

/** What a climb is given. */
export interface ClimbInput {
  readonly world: ExchangeWorld;
  readonly client: ClientPort;
  readonly ladder: readonly Rung[];
  readonly operation: Operation;
  /** What prices need to know of the request. */
  readonly billed: BilledRequest;
  readonly requestId: string;
  /** Monotonic time when the request came in, ms. */
  readonly startedMs: number;
  /** Bound of the whole request, ms since `startedMs`. */
  readonly totalMs?: number;
}

/** Tries rung after rung until one answers, the request proves to be at fault, time is up, or the client is gone. */
export async function climb(input: ClimbInput): Promise<ClimbEnd> {
  const attempts: AttemptRecord[] = [];
  let setback: Setback | undefined;
  for (const rung of input.ladder) {
    const left = timeLeft(input);
    if (left.ms !== undefined && left.ms <= 0) {
      setback ??= { failure: { kind: "total-timeout", message: "The request's time was used up" } };
      break;
    }
    const prepared = input.operation.prepare(rung, attempts.length + 1);
    if (!prepared.ok) {
      // Another rung may speak a dialect that can carry the request.
      setback ??= { problem: prepared.error };
      continue;
    }
    const end = await attempt(input, { rung, prepared: prepared.value, left, attempts });
    if ("outcome" in end) return end;
    setback = end;
    if (!movesOn(end.failure)) break;
  }
  const error = errorOf(setback, input.requestId);
  return { outcome: "failed", attempts, warnings: [], answer: emptyAnswer, error, sent: false };
}

/** Why a rung did not answer. */
type Setback = { readonly failure: UpstreamFailure } | { readonly problem: RequestProblem };

interface TimeLeft {
  /** Since the request came in, ms. */
  readonly spentMs: number;
  /** For what is left of the request; undefined is unbounded. */
  readonly ms: number | undefined;
}

/** Runs one attempt: the end of the climb, or the failure that lets another rung try. */
async function attempt(
  input: ClimbInput,
  step: {
    readonly rung: Rung;
    readonly prepared: PreparedAttempt;
    readonly left: TimeLeft;
    /** Grows by this attempt. */
    readonly attempts: AttemptRecord[];
  },
): Promise<ClimbEnd | { readonly failure: UpstreamFailure }> {
  const { prepared, left, attempts } = step;
  const deadlines = bounded(prepared.deadlines, left.ms);
  const { client, requestId } = input;
  const { underWay } = input.world;
  underWay?.began(step.rung.deployment);
  const end = await runExchange(input.world, prepared.call, { deadlines, client, reader: prepared.reader });
  underWay?.ended(step.rung.deployment);
  const answer = prepared.answer();
  const number = attempts.length + 1;
  attempts.push(
    attemptRecord({ rung: step.rung, end, answer, request: input.billed, number, startedMs: left.spentMs }),
  );
  const sent = end.outcome === "completed" || prepared.committed();
  if (end.outcome === "failed" && !sent) return { failure: end.failure };
  const warnings = prepared.warnings();
  const climbed: Filled<ClimbEnd> = { outcome: end.outcome, attempts, warnings, answer, sent };
  const content = prepared.content?.();
  if (content) climbed.content = content;
  if (end.outcome === "completed") prepared.complete(requestCost(attempts));
  if (end.outcome === "failed") {
    climbed.error = clientErrorOf(end.failure, requestId);
    prepared.breakOff(climbed.error);
  }
  return climbed;
}

function errorOf(setback: Setback | undefined, requestId: string): ErrorForClient {
  if (!setback) {
    const message = "No deployment can serve the request";
    return { status: 503, code: "no-deployment-available", message, requestId };
  }
  if ("failure" in setback) return clientErrorOf(setback.failure, requestId);
  return { status: 400, requestId, ...setback.problem };
}

function timeLeft({ world, startedMs, totalMs }: ClimbInput): TimeLeft {
  const spentMs = world.clock.monotonicMs() - startedMs;
  return { spentMs, ms: totalMs === undefined ? undefined : totalMs - spentMs };
}

function bounded(deadlines: Deadlines, leftMs: number | undefined): Deadlines {
  if (leftMs === undefined) return deadlines;
  return { ...deadlines, totalMs: Math.min(deadlines.totalMs ?? leftMs, leftMs) };
}
