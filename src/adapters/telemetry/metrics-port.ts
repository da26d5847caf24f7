import type { Usage } from "#core/llm/usage.ts";

/** What is counted of a request that has ended: a part of traffic's record. */
export interface MeasuredRequest {
  readonly operation: string;
  readonly outcome: string;
  readonly decision?: { readonly route: string; readonly variant: string };
  readonly attempts: readonly MeasuredAttempt[];
  readonly usage?: Usage;
  /** Durations since the request came in, ms. */
  readonly timings: {
    readonly firstContentMs?: number;
    readonly totalMs: number;
    readonly gatewayMs: number;
  };
}

/** What is counted of one upstream call. */
export interface MeasuredAttempt {
  /** Whether it brought more of an answer that an earlier attempt had begun. */
  readonly continues?: boolean;
  readonly deployment: string;
  readonly variant: string;
  readonly outcome: string;
  readonly failure?: string;
  /** Since the request came in, ms. */
  readonly startedMs: number;
  /** Since the attempt started, ms. */
  readonly totalMs: number;
  /** Since the attempt started, ms. */
  readonly firstContentMs?: number;
}
