import type { Message } from "#core/llm/message.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import { promptReference } from "#core/prompts/prompt.ts";
import type { Variant } from "#core/routing/variant.ts";
import { promptedRequest, unusedVariables } from "#features/gateway/prompted-request.ts";

/** The prompt of a variant, as it would be sent for a request. */
export interface ExplainedPrompt {
  /** `support@2` */
  readonly reference: string;
  /** All messages that the model would be asked; absent where they cannot be made. */
  readonly messages?: readonly Message[];
  /** Why the request would be refused, where it would be. */
  readonly problem?: string;
}

/**
 * Renders the prompt of a variant for a request; undefined where it has none.
 * @param variants all that may serve the request
 */
export function explainedPrompt(
  variant: Variant | undefined,
  request: ChatRequest,
  variants: () => readonly Variant[],
): ExplainedPrompt | undefined {
  if (!variant?.prompt) return undefined;
  const reference = promptReference(variant.prompt);
  const prompted = promptedRequest(request)(variant.prompt);
  if (!prompted.ok) return { reference, problem: prompted.error.message };
  const problem = unusedVariables(variants, request)?.message;
  return { reference, messages: prompted.value.messages, ...(problem !== undefined && { problem }) };
}
