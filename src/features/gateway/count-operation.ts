import type { Dialect, RequestProblem } from "#core/dialects/dialect.ts";
import {
  decodeCountTokensResponse,
  encodeCountTokensRequest,
  encodeCountTokensResponse,
} from "#core/dialects/gemini/count-tokens.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import { emptyAnswer, type AnswerTracker } from "#features/gateway/answer-tracker.ts";
import type { ClientPort } from "#features/gateway/client-port.ts";
import type { Deadlines } from "#features/gateway/exchange.ts";
import type { Operation, PreparedAttempt } from "#features/gateway/operation.ts";
import type { Rung } from "#features/gateway/rung.ts";
import { WholeAnswerReader } from "#features/gateway/whole-answer.ts";

/** A wish to know how many tokens a request has. */
export interface CountOperationInput {
  readonly dialect: Dialect;
  readonly request: ChatRequest;
  readonly client: ClientPort;
  readonly deadlines: Deadlines;
  readonly nowMs: () => number;
  readonly headers: (rung: Rung, contentType: string, attempt: number) => Readonly<Record<string, string>>;
}
