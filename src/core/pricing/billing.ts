import type { ServiceTier, Usage } from "#core/llm/usage.ts";
import { costOf } from "./cost-of.ts";
import { isPlausible } from "./plausible-usage.ts";
import type { PriceSchedule } from "./price-schedule.ts";

/** What is known of one call to a provider when it is over. */
export interface BilledCall {
  /** Status of the provider's answer; absent where none came. */
  readonly status?: number;
  /** Whether the call went out on a connection. */
  readonly sent: boolean;
  /** What the provider reported. */
  readonly usage?: Usage;
  /** Our own count: of the prompt, and of what came of the answer. */
  readonly estimate: {
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly thinkingTokens: number;
  };
  /** What the request asked for; what the provider says it gave goes before. */
  readonly serviceTier?: string;
  /** When the request came in, ms since 1970. */
  readonly atMs: number;
}

/** What one call used and cost. */
export interface Bill {
  /** As reported, or else estimated; absent when nothing can have been billed, or when there is no price to apply. */
  readonly usage?: Usage | undefined;
  readonly estimated: boolean;
  /** Whole pico-dollars; absent where no price is known. */
  readonly picoDollars?: number;
}

/**
 * What a call used and cost, however it ended.
 *
 * What the provider reported counts, if it can be true. Without a report: an answer with an error status, and a call
 * that never went out, are billed nothing (Gemini charges no tokens of requests that end in a 4xx or 5xx status,
 * https://ai.google.dev/gemini-api/docs/billing); all other calls (broken off, timed
 * out, left by the client) were at work, and are estimated from the prompt and from what came of the answer.
 */
export function billOf(call: BilledCall, schedule: PriceSchedule | undefined): Bill {
  const reported = call.usage && isPlausible(call.usage) ? call.usage : undefined;
  if (!schedule) return { estimated: false, ...(reported && { usage: reported }) };
  const terms = { atMs: call.atMs, serviceTier: tierOf(call) };
  const exact = reported && costOf(schedule, reported, terms);
  if (exact !== undefined) return { usage: call.usage, estimated: false, picoDollars: exact };
  if (isFree(call)) return { estimated: false, picoDollars: 0 };
  const usage = estimatedUsage(call.estimate);
  const picoDollars = costOf(schedule, usage, terms);
  return { usage, estimated: true, ...(picoDollars !== undefined && { picoDollars }) };
}

function isFree({ sent, status }: BilledCall): boolean {
  return !sent || (status !== undefined && status >= 400);
}

function estimatedUsage({ inputTokens, outputTokens, thinkingTokens }: BilledCall["estimate"]): Usage {
  return { inputTokens, cachedInputTokens: 0, toolInputTokens: 0, outputTokens, thinkingTokens };
}

function tierOf({ usage, serviceTier }: BilledCall): ServiceTier {
  if (usage?.serviceTier) return usage.serviceTier;
  return serviceTier === "batch" || serviceTier === "flex" || serviceTier === "priority"
    ? serviceTier
    : "standard";
}
