import type { Dialect, RequestProblem, Warning } from "#core/dialects/dialect.ts";
import { ok, type Result } from "#core/kernel/result.ts";
import { spliceReadRequest } from "#core/dialects/splice/splice-chat-request.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { VariantParameters } from "#core/routing/variant.ts";
import type { UpstreamCall } from "#adapters/upstream/upstream-port.ts";
import type { Rung } from "#features/gateway/rung.ts";

/** A request body as it goes to one rung. */
export interface UpstreamBody {
  readonly body: UpstreamCall["body"];
  readonly warnings: readonly Warning[];
  /** Whether the answer's bytes may pass: the client speaks the provider's dialect, and its request says no more than it said. */
  readonly passes: boolean;
}

/**
 * The body for one rung. Where the client speaks the provider's dialect and the variant adds nothing, the bytes pass
 * (of OpenAI's, only `model` and `stream_options` are spliced); else the request is written anew.
 */
export function upstreamBody(input: {
  readonly dialect: Dialect;
  readonly request: ChatRequest;
  readonly body: Buffer;
  readonly rung: Rung;
  /** Tokens of the answer at most, where it is bounded more tightly than client and variant do. */
  readonly outputTokensMax: number | undefined;
}): Result<UpstreamBody, RequestProblem> {
  const { rung, request } = input;
  const { client } = rung.dialect;
  const parameters = boundParameters(rung.parameters, input.outputTokensMax);
  const isAlike = input.dialect.name === rung.dialect.name && Object.keys(parameters).length === 0;
  if (isAlike && client.rewritesRequests !== true) {
    const body = passedBody(input);
    if (body) return ok({ body, warnings: [], passes: true });
  }
  const encoded = client.encodeRequest(withParameters(request, parameters), rung.model);
  if (!encoded.ok) return encoded;
  const passes = isAlike && client.rewritesRequests === true;
  return ok({ body: JSON.stringify(encoded.value.body), warnings: encoded.value.warnings, passes });
}

function passedBody(input: {
  readonly request: ChatRequest;
  readonly body: Buffer;
  readonly rung: Rung;
}): UpstreamCall["body"] | undefined {
  if (input.rung.dialect.name === "gemini") return input.body;
  return spliceReadRequest(input.body, { model: input.rung.model.id, includeUsage: input.request.stream });
}

function boundParameters(
  parameters: VariantParameters,
  maxOutputTokens: number | undefined,
): VariantParameters {
  return maxOutputTokens === undefined ? parameters : { ...parameters, maxOutputTokens };
}

/** The request with the variant's parameters over the client's. */
function withParameters(request: ChatRequest, parameters: VariantParameters): ChatRequest {
  const { thinking, ...generation } = parameters;
  return {
    ...request,
    parameters: { ...request.parameters, ...generation },
    ...(thinking && {
      thinking: {
        ...(request.thinking.include !== undefined && { include: request.thinking.include }),
        ...thinking,
      },
    }),
  };
}
