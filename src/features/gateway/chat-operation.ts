import type { RequestProblem } from "#core/dialects/dialect.ts";
import { ok, type Result } from "#core/kernel/result.ts";
import type { ChatOperationInput } from "#features/gateway/chat-asked.ts";
import type { Operation, PreparedAttempt } from "#features/gateway/operation.ts";
import type { Rung } from "#features/gateway/rung.ts";
import { streamedChat } from "#features/gateway/streamed-chat.ts";
import { upstreamBody } from "#features/gateway/upstream-body.ts";
import { wholeChat } from "#features/gateway/whole-chat.ts";

/** Chat, in one piece or as a stream. */
export function chatOperation(input: ChatOperationInput): Operation {
  return { prepare: (rung, attempt) => prepareChat(input, rung, attempt) };
}

function prepareChat(
  input: ChatOperationInput,
  rung: Rung,
  number: number,
): Result<PreparedAttempt, RequestProblem> {
  const { stream } = input.request;
  const written = upstreamBody({ ...input, rung });
  if (!written.ok) return written;
  const { body, passes, warnings } = written.value;
  const call = {
    url: rung.baseUrl + rung.dialect.client.chatPath(rung.model.id, stream),
    headers: rung.headers,
    body,
    privateNetwork: rung.privateNetwork,
  };
  const asked = { rung, number, call, passes, warnings };
  return ok(stream ? streamedChat(input, asked) : wholeChat(input, asked));
}
