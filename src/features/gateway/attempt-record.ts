import { billOf } from "#core/pricing/billing.ts";
import type { Answer } from "#features/gateway/answer-tracker.ts";
import type { ExchangeEnd } from "#features/gateway/exchange.ts";
import type { Rung } from "#features/gateway/rung.ts";
import type { AttemptRecord, RequestCost } from "#features/traffic/index.ts";

/** What prices need to know of the request, beside what became of the attempt. */
export interface BilledRequest {
  /** When it came in, ms since 1970. */
  readonly startedAtMs: number;
  /** Our own count of its prompt. */
  readonly inputTokens: number;
  /** The quality of service it asks for. */
  readonly serviceTier?: string;
  /** Whether providers charge for such requests: not for counting tokens. */
  readonly charged: boolean;
}

/** The record of one attempt, however it ended. */
export function attemptRecord(input: {
  readonly rung: Rung;
  readonly end: ExchangeEnd;
  readonly answer: Answer;
  readonly request: BilledRequest;
  /** Counts from 1. */
  readonly number: number;
  /** Since the request came in, ms. */
  readonly startedMs: number;
}): AttemptRecord {
  const { rung, end } = input;
  return {
    attempt: input.number,
    deployment: rung.deployment,
    provider: rung.provider,
    variant: rung.variant,
    model: rung.model.id,
    outcome: end.outcome,
    ...(end.status !== undefined && { status: end.status }),
    ...(end.outcome === "failed" && { failure: end.failure.kind }),
    ...(input.request.charged && billed(input)),
    startedMs: input.startedMs,
    ...(end.connectMs !== undefined && { connectMs: end.connectMs }),
    ...(end.firstByteMs !== undefined && { firstByteMs: end.firstByteMs }),
    ...(end.firstContentMs !== undefined && { firstContentMs: end.firstContentMs }),
    ...(end.lastContentMs !== undefined && { lastContentMs: end.lastContentMs }),
    totalMs: end.totalMs,
  };
}

function billed({
  rung,
  end,
  answer,
  request,
}: Parameters<typeof attemptRecord>[0]): Pick<AttemptRecord, "usage" | "cost"> {
  const servedTier = end.headers && rung.dialect.client.servedTier(end.headers);
  const { usage, estimated, picoDollars } = billOf(
    {
      sent: end.connectMs !== undefined,
      ...(end.status !== undefined && { status: end.status }),
      ...(answer.usage && { usage: answer.usage }),
      estimate: () => ({
        inputTokens: request.inputTokens,
        outputTokens: answer.seenOutputTokens,
        thinkingTokens: answer.seenThinkingTokens,
      }),
      ...(request.serviceTier !== undefined && { askedTier: request.serviceTier }),
      ...(servedTier && { servedTier }),
      atMs: request.startedAtMs,
    },
    rung.price,
  );
  return {
    ...(usage && { usage }),
    ...(picoDollars !== undefined && { cost: { picoDollars, estimated } }),
  };
}

/** What all attempts of a request cost together. */
export function requestCost(attempts: readonly AttemptRecord[]): RequestCost | undefined {
  if (attempts.length === 0) return undefined;
  let picoDollars = 0;
  let estimated = false;
  let unpricedAttempts = 0;
  for (const { cost } of attempts) {
    if (!cost) {
      unpricedAttempts += 1;
      continue;
    }
    picoDollars += cost.picoDollars;
    estimated ||= cost.estimated;
  }
  return { picoDollars, estimated, unpricedAttempts };
}
