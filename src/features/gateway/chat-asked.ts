import type { AnswerContext, Warning } from "#core/dialects/dialect.ts";
import type { Degraded } from "#core/routing/degraded.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { UpstreamCall } from "#adapters/upstream/upstream-port.ts";
import type { Framing } from "#features/gateway/framing.ts";
import type { OperationInput } from "#features/gateway/operation.ts";
import type { PromptedRequest } from "#features/gateway/prompted-request.ts";
import type { Rung } from "#features/gateway/rung.ts";

/** A chat request on its way. */
export interface ChatOperationInput extends OperationInput {
  readonly request: ChatRequest;
  /** The request as a rung's prompt makes it. */
  readonly prompted: PromptedRequest;
  /** The request's body as it came: it passes unchanged where it can. Undefined where none came. */
  readonly body: Buffer | undefined;
  readonly framing: Framing;
  readonly context: AnswerContext;
}

/** Who is to answer, and how. */
export interface AnswerWanted {
  readonly rung: Rung;
  /** Counts from 1. */
  readonly number: number;
  /** How its answer differs from what was decided; undefined where it does not. */
  readonly degraded: Degraded | undefined;
}

/** A chat request as a rung is asked it, once. */
export interface ChatAsked extends AnswerWanted {
  /** The call by which the rung is asked for the whole answer. */
  readonly call: UpstreamCall;
  /** Whether the answer's bytes may pass. */
  readonly passes: boolean;
  /** What of the request could not be carried. */
  readonly warnings: readonly Warning[];
}

/** Tokens of the answer at most, by whatever bounds it; undefined where nothing does. */
export function outputTokensBound(
  { rung, degraded }: Pick<AnswerWanted, "rung" | "degraded">,
  { parameters }: ChatRequest,
): number | undefined {
  const shorterMax = degraded?.step === "shorter" ? degraded.outputTokensMax : undefined;
  return shorterMax ?? rung.parameters.maxOutputTokens ?? parameters.maxOutputTokens;
}
