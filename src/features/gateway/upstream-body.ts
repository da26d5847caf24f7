import type { PrefillWay, RequestProblem, ServedDialect, Warning } from "#core/dialects/dialect.ts";
import { ok, type Result } from "#core/kernel/result.ts";
import { replaceTopLevelStringInBytes } from "#core/dialects/splice/replace-top-level-string.ts";
import { spliceReadRequest } from "#core/dialects/splice/splice-chat-request.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { VariantParameters } from "#core/routing/variant.ts";
import type { UpstreamCall } from "#adapters/upstream/upstream-port.ts";
import { namedAt } from "#features/gateway/resources/cached-content-name.ts";
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
 * (of OpenAI's, only `model` and `stream_options` are spliced); else the request is written anew, also where the
 * provider would not take it as it came.
 */
export function upstreamBody(input: {
  readonly dialect: ServedDialect;
  readonly request: ChatRequest;
  /** The body that the request came in; undefined where the request is none that came. */
  readonly body: Buffer | undefined;
  readonly rung: Rung;
  /** Tokens of the answer at most, where it is bounded more tightly than client and variant do. */
  readonly outputTokensMax: number | undefined;
  /** How the last turn is marked as the beginning of the answer; absent where it is none. */
  readonly prefill?: PrefillWay | undefined;
}): Result<UpstreamBody, RequestProblem> {
  const { request, body, rung } = input;
  const named = namedAt(rung, request);
  if (!named.ok) return named;
  if (named.value === request) return bodyFor(input);
  return bodyFor({ ...input, request: named.value, body: body && namedBody(body, named.value) });
}

function bodyFor(input: Parameters<typeof upstreamBody>[0]): Result<UpstreamBody, RequestProblem> {
  const { rung, request, body: came, prefill } = input;
  const { client } = rung.dialect;
  const parameters = boundParameters(rung.parameters, input.outputTokensMax);
  const isAlike =
    came !== undefined && input.dialect.name === rung.dialect.name && Object.keys(parameters).length === 0;
  const mustRewrite = isAlike && client.mustRewrite?.(request, rung.model) === true;
  if (isAlike && !mustRewrite) {
    const body = passedBody(came, input);
    if (body) return ok({ body, warnings: [], passes: true });
  }
  const encoded = client.encodeRequest(withParameters(request, parameters), rung.model);
  if (!encoded.ok) return encoded;
  const { body, warnings } = encoded.value;
  const marked = prefill && client.asPrefill ? client.asPrefill(body, prefill) : body;
  return ok({ body: JSON.stringify(marked), warnings, passes: mustRewrite });
}

/** The bytes with the provider's own name of the cached prefix; undefined where it stands in them otherwise than as a plain member. */
function namedBody(bytes: Buffer, { cachedContent = "" }: ChatRequest): Buffer | undefined {
  return replaceTopLevelStringInBytes({ bytes }, "cachedContent", cachedContent);
}

function passedBody(
  body: Buffer,
  { rung, request }: { readonly request: ChatRequest; readonly rung: Rung },
): UpstreamCall["body"] | undefined {
  if (rung.dialect.name === "gemini") return body;
  return spliceReadRequest(body, { model: rung.model.id, includeUsage: request.stream });
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
