import type { RequestProblem, TokenCountServer, TokenCounting, Warning } from "#core/dialects/dialect.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { Degraded } from "#core/routing/degraded.ts";
import type { Operation, OperationInput, PreparedAttempt } from "#features/gateway/operation.ts";
import type { PromptedRequest } from "#features/gateway/prompted-request.ts";
import type { Rung } from "#features/gateway/rung.ts";
import { emptyAnswer, type Answer } from "#features/gateway/answer-tracker.ts";
import { namedAt } from "#features/gateway/resources/cached-content-name.ts";
import { wholeAttempt } from "#features/gateway/whole-attempt.ts";

/** A wish to know how many tokens a request has. */
export interface CountCall {
  readonly request: ChatRequest;
  /** Writes the count as the client's dialect does. */
  readonly encodeResponse: TokenCountServer["encodeResponse"];
}

interface CountOperationInput extends OperationInput, CountCall {
  /** The request as a rung's prompt makes it. */
  readonly prompted: PromptedRequest;
}

/** Token counts come from the provider: of the dialects that providers speak only Gemini's can tell. */
export function countOperation(input: CountOperationInput): Operation {
  return { prepare: (rung, attempt, degraded) => prepareCount(input, rung, { attempt, degraded }) };
}

function prepareCount(
  input: CountOperationInput,
  rung: Rung,
  asked: Pick<Target, "attempt" | "degraded">,
): Result<PreparedAttempt, RequestProblem> {
  const counting = rung.dialect.client.tokenCounting;
  if (!counting) return failed(cannotCount(rung));
  const prompted = input.prompted(rung.prompt);
  if (!prompted.ok) return prompted;
  const request = namedAt(rung, prompted.value);
  if (!request.ok) return request;
  const encoded = rung.dialect.client.encodeRequest(request.value, rung.model);
  if (!encoded.ok) return encoded;
  const body = counting.encode(encoded.value.body, rung.model.id);
  return ok(countAttempt(input, { ...asked, rung, counting, body, warnings: encoded.value.warnings }));
}

function cannotCount(rung: Rung): RequestProblem {
  return {
    code: "unsupported-feature",
    message: `Cannot count tokens at deployment "${rung.deployment}": a provider of the dialect gemini is wanted, it speaks ${rung.dialect.name}`,
  };
}

interface Target {
  readonly rung: Rung;
  readonly counting: TokenCounting;
  readonly attempt: number;
  readonly degraded: Degraded | undefined;
  readonly body: JsonObject;
  readonly warnings: readonly Warning[];
}

function countAttempt(
  input: CountOperationInput,
  { rung, counting, attempt, degraded, body, warnings }: Target,
): PreparedAttempt {
  const { client, dialect, nowMs } = input;
  return {
    call: {
      url: rung.baseUrl + counting.path(rung.model.id),
      headers: rung.headers,
      body: JSON.stringify(body),
      privateNetwork: rung.privateNetwork,
    },
    warnings: () => warnings,
    ...wholeAttempt({
      dialect: rung.dialect.client,
      client,
      deadlines: input.deadlines,
      nowMs,
      headers: (contentType) => input.headers(rung, contentType, attempt, degraded),
      translate({ json }) {
        const decoded = counting.decode(json);
        if (!decoded.ok) return failed({ failure: decoded.error });
        const answer: Answer = { ...emptyAnswer, hasContent: true, finish: { reason: "stop", raw: "" } };
        return ok({ answer, body: JSON.stringify(input.encodeResponse(decoded.value)) });
      },
      errorBody: (error) => JSON.stringify(dialect.server.encodeError(error)),
    }),
  };
}
