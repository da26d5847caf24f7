import type { Filled } from "#core/kernel/filled.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { RouteResilience } from "#core/routing/route-resilience.ts";
import type { Asked } from "#features/gateway/asked.ts";
import type { BilledRequest } from "#features/gateway/attempt-record.ts";
import type { CostBounds } from "#features/gateway/worst-cost.ts";

/** What bounds the cost of a request's attempts: what it sends, and how much of an answer it allows. */
export function costBoundsOf(asked: Asked, { fallbackOutputTokens }: RouteResilience): CostBounds {
  const { facts, request } = asked;
  const promptTokens = asked.promptTokens ?? facts.inputTokens;
  const bounds: Filled<CostBounds> = {
    billed: billedRequest(asked, promptTokens),
    promptTokens,
    readsMore: request !== undefined && readsMore(request),
    answers: answersNothing(facts.operation) ? 0 : answersOf(request),
  };
  if (facts.maxOutputTokens !== undefined) bounds.outputTokensMax = facts.maxOutputTokens;
  if (fallbackOutputTokens) bounds.fallbackOutputTokens = fallbackOutputTokens;
  return bounds;
}

function billedRequest({ arrival, facts, request, resource }: Asked, inputTokens: number): BilledRequest {
  const billed: Filled<BilledRequest> = {
    startedAtMs: arrival.startedAtMs,
    inputTokens,
    charged: facts.operation !== "count-tokens" && resource?.free !== true,
  };
  if (request?.serviceTier !== undefined) billed.serviceTier = request.serviceTier;
  return billed;
}

/** Whether the prompt only names what the model reads: a cache, a film or a document elsewhere, what a built-in tool finds. */
function readsMore({ cachedContent, messages, tools }: ChatRequest): boolean {
  if (cachedContent !== undefined || tools.some(({ type }) => type === "built-in")) return true;
  return messages.some(({ parts }) =>
    parts.some((part) => part.type === "media" && part.kind !== "image" && part.source.type !== "inline"),
  );
}

/** Vectors are no answer that grows, and what is only kept or put off is none yet. */
function answersNothing(operation: Asked["facts"]["operation"]): boolean {
  return operation === "embeddings" || operation === "cached-content" || operation === "batch";
}

/** A provider may answer once where it is asked for none. */
function answersOf(request: ChatRequest | undefined): number {
  return Math.max(1, request?.parameters.candidateCount ?? 1);
}
