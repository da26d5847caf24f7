import { AIMessage, type InvalidToolCall, type ToolCall } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import { isJsonObject } from "#core/kernel/json.ts";
import type { WireCompletion, WireToolCall } from "./answer-shape.ts";
import { completionShape } from "./answer-shape.ts";
import type { CompleteReply } from "./chat-transport.ts";
import { routedMetadata } from "./routed-metadata.ts";
import { saidFields } from "./said-fields.ts";
import { errorIn, SignalboxError } from "./signalbox-error.ts";
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
    return { text: message.text, message, generationInfo: { finish_reason: choice.finish_reason } };
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
      headers,
    });
  }
  const calls = message.tool_calls ?? [];
  return new AIMessage({
    ...saidFields(message, signaturesOf(calls)),
    ...readToolCalls(calls),
    ...usageField(completion.usage),
    response_metadata: {
      model_provider: "signalbox",
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

/** Calls whose arguments are a JSON object, and those that an application must see as faulty. */
function readToolCalls(calls: readonly WireToolCall[]) {
  const tool_calls: ToolCall[] = [];
  const invalid_tool_calls: InvalidToolCall[] = [];
  for (const { id, function: called } of calls) {
    const args = argumentsOf(called.arguments);
    if (args) tool_calls.push({ type: "tool_call", id, name: called.name, args });
    else {
      invalid_tool_calls.push({
        type: "invalid_tool_call",
        id,
        name: called.name,
        args: called.arguments,
        error: "The arguments are no JSON object",
      });
    }
  }
  return { tool_calls, invalid_tool_calls };
}

function argumentsOf(text: string): Record<string, unknown> | undefined {
  try {
    // A model that calls a tool without parameters may write nothing at all.
    const value: unknown = JSON.parse(text === "" ? "{}" : text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Told to the application as an invalid tool call.
    return undefined;
  }
}

function tokenUsage(usage: NonNullable<WireCompletion["usage"]>) {
  return {
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    totalTokens: usage.total_tokens,
  };
}
