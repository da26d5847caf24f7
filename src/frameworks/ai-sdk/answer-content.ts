import type {
  LanguageModelV4Content,
  LanguageModelV4File,
  LanguageModelV4FinishReason,
  LanguageModelV4Usage,
} from "@ai-sdk/provider";
import type { WireCompletion, WireUsage } from "../transport/answer-shape.ts";
import { signatureMetadata } from "./provider-metadata.ts";

/** What a whole answer says, in the AI SDK's parts: thoughts first, then text, pictures and tool calls. */
export function answerContent(
  message: WireCompletion["choices"][number]["message"],
): LanguageModelV4Content[] {
  const text = (message.content ?? "") + (message.refusal ?? "");
  const signature = message.extra_content?.google?.thought_signature;
  return [
    ...(message.reasoning_content ? [{ type: "reasoning" as const, text: message.reasoning_content }] : []),
    ...(text === "" && !signature ? [] : [{ type: "text" as const, text, ...signatureMetadata(signature) }]),
    ...(message.images ?? []).map(({ image_url }) => filePart(image_url.url)),
    ...(message.tool_calls ?? []).map(({ id, function: called, extra_content }) => ({
      type: "tool-call" as const,
      toolCallId: id,
      toolName: called.name,
      input: called.arguments === "" ? "{}" : called.arguments,
      ...signatureMetadata(extra_content?.google?.thought_signature),
    })),
  ];
}

/** A picture that a model made. */
export function filePart(url: string): LanguageModelV4File {
  const [, mediaType, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
  if (mediaType === undefined || data === undefined)
    return { type: "file", mediaType: "image/*", data: { type: "url", url: new URL(url) } };
  return { type: "file", mediaType, data: { type: "data", data } };
}

const finishReasons: Readonly<Record<string, LanguageModelV4FinishReason["unified"]>> = {
  stop: "stop",
  length: "length",
  tool_calls: "tool-calls",
  content_filter: "content-filter",
};

/** Why an answer ended. */
export function finishReason(raw: string): LanguageModelV4FinishReason {
  return { unified: finishReasons[raw] ?? "other", raw };
}

/** OpenAI's usage in the AI SDK's words: cached tokens are part of the input, thinking is part of the output. */
export function usageOf(usage: WireUsage | null | undefined): LanguageModelV4Usage {
  if (!usage) return nothingReported;
  const cacheRead = usage.prompt_tokens_details?.cached_tokens ?? undefined;
  const reasoning = usage.completion_tokens_details?.reasoning_tokens ?? undefined;
  return {
    inputTokens: {
      total: usage.prompt_tokens,
      noCache: usage.prompt_tokens - (cacheRead ?? 0),
      cacheRead,
      cacheWrite: undefined,
    },
    outputTokens: {
      total: usage.completion_tokens,
      text: usage.completion_tokens - (reasoning ?? 0),
      reasoning,
    },
  };
}

const nothingReported: LanguageModelV4Usage = {
  inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
};
