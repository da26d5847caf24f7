import type { EmbeddingServer, EncodedRequest, RequestProblem } from "#core/dialects/dialect.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { EmbeddingRequest } from "#core/llm/embedding.ts";
import type { Usage } from "#core/llm/usage.ts";
import { emptyAnswer, type Answer } from "#features/gateway/answer-tracker.ts";
import type { Degraded } from "#core/routing/degraded.ts";
import type { Operation, OperationInput, PreparedAttempt } from "#features/gateway/operation.ts";
import type { Rung } from "#features/gateway/rung.ts";
import { wholeAttempt } from "#features/gateway/whole-attempt.ts";

/** An embedding request on its way. */
export interface EmbeddingCall {
  readonly request: EmbeddingRequest;
  /** Writes the vectors as the client's dialect does. */
  readonly encodeResponse: EmbeddingServer["encodeResponse"];
}

interface EmbeddingOperationInput extends OperationInput, EmbeddingCall {}

/** Vectors for texts. */
export function embeddingOperation(input: EmbeddingOperationInput): Operation {
  return { prepare: (rung, attempt, degraded) => prepareEmbedding(input, rung, { attempt, degraded }) };
}

interface Target {
  readonly rung: Rung;
  readonly attempt: number;
  readonly degraded: Degraded | undefined;
  readonly encoded: EncodedRequest;
}

function prepareEmbedding(
  input: EmbeddingOperationInput,
  rung: Rung,
  asked: Pick<Target, "attempt" | "degraded">,
): Result<PreparedAttempt, RequestProblem> {
  const encoded = rung.dialect.client.encodeEmbeddingRequest(input.request, rung.model.id);
  if (!encoded.ok) return encoded;
  return ok(embeddingAttempt(input, { ...asked, rung, encoded: encoded.value }));
}

function embeddingAttempt(
  input: EmbeddingOperationInput,
  { rung, attempt, degraded, encoded }: Target,
): PreparedAttempt {
  const { client, dialect, request, nowMs } = input;
  return {
    call: {
      url: rung.baseUrl + rung.dialect.client.embeddingPath(rung.model.id, request.batch),
      headers: rung.headers,
      body: JSON.stringify(encoded.body),
      privateNetwork: rung.privateNetwork,
    },
    warnings: () => encoded.warnings,
    ...wholeAttempt({
      dialect: rung.dialect.client,
      client,
      deadlines: input.deadlines,
      nowMs,
      headers: (contentType) => input.headers(rung, contentType, attempt, degraded),
      translate({ json }) {
        const decoded = rung.dialect.client.decodeEmbeddingResponse(json);
        if (!decoded.ok) return failed({ failure: decoded.error });
        const body = JSON.stringify(input.encodeResponse(decoded.value, request));
        return ok({ answer: trackVectors(decoded.value.inputTokens), body });
      },
      errorBody: (error) => JSON.stringify(dialect.server.encodeError(error)),
    }),
  };
}

function trackVectors(inputTokens: number | undefined): Answer {
  const finish = { reason: "stop", raw: "" } as const;
  if (inputTokens === undefined) return { ...emptyAnswer, hasContent: true, finish };
  const usage: Usage = {
    inputTokens,
    cachedInputTokens: 0,
    toolInputTokens: 0,
    outputTokens: 0,
    thinkingTokens: 0,
  };
  return { ...emptyAnswer, hasContent: true, finish, usage };
}
