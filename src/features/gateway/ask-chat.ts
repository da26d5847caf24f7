import type { RequestProblem } from "#core/dialects/dialect.ts";
import { ok, type Result } from "#core/kernel/result.ts";
import { generatedTokens } from "#core/llm/usage.ts";
import {
  outputTokensBound,
  type AnswerWanted,
  type ChatAsked,
  type ChatOperationInput,
} from "#features/gateway/chat-asked.ts";
import { resumedRequest, type Beginning } from "#features/gateway/resumption.ts";
import { upstreamBody } from "#features/gateway/upstream-body.ts";

/** Makes the call by which a rung is asked for a whole answer; a problem where its dialect cannot carry the request. */
export function askChat(input: ChatOperationInput, wanted: AnswerWanted): Result<ChatAsked, RequestProblem> {
  const { degraded, rung } = wanted;
  const prompted = input.prompted(rung.prompt);
  if (!prompted.ok) return prompted;
  const request = prompted.value;
  // What came says other things than the prompt does, and values for it are none of the provider's business.
  const body = request === input.request && !request.promptVariables ? input.body : undefined;
  const outputTokensMax = degraded?.step === "shorter" ? degraded.outputTokensMax : undefined;
  const { dialect } = input;
  const written = upstreamBody({ dialect, request, body, rung, outputTokensMax });
  return asked(wanted, request.stream, written);
}

/** Makes the call by which a rung is asked to go on with an answer, within what its beginning has left of the bound. */
export function askForRest(
  input: ChatOperationInput,
  wanted: AnswerWanted,
  beginning: Beginning,
): Result<ChatAsked, RequestProblem> {
  const { rung } = wanted;
  const bound = outputTokensBound(wanted, input.request);
  const outputTokensMax = bound && Math.max(1, bound - generatedTokens(beginning.usage));
  const prompted = input.prompted(rung.prompt);
  if (!prompted.ok) return prompted;
  const request = resumedRequest(prompted.value, beginning.text);
  const { prefill } = rung.model;
  const { dialect } = input;
  const written = upstreamBody({ dialect, request, body: undefined, rung, outputTokensMax, prefill });
  return asked(wanted, request.stream, written);
}

function asked(
  wanted: AnswerWanted,
  stream: boolean,
  written: ReturnType<typeof upstreamBody>,
): Result<ChatAsked, RequestProblem> {
  if (!written.ok) return written;
  const { rung, number, degraded } = wanted;
  const { body, passes, warnings } = written.value;
  const call = {
    url: rung.baseUrl + rung.dialect.client.chatPath(rung.model.id, stream),
    headers: rung.headers,
    body,
    privateNetwork: rung.privateNetwork,
  };
  return ok({ rung, number, degraded, call, passes, warnings });
}
