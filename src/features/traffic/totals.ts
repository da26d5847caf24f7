import type { Outcome } from "./request-record.ts";
import type { Resolution } from "./time-spans.ts";

/** Groups that one call of `totals` gives at most: the largest ones. */
export const totalsMax = 1_000;
/** Minutes, hours or days that one call of `series` is for at most: a month of hours. */
export const stepsMax = 750;
/** Points that one call of `series` gives at most: ten groups for each of them. */
export const pointsMax = 7_500;

/** What everything can be grouped by: requests are counted by these when they are kept. */
export const countedDimensions = ["route", "variant", "deployment"] as const;

/** What totals can be grouped by. By model or outcome means to read the log itself. */
export const dimensions = [...countedDimensions, "model", "outcome"] as const;

/** What requests are counted by. */
export type CountedDimension = (typeof countedDimensions)[number];
/** One of all. */
export type Dimension = (typeof dimensions)[number];

/** What is to be summed. */
export interface TotalsQuery {
  /** Came in at or after, ms since 1970; read as the begin of its minute. */
  readonly fromMs: number;
  /** Came in before, ms since 1970; read as the end of its minute. */
  readonly toMs: number;
  /** Empty for one sum over everything. */
  readonly by: readonly Dimension[];
  /** Only this route, variant or deployment. */
  readonly only?: Pick<Group, CountedDimension>;
}

/** What is to be summed for each minute, hour or day. */
export interface SeriesQuery {
  /** Came in at or after, ms since 1970; read as the begin of its minute, hour or day. */
  readonly fromMs: number;
  /** Came in before, ms since 1970; read as the end of its minute, hour or day. */
  readonly toMs: number;
  readonly resolution: Resolution;
  /** Empty for one sum over everything. */
  readonly by: readonly CountedDimension[];
  /** Only this route, variant or deployment. */
  readonly only?: Pick<Group, CountedDimension>;
}

/**
 * The values that requests of one group share. A request is counted at the deployment of its last attempt, an attempt
 * and what it cost at its own; both under the route and variant that were decided.
 */
export interface Group {
  readonly route?: string;
  readonly variant?: string;
  readonly deployment?: string;
  readonly model?: string;
  readonly outcome?: Outcome;
}

/** Counts and sums. */
export interface Sums {
  readonly requests: number;
  readonly completed: number;
  readonly failed: number;
  readonly refused: number;
  readonly aborted: number;
  /** Requests that the emulator answered. */
  readonly emulated: number;
  /** Requests with more than one attempt. */
  readonly fallbacks: number;
  readonly attempts: number;
  /** Absent where the log itself was read. */
  readonly attemptsFailed?: number;
  /** Attempts without a known price: they are not in the cost. */
  readonly attemptsUnpriced: number;
  /** Tokens are those of the attempts that answered. */
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly toolInputTokens: number;
  readonly outputTokens: number;
  readonly thinkingTokens: number;
  /** What all attempts cost, pico-dollars. */
  readonly picoDollars: bigint;
  /** The part of it that is estimated. */
  readonly estimatedPicoDollars: bigint;
  /** Spent in Signalbox before the first upstream call began, over all requests, ms. */
  readonly gatewayMsSum: number;
  /** Until the end of the completed requests. */
  readonly total: DurationSums;
  /** Until the first content, where there was one. */
  readonly firstContent: DurationSums;
}

/** Durations of many requests. */
export interface DurationSums {
  readonly count: number;
  readonly msSum: number;
  /** Buckets (histogram.ts) of the quantiles 0.5, 0.95 and 0.99; absent when nothing was counted. */
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
}

/** Counts and sums of one group: a value for each dimension asked for, absent where records have none. */
export interface Total extends Sums {
  readonly group: Group;
}

/** Counts and sums of one group in one minute, hour or day. */
export interface Point extends Total {
  /** Its begin, ms since 1970. */
  readonly startMs: number;
}
