import type { ForcedChoice } from "#core/balancing/pick.ts";
import type { Filled } from "#core/kernel/filled.ts";
import { roundedMs } from "#core/kernel/rounded-ms.ts";
import { billOf, type BilledCall } from "#core/pricing/billing.ts";
import { cacheStorageCost, callCostMax } from "#core/pricing/cost-of.ts";
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

/** What the record of one attempt is made from. */
export interface AttemptInput {
  readonly rung: Rung;
  readonly end: ExchangeEnd;
  readonly answer: Answer;
  readonly request: BilledRequest;
  /** Counts from 1. */
  readonly number: number;
  /** Why it was asked although it is not as it should be; undefined where it is. */
  readonly chosen: ForcedChoice | undefined;
  /** Since the request came in, ms. */
  readonly startedMs: number;
  /** Whether it brought more of an answer that an earlier attempt had begun; undefined where it did not. */
  readonly goesOn: "continues" | "resumes" | undefined;
}

/** The record of one attempt, however it ended. */
export function attemptRecord(input: AttemptInput): AttemptRecord {
  const { rung, end } = input;
  const record: Filled<AttemptRecord> = {
    attempt: input.number,
    deployment: rung.deployment,
    provider: rung.provider,
    variant: rung.variant,
    model: rung.model.id,
    outcome: end.outcome,
    startedMs: roundedMs(input.startedMs),
    totalMs: roundedMs(end.totalMs),
  };
  if (input.goesOn) record[input.goesOn] = true;
  if (input.chosen) record.chosen = input.chosen;
  if (end.status !== undefined) record.status = end.status;
  if (end.outcome === "failed") record.failure = end.failure.kind;
  if (end.connectMs !== undefined) record.connectMs = roundedMs(end.connectMs);
  if (end.firstByteMs !== undefined) record.firstByteMs = roundedMs(end.firstByteMs);
  if (end.firstContentMs !== undefined) record.firstContentMs = roundedMs(end.firstContentMs);
  if (end.lastContentMs !== undefined) record.lastContentMs = roundedMs(end.lastContentMs);
  if (input.request.charged) bill(record, input);
  return record;
}

function bill(record: Filled<AttemptRecord>, { rung, end, answer, request }: AttemptInput): void {
  const call: Filled<BilledCall> = {
    sent: end.connectMs !== undefined,
    estimate: () => ({
      inputTokens: request.inputTokens,
      outputTokens: answer.seenOutputTokens,
      thinkingTokens: answer.seenThinkingTokens,
    }),
    atMs: request.startedAtMs,
  };
  if (end.status !== undefined) call.status = end.status;
  if (answer.usage) call.usage = answer.usage;
  if (request.serviceTier !== undefined) call.askedTier = request.serviceTier;
  const servedTier = end.headers && rung.dialect.client.servedTier(end.headers);
  if (servedTier) call.servedTier = servedTier;
  const { usage, estimated, picoDollars } = billOf(call, rung.price);
  if (usage) record.usage = usage;
  if (picoDollars === undefined) return;
  const storage = storageCost(answer, rung);
  record.cost =
    storage === undefined
      ? { picoDollars, estimated }
      : { picoDollars: Math.min(picoDollars + storage, callCostMax), estimated: true };
}

/**
 * What it costs to keep what an answer says is kept, pico-dollars; undefined where nothing is, or at no known price. An
 * estimate: it may be deleted sooner.
 */
function storageCost({ stored }: Answer, { price }: Rung): number | undefined {
  if (!stored || !price) return undefined;
  const { tokens, fromMs, untilMs } = stored;
  return cacheStorageCost(price, { tokens, durationMs: untilMs - fromMs, atMs: fromMs });
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
