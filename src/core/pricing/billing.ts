import { serviceTiers, type ServiceTier, type Usage } from "#core/llm/usage.ts";
import { costOf } from "./cost-of.ts";
import { isPlausible } from "./plausible-usage.ts";
import type { PriceSchedule } from "./price-schedule.ts";

/** Tokens as we count them ourselves. */
interface CountedTokens {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly thinkingTokens: number;
}

/** What is known of one call to a provider when it is over. */
export interface BilledCall {
  /** Status of the provider's answer; absent where none came. */
  readonly status?: number;
  /** Whether the call went out on a connection. */
  readonly sent: boolean;
  /** What the provider reported. */
  readonly usage?: Usage;
  /** Our own count, made only where it is needed: of the prompt, and of what came of the answer. */
  readonly estimate: () => CountedTokens;
  /** The quality of service that the request asked for. */
  readonly askedTier?: string;
  /** What the answer's headers say was given; what the usage says goes before. */
  readonly servedTier?: ServiceTier;
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
  const reported = reportedUsage(call);
  if (!schedule) return { estimated: false, ...(reported && { usage: reported }) };
  const terms = { atMs: call.atMs, serviceTier: tierOf(call) };
  const exact = reported && costOf(schedule, reported, terms);
  if (exact !== undefined) return { usage: reported, estimated: false, picoDollars: exact };
  if (isFree(call)) return { estimated: false, picoDollars: 0 };
  const usage = estimatedUsage(call);
  const picoDollars = costOf(schedule, usage, terms);
  return { usage, estimated: true, ...(picoDollars !== undefined && { picoDollars }) };
}

function isFree({ sent, status }: BilledCall): boolean {
  return !sent || (status !== undefined && status >= 400);
}

/** What the provider reported, if it can be true, with the quality of service from wherever it was told. */
function reportedUsage({ usage, servedTier }: BilledCall): Usage | undefined {
  if (!usage || !isPlausible(usage)) return undefined;
  return usage.serviceTier || !servedTier ? usage : { ...usage, serviceTier: servedTier };
}

function estimatedUsage({ estimate, servedTier }: BilledCall): Usage {
  const { inputTokens, outputTokens, thinkingTokens } = estimate();
  return {
    inputTokens,
    cachedInputTokens: 0,
    toolInputTokens: 0,
    outputTokens,
    thinkingTokens,
    ...(servedTier && { serviceTier: servedTier }),
  };
}

/** What was given, and where nobody says, what was asked for. */
function tierOf({ usage, servedTier, askedTier }: BilledCall): ServiceTier {
  return usage?.serviceTier ?? servedTier ?? serviceTiers.find((tier) => tier === askedTier) ?? "standard";
}
