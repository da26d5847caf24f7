import type { RequestProblem } from "#core/dialects/dialect.ts";
import { ok, type Result } from "#core/kernel/result.ts";
import type { Degraded } from "#core/routing/degraded.ts";
import { askChat } from "#features/gateway/ask-chat.ts";
import type { ChatOperationInput } from "#features/gateway/chat-asked.ts";
import { giveKeptAnswer } from "#features/gateway/kept-answers/give-kept-answer.ts";
import type { Operation, PreparedAttempt } from "#features/gateway/operation.ts";
import type { Rung } from "#features/gateway/rung.ts";
import { streamedChat } from "#features/gateway/streamed-chat.ts";
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
  const asked = askChat(input, { rung, number, degraded });
  if (!asked.ok) return asked;
  return ok(input.request.stream ? streamedChat(input, asked.value) : wholeChat(input, asked.value));
}
