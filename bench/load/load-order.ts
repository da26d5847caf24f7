import type { RequestShape } from "./request-body.ts";

/** What a load process is to do. */
export interface LoadOrder {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Beside `host`, `content-type` and `content-length`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly shape: RequestShape;
  /** Requests under way at any time, each on a connection of its own. */
  readonly connections: number;
  /** No request begins later, ms since the first one. */
  readonly durationMs: number;
  /** So many are begun each second, as long as connections are free; absent, each begins when the one before it ends. */
  readonly ratePerSecond?: number;
  /** No more than so many are begun. */
  readonly requestsMax?: number;
}

/** What a load process measured. Times are ms; arrays are in the order in which they happened. */
export interface LoadResult {
  /** From the first byte written to the last one read, of each answer that was as it should be. */
  readonly latenciesMs: Float64Array;
  /** To the first bytes of a stream's first event. */
  readonly firstFrameMs: Float64Array;
  /** Between one event of a stream and the next. */
  readonly gapsMs: Float64Array;
  /** Answers of another status, cut short, or missing. */
  readonly errors: number;
  /** What the first of them was; empty when there are none. */
  readonly firstError: string;
  /** From the first request to the end of the last answer. */
  readonly elapsedMs: number;
}

/** What the parent sends: an order, then, once the process is ready, the word to begin. */
export type LoadMessage = { readonly kind: "order"; readonly order: LoadOrder } | { readonly kind: "go" };

/** What the process answers. */
export type LoadReply =
  | { readonly kind: "listening" }
  /** Every connection is open and has had one answer. */
  | { readonly kind: "ready" }
  | { readonly kind: "result"; readonly result: LoadResult }
  | { readonly kind: "failed"; readonly reason: string };
