import type { RequestProblem } from "#core/dialects/dialect.ts";
import { ok, type Result } from "#core/kernel/result.ts";
import type { Degraded } from "#core/routing/degraded.ts";
import type { ChatOperationInput } from "#features/gateway/chat-asked.ts";
import { giveKeptAnswer } from "#features/gateway/kept-answers/give-kept-answer.ts";
import type { Operation, PreparedAttempt } from "#features/gateway/operation.ts";
import type { Rung } from "#features/gateway/rung.ts";
import { streamedChat } from "#features/gateway/streamed-chat.ts";
import { upstreamBody } from "#features/gateway/upstream-body.ts";
import { wholeChat } from "#features/gateway/whole-chat.ts";

/** Chat, in one piece or as a stream. */
export function chatOperation(input: ChatOperationInput): Operation {
  return {
    prepare: (rung, number, degraded) => prepareChat(input, rung, { number, degraded }),
    giveKept: (response, headers) => giveKeptAnswer(input, response, headers),
  };
}

function prepareChat(
  input: ChatOperationInput,
  rung: Rung,
  { number, degraded }: { readonly number: number; readonly degraded: Degraded | undefined },
): Result<PreparedAttempt, RequestProblem> {
  const { stream } = input.request;
  const outputTokensMax = degraded?.step === "shorter" ? degraded.outputTokensMax : undefined;
  const written = upstreamBody({ ...input, rung, outputTokensMax });
  if (!written.ok) return written;
  const { body, passes, warnings } = written.value;
  const call = {
    url: rung.baseUrl + rung.dialect.client.chatPath(rung.model.id, stream),
    headers: rung.headers,
    body,
    privateNetwork: rung.privateNetwork,
  };
  const asked = { rung, number, degraded, call, passes, warnings };
  return ok(stream ? streamedChat(input, asked) : wholeChat(input, asked));
}
