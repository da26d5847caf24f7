import type { Message } from "#core/llm/message.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { Usage } from "#core/llm/usage.ts";
import { followsItself } from "#features/gateway/continuation.ts";
import type { Rung } from "#features/gateway/rung.ts";

/** What of a broken answer the client has: another attempt goes on behind it. */
export interface Beginning {
  /** Its words; empty where only thoughts were shown. */
  readonly text: string;
  /** Tokens of the attempts that brought it; undefined where nothing can have been billed. */
  readonly usage: Usage | undefined;
}

/**
 * Whether the answer to a request can be gone on with from its words alone: it is one answer, of free words (a form that
 * is enforced would be begun anew), of which the client does not ask for pieces itself.
 */
export function isResumable(request: ChatRequest): boolean {
  return request.output.type === "text" && !followsItself(request);
}

/** Whether a rung goes on with words instead of beginning a new answer. Where there are none yet, anybody can answer. */
export function goesOnWith(text: string, { model }: Pick<Rung, "model">): boolean {
  return text === "" || model.prefill !== undefined;
}

/** The request with the beginning of its answer as the last turn of the model. */
export function resumedRequest(request: ChatRequest, text: string): ChatRequest {
  if (text === "") return request;
  const words = { type: "text", text } as const;
  const last = request.messages.at(-1);
  if (last?.role !== "assistant") return withLast(request, request.messages, [words]);
  return withLast(request, request.messages.slice(0, -1), [...last.parts, words]);
}

function withLast(request: ChatRequest, before: readonly Message[], parts: Message["parts"]): ChatRequest {
  return { ...request, messages: [...before, { role: "assistant", parts }] };
}
