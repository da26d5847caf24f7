import type { AnswerContext } from "#core/dialects/dialect.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { Candidate, ChatResponse, PromptBlock } from "#core/llm/response.ts";
import { encodeAnswerMessage } from "./encode-answer-message.ts";
import { encodeFinish } from "./finish-reason.ts";
import { withAnswerExtra } from "./foreign-extra.ts";
import { encodeLogprobs } from "./logprobs.ts";
import { encodeUsage } from "./usage.ts";

/**
 * Writes a `chat.completion`. Its `id` is the request's id as it is, so that feedback needs no header: no client
 * checked (openai, @ai-sdk/openai, @langchain/openai) asks for the prefix `chatcmpl-`.
 *
 * A blocked prompt becomes one choice without content that ended by `content_filter`, as OpenAI's Azure twin and
 * Google's own face do: with no choice at all, openai and @langchain/openai fail on `choices[0]`.
 */
export function encodeResponse(response: ChatResponse, context: AnswerContext): JsonObject {
  const choices = response.blocked
    ? [blockedChoice(response.blocked)]
    : response.candidates.map((candidate) => encodeChoice(candidate, context.responseId));
  const written = {
    id: context.responseId,
    object: "chat.completion",
    created: response.createdSeconds ?? context.createdSeconds,
    model: response.model ?? context.model,
    choices,
    ...(response.usage && { usage: encodeUsage(response.usage) }),
  };
  return withAnswerExtra(written, response.extra);
}

function encodeChoice(candidate: Candidate, responseId: string): JsonObject {
  const hasToolCalls = candidate.parts.some((part) => part.type === "tool-call");
  const written = {
    index: candidate.index,
    message: encodeAnswerMessage(candidate.parts, { responseId, candidate: candidate.index }),
    logprobs: encodeLogprobs(candidate.logprobs),
    // A candidate without a finish was cut short; the gateway turns such an answer into an error before it is written.
    ...(candidate.finish ? encodeFinish(candidate.finish, hasToolCalls) : { finish_reason: null }),
  };
  return withAnswerExtra(written, candidate.extra);
}

function blockedChoice(block: PromptBlock): JsonObject {
  return {
    index: 0,
    message: { role: "assistant", content: null, refusal: null },
    logprobs: null,
    ...encodeFinish({ reason: "content-filter", raw: block.raw }, false),
  };
}
