import type { JsonObject } from "#core/kernel/json.ts";
import type { FinishReason } from "#core/llm/finish-reason.ts";
import { echoedFields } from "./echo.ts";
import { encodeItem, itemId } from "./output-item.ts";
import type { StreamState } from "./stream-state.ts";
import { encodeUsage, servedTier } from "./usage.ts";

/** How an answer ended. */
export interface ResponseStatus {
  readonly status: "completed" | "incomplete";
  /** Why it is incomplete. */
  readonly details: JsonObject | null;
}

/**
 * Writes the response object. Its `id` is the request's id as it is, so that feedback needs no header: no client checked
 * (openai, @ai-sdk/openai, @langchain/openai) asks for the prefix `resp_`, and so that it can be gone on from.
 */
export function encodeResponseObject(
  state: StreamState,
  status: ResponseStatus["status"] | "in_progress",
): JsonObject {
  const { context, foreign, usage } = state;
  const isOver = status !== "in_progress";
  return {
    id: context.responseId,
    object: "response",
    created_at: state.createdSeconds,
    completed_at: status === "completed" ? context.nowSeconds() : null,
    status,
    background: false,
    error: null,
    incomplete_details: isOver ? responseStatus(state).details : null,
    model: state.model,
    output: state.items.map((item, index) => encodeItem(item, itemId(item.type, context.responseId, index))),
    ...echoedFields(context),
    service_tier: servedTier(usage, context.request),
    usage: isOver && usage ? encodeUsage(usage) : null,
    ...(Object.keys(foreign).length > 0 && { extra_content: foreign }),
  };
}

/** How an answer ended. OpenAI has two words for one that is not whole: it grew too long, or a filter ended it. */
export function responseStatus({ finish, isCut }: StreamState): ResponseStatus {
  if (isCut) return { status: "incomplete", details: { reason: "max_output_tokens" } };
  // An answer without a finish was cut short; the gateway turns such a one into an error before it is written.
  if (!finish) return { status: "incomplete", details: null };
  const reason = reasons[finish.reason];
  if (reason === undefined) return { status: "completed", details: null };
  const isExact = finish.reason === "length";
  return {
    status: "incomplete",
    details: { reason, ...(!isExact && { native_finish_reason: finish.raw }) },
  };
}

/**
 * Why an answer is not whole; absent where it is. What fits neither word (a tool call that cannot be parsed, a reason
 * unknown to us) becomes `content_filter`, as in chat completions: the word on which no client trusts the answer.
 */
const reasons: Readonly<Partial<Record<FinishReason, string>>> = {
  length: "max_output_tokens",
  continuation: "max_output_tokens",
  "content-filter": "content_filter",
  "malformed-tool-call": "content_filter",
  other: "content_filter",
};
