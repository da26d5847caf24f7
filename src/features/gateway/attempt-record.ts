import type { Answer } from "#features/gateway/answer-tracker.ts";
import type { ExchangeEnd } from "#features/gateway/exchange.ts";
import type { Rung } from "#features/gateway/rung.ts";
import type { AttemptRecord } from "#features/traffic/index.ts";

/** The record of one attempt, however it ended. */
export function attemptRecord(input: {
  readonly rung: Rung;
  readonly end: ExchangeEnd;
  readonly answer: Answer;
  /** Counts from 1. */
  readonly number: number;
  /** Since the request came in, ms. */
  readonly startedMs: number;
}): AttemptRecord {
  const { rung, end } = input;
  const { usage } = input.answer;
  return {
    attempt: input.number,
    deployment: rung.deployment,
    provider: rung.provider,
    variant: rung.variant,
    model: rung.model.id,
    outcome: end.outcome,
    ...(end.status !== undefined && { status: end.status }),
    ...(end.outcome === "failed" && { failure: end.failure.kind }),
    ...(usage && { usage }),
    startedMs: input.startedMs,
    ...(end.connectMs !== undefined && { connectMs: end.connectMs }),
    ...(end.firstByteMs !== undefined && { firstByteMs: end.firstByteMs }),
    ...(end.firstContentMs !== undefined && { firstContentMs: end.firstContentMs }),
    ...(end.lastContentMs !== undefined && { lastContentMs: end.lastContentMs }),
    totalMs: end.totalMs,
  };
}
