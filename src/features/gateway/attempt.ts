import type { ForcedChoice } from "#core/balancing/pick.ts";
import type { Degraded } from "#core/routing/degraded.ts";
import { attemptRecord, type BilledRequest } from "#features/gateway/attempt-record.ts";
import type { Balancer } from "#features/gateway/balancer.ts";
import type { ClientPort } from "#features/gateway/client-port.ts";
import {
  Exchange,
  type Deadlines,
  type ExchangeEnd,
  type ExchangeWorld,
} from "#features/gateway/exchange.ts";
import type { PreparedAttempt } from "#features/gateway/operation.ts";
import { renewedFailure } from "#features/gateway/renewed-failure.ts";
import type { Rung } from "#features/gateway/rung.ts";
import type { AttemptRecord } from "#features/traffic/index.ts";

/** What all attempts of a request have in common. */
export interface AttemptContext {
  readonly world: ExchangeWorld;
  readonly client: ClientPort;
  readonly balancer: Pick<Balancer, "began">;
  readonly stream: boolean;
  /** Our estimate of the prompt. */
  readonly promptTokens: number;
  /** Whether how long it takes says how long answers take: not of counting tokens. */
  readonly timed: boolean;
  /** What prices need to know of the request. */
  readonly billed: BilledRequest;
  /** Monotonic time when the request came in, ms. */
  readonly startedMs: number;
  /** Bound of the whole request, ms since `startedMs`. */
  readonly totalMs?: number;
}

/** One attempt, ready to be made. */
export interface AttemptPlan {
  readonly rung: Rung;
  /** Counts from 1. */
  readonly number: number;
  /** Why it is asked although it is not as it should be; absent where it is. */
  readonly chosen?: ForcedChoice;
  /** How its answer differs from what was decided; absent where it does not. */
  readonly degraded?: Degraded;
  readonly prepared: PreparedAttempt;
  /** Whether it brings more of an answer that an earlier attempt has begun: as its provider parted it, or broken elsewhere. */
  readonly goesOn?: "continues" | "resumes";
  /** Our estimate of the beginning that it reads beside the prompt; absent is none. */
  readonly beginningTokens?: number;
}

/** An attempt that can be made. */
export interface Attempt {
  readonly plan: AttemptPlan;
  /** Makes it. Once. */
  begin(): void;
  /** Ends it: another one answers in its place. */
  abort(): void;
}

/** How an attempt went. */
export interface AttemptEnd {
  readonly plan: AttemptPlan;
  readonly end: ExchangeEnd;
  readonly record: AttemptRecord;
  /** Whether any of its answer was sent, or all of it is there to be sent. */
  readonly sent: boolean;
}

/**
 * Makes ready an attempt, which may end as soon as it begins: it is watched by the balancer, bounded by the request's
 * time, priced and recorded, however it ends.
 */
export function attemptOf(
  context: AttemptContext,
  plan: AttemptPlan,
  onEnd: (end: AttemptEnd) => void,
): Attempt {
  const { world, client } = context;
  const { rung, number, chosen, prepared, goesOn } = plan;
  const request = withBeginning(context.billed, plan);
  const startedMs = world.clock.monotonicMs() - context.startedMs;
  const watch = context.balancer.began(rung, context);
  world.underWay?.began(rung.deployment);
  const exchange = new Exchange(world, {
    deadlines: bounded(prepared.deadlines, context.totalMs, startedMs),
    client,
    reader: prepared.reader,
    onContent: (ms) => watch.content(ms),
    onEnd(ended) {
      const end = withRenewal(ended, rung, prepared.call.headers);
      const answer = prepared.answer();
      watch.ended(end, answer.usage);
      world.underWay?.ended(rung.deployment);
      const record = attemptRecord({ rung, end, answer, request, number, chosen, startedMs, goesOn });
      onEnd({ plan, end, record, sent: end.outcome === "completed" || prepared.committed() });
    },
  });
  return { plan, begin: () => exchange.begin(prepared.call), abort: () => exchange.abort() };
}

function withBeginning(billed: BilledRequest, { beginningTokens }: AttemptPlan): BilledRequest {
  if (beginningTokens === undefined) return billed;
  return { ...billed, inputTokens: billed.inputTokens + beginningTokens };
}

/** A refused token is replaced at once where there can be another one: what failed is the old one, not the credential. */
function withRenewal(end: ExchangeEnd, rung: Rung, headers: Readonly<Record<string, string>>): ExchangeEnd {
  if (end.outcome !== "failed" || !rung.rejected) return end;
  const failure = renewedFailure(end.failure, rung, headers);
  return failure === end.failure ? end : { ...end, failure };
}

function bounded(deadlines: Deadlines, totalMs: number | undefined, spentMs: number): Deadlines {
  if (totalMs === undefined) return deadlines;
  // A moment has passed since it was seen that there is time left.
  const leftMs = Math.max(0, totalMs - spentMs);
  return { ...deadlines, totalMs: Math.min(deadlines.totalMs ?? leftMs, leftMs) };
}
