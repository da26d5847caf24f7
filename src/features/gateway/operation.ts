import type { UpstreamCall } from "#adapters/upstream/upstream-port.ts";
import type { ErrorForClient, RequestProblem, ServedDialect, Warning } from "#core/dialects/dialect.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import type { Usage } from "#core/llm/usage.ts";
import type { Degraded } from "#core/routing/degraded.ts";
import type { Result } from "#core/kernel/result.ts";
import type { Answer } from "#features/gateway/answer-tracker.ts";
import type { CollectedContent } from "#features/gateway/collected-content.ts";
import type { ClientPort } from "#features/gateway/client-port.ts";
import type { CostCap } from "#features/gateway/cost-cap.ts";
import type { Deadlines, ExchangeEnd, ExchangeReader } from "#features/gateway/exchange.ts";
import type { RequestCost } from "#features/traffic/index.ts";
import type { Rung } from "#features/gateway/rung.ts";

/** One kind of request (chat, embeddings, counting): how to ask a rung and how to give the answer on. */
export interface Operation {
  /**
   * Makes the request ready for one rung; a problem when that rung's dialect cannot carry it.
   * @param degraded how its answer will differ from what was decided
   */
  prepare(
    rung: Rung,
    attempt: number,
    degraded: Degraded | undefined,
  ): Result<PreparedAttempt, RequestProblem>;
  /** Gives the client an answer that was kept, with these headers beside those of its kind; absent where none are kept. */
  giveKept?(response: ChatResponse, headers: Readonly<Record<string, string>>): void;
}

/**
 * What is missing of an answer that has begun: an operation that brings only that, to where the beginning is. Its
 * attempts add to what is there, whatever came of it to the client.
 */
export interface AnswerRest extends Pick<Operation, "prepare"> {
  /** How others can be asked for it; absent where only the deployment that has the beginning can, at once. */
  readonly elsewhere?: RestElsewhere;
}

/** A broken answer that others can go on with from what the client has of it. */
export interface RestElsewhere {
  /** Whether a rung can. */
  goesOn(rung: Rung): boolean;
  /** Our estimate of the beginning, which they read beside the prompt. */
  readonly promptTokens: number;
  /** Tokens that were made for the beginning, thoughts included: the rest may be as much shorter. */
  readonly generated: number;
}

/** One attempt, ready to run. */
export interface PreparedAttempt {
  readonly call: UpstreamCall;
  readonly deadlines: Deadlines;
  /** What the pairing of dialects could not carry, of the request and of the answer so far. */
  warnings(): readonly Warning[];
  readonly reader: ExchangeReader;
  /** What is known of the answer so far. */
  answer(): Answer;
  /** The content of the answer so far, where it is collected. */
  content?(): CollectedContent | undefined;
  /** Whether any of the answer has been sent: no other upstream may take over then (invariant 1). */
  committed(): boolean;
  /** Calls back just before the first of the answer is sent; absent where an answer goes in one piece. */
  whenCommitted?(callback: () => void): void;
  /**
   * What is missing of the answer when the attempt is over, where somebody can be asked for it: then it is neither
   * complete nor failed yet. Absent where answers are never parted.
   *
   * @param billed the attempt's tokens, as reported or estimated
   */
  rest?(end: ExchangeEnd, billed: Usage | undefined): AnswerRest | undefined;
  /** Sends what is left of a whole answer; one that goes in one piece says what the request cost. */
  complete(cost: RequestCost | undefined): void;
  /** Tells the client inside an answer under way that it failed. */
  breakOff(error: ErrorForClient): void;
}

/** What every operation is given, beside what is asked of it. */
export interface OperationInput {
  /** The client's dialect. */
  readonly dialect: ServedDialect;
  readonly client: ClientPort;
  readonly deadlines: Deadlines;
  readonly nowMs: () => number;
  /** What the request may cost with all its attempts; undefined where nothing bounds it. */
  readonly costCap: CostCap | undefined;
  /** Characters of an answer that are collected at most; absent where the content is not to be kept. */
  readonly collectLengthMax?: number;
  /** Whether the client reads trailers, and is told behind a stream what it cost. */
  readonly tellsCost: boolean;
  /** Whether later requests can go on from the answer by its id. */
  readonly isStored: boolean;
  /** Whether a stream that breaks may be gone on with elsewhere. */
  readonly resumes: boolean;
  /** Whether a stream that was blocked before any content is held back until it is known that nobody else answers. */
  readonly holdsBlocked: boolean;
  /** Headers of an answer by this rung, at the attempt of that number. */
  readonly headers: (
    rung: Rung,
    contentType: string,
    attempt: number,
    degraded: Degraded | undefined,
  ) => Readonly<Record<string, string>>;
}
