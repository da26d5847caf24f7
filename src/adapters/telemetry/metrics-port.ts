import type { Usage } from "#core/llm/usage.ts";

/** What is counted of a request that has ended: a part of traffic's record. */
export interface MeasuredRequest {
  readonly operation: string;
  readonly outcome: string;
  /** HTTP status that the client got. */
  readonly status: number;
  /** `degraded`: the step of the ladder that answered in place of what was decided. */
  readonly decision?: { readonly route: string; readonly variant: string; readonly degraded?: string };
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
  /** Whether it went on with a stream that had broken elsewhere. */
  readonly resumes?: boolean;
  readonly deployment: string;
  readonly variant: string;
  readonly outcome: string;
  /** Why it went to a deployment that was not as it should be. */
  readonly chosen?: string;
  readonly failure?: string;
  /** Since the request came in, ms. */
  readonly startedMs: number;
  /** Since the attempt started, ms. */
  readonly totalMs: number;
  /** Since the attempt started, ms. */
  readonly firstContentMs?: number;
}
