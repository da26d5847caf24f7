import type { UpstreamCall } from "#adapters/upstream/upstream-port.ts";
import type { ErrorForClient, RequestProblem, Warning } from "#core/dialects/dialect.ts";
import type { Result } from "#core/kernel/result.ts";
import type { AnswerTracker } from "#features/gateway/answer-tracker.ts";
import type { Deadlines, ExchangeReader } from "#features/gateway/exchange.ts";
import type { Rung } from "#features/gateway/rung.ts";

/** One kind of request (chat, embeddings, counting): how to ask a rung and how to give the answer on. */
export interface Operation {
  /** Makes the request ready for one rung; a problem when that rung's dialect cannot carry it. */
  prepare(rung: Rung, attempt: number): Result<PreparedAttempt, RequestProblem>;
}

/** One attempt, ready to run. */
export interface PreparedAttempt {
  readonly call: UpstreamCall;
  readonly deadlines: Deadlines;
  readonly warnings: readonly Warning[];
  readonly reader: ExchangeReader;
  /** What is known of the answer so far. */
  answer(): AnswerTracker;
  /** Whether any of the answer has been sent: no other upstream may take over then (invariant 1). */
  committed(): boolean;
  /** Sends what is left of a whole answer. */
  complete(): void;
  /** Tells the client inside an answer under way that it failed. */
  breakOff(error: ErrorForClient): void;
}
