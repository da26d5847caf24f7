import { AIMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import { completionShape, type WireCompletion, type WireToolCall } from "../transport/answer-shape.ts";
import type { CompleteReply } from "../transport/chat-transport.ts";
import { routedMetadata } from "../transport/routed-metadata.ts";
import { errorIn, SignalboxError } from "../transport/signalbox-error.ts";
import { modelProvider } from "./content-blocks.ts";
import { saidFields } from "./said-fields.ts";
import { readToolCall } from "./tool-arguments.ts";
import { usageField } from "./usage-metadata.ts";

/**
 * A whole answer as LangChain's result.
 * @throws SignalboxError when it is no chat completion, or has no finish reason
 */
export function readCompletion({ body, headers }: CompleteReply): ChatResult {
  const error = errorIn(body, { headers });
  if (error) throw error;
  const completion = completionShape.safeParse(body);
  if (!completion.success) {
    throw new SignalboxError("Cannot read the answer: a chat completion is wanted", { headers });
  }
  const generations = completion.data.choices.map((choice) => {
    const message = aiMessage(completion.data, choice, headers);
    const text = choice.message.content ?? "";
    return { text, message, generationInfo: { finish_reason: choice.finish_reason } };
  });
  return {
    generations,
    ...(completion.data.usage && { llmOutput: { tokenUsage: tokenUsage(completion.data.usage) } }),
  };
}

function aiMessage(
  completion: WireCompletion,
  { message, finish_reason }: WireCompletion["choices"][number],
  headers: CompleteReply["headers"],
): AIMessage {
  if (!finish_reason) {
    throw new SignalboxError("Cannot take the answer for whole: a finish reason is wanted, it has none", {
      code: "answer_not_whole",
      headers,
    });
  }
  const calls = message.tool_calls ?? [];
  const read = calls.map(({ id, function: called }) =>
    readToolCall({ id, name: called.name, written: called.arguments }),
  );
  return new AIMessage({
    ...saidFields(message, signaturesOf(calls)),
    tool_calls: read.filter((call) => call.type === "tool_call"),
    invalid_tool_calls: read.filter((call) => call.type === "invalid_tool_call"),
    ...usageField(completion.usage),
    response_metadata: {
      ...modelProvider,
      ...(completion.model && { model_name: completion.model }),
      finish_reason,
      signalbox: routedMetadata(headers),
    },
  });
}

function signaturesOf(calls: readonly WireToolCall[]): Readonly<Record<string, string>> | undefined {
  const signed = calls.flatMap(({ id, extra_content }) => {
    const signature = extra_content?.google?.thought_signature;
    return signature ? [[id, signature] as const] : [];
  });
  return signed.length === 0 ? undefined : Object.fromEntries(signed);
}

function tokenUsage(usage: NonNullable<WireCompletion["usage"]>) {
  return {
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    totalTokens: usage.total_tokens,
  };
}
