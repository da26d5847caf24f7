import type { AnswerContext } from "#core/dialects/dialect.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import type { Part } from "#core/llm/message.ts";
import type { Candidate, ChatResponse, Finish } from "#core/llm/response.ts";
import { encodeMedia, encodeText, encodeToolCall } from "./encode-part.ts";
import { encodeBlockReason, encodeFinish } from "./finish-reasons.ts";
import { encodeUsage } from "./usage.ts";
import { averageLogprob, encodeLogprobs } from "./logprobs.ts";
import { presentItems } from "#core/kernel/present.ts";
import { withExtra } from "./extra-fields.ts";

/** Writes a whole answer as a generateContent body. */
export function encodeResponse(response: ChatResponse, context: AnswerContext): JsonObject {
  const { blocked, usage, candidates } = response;
  const body = {
    ...((!blocked || candidates.length > 0) && { candidates: candidates.map(encodeCandidate) }),
    ...(blocked && { promptFeedback: { blockReason: encodeBlockReason(blocked.raw) } }),
    ...(usage && { usageMetadata: encodeUsage(usage) }),
    modelVersion: response.model ?? context.model,
    responseId: context.responseId,
  };
  return withExtra(body, response.extra);
}

function encodeCandidate(candidate: Candidate): JsonObject {
  const parts = candidate.parts.map(encodeAnswerPart);
  const isMalformed = candidate.parts.some((part, at) => part.type === "tool-call" && !parts[at]);
  const written = {
    content: { role: "model", parts: presentItems(parts) },
    ...finishFields(candidate.finish, isMalformed),
    ...(candidate.logprobs && {
      avgLogprobs: averageLogprob(candidate.logprobs),
      logprobsResult: encodeLogprobs(candidate.logprobs),
    }),
    index: candidate.index,
  };
  return withExtra(written, candidate.extra);
}

/** Writes a part of an answer; undefined when Gemini has no such part, or a tool call cannot be parsed. */
export function encodeAnswerPart(part: Part): JsonObject | undefined {
  switch (part.type) {
    case "text":
    case "thinking":
      return encodeText(part);
    case "media":
      return encodeMedia(part);
    case "tool-call":
      return encodeToolCall(part);
    case "refusal":
      return { text: part.text };
    case "opaque":
      return part.dialect === "gemini" && isJsonObject(part.value) ? part.value : undefined;
    case "tool-result":
      // A model answers no tool calls of its own.
      return undefined;
  }
}

/** The finish of a candidate. One whose tool call cannot be parsed ends as Gemini ends such answers. */
export function finishFields(finish: Finish | undefined, isMalformed: boolean): JsonObject {
  if (isMalformed) {
    return {
      finishReason: "MALFORMED_FUNCTION_CALL",
      finishMessage: "The model called a function with arguments that are no JSON object",
    };
  }
  if (!finish) return {};
  const { continuationToken } = finish;
  return {
    finishReason: encodeFinish(finish),
    ...(continuationToken !== undefined && { continuationToken }),
  };
}
