import type { BaseMessage, ContentBlock } from "@langchain/core/messages";
import { AIMessage } from "@langchain/core/messages";

/**
 * Says of a message, and of each chunk, that its blocks are read as below. It may stand on all chunks of a stream: LangChain
 * keeps one of them in their sum.
 */
export const modelProvider = { model_provider: "signalbox" } as const;

/** Where LangChain keeps, by provider, who reads a message's standard blocks (its core 1.4). */
const registryKey = "lc_block_translators_registry";

/**
 * Has LangChain's `contentBlocks` show the thoughts of our answers as well. It reads those of providers that it knows; what
 * others keep in `additional_kwargs` it leaves out. Where this LangChain has no such registry, nothing changes.
 */
export function registerContentBlocks(): void {
  const registry: unknown = Reflect.get(globalThis, registryKey);
  if (!(registry instanceof Map) || registry.has(modelProvider.model_provider)) return;
  registry.set(modelProvider.model_provider, {
    translateContent: contentBlocks,
    translateContentChunk: contentBlocks,
  });
}

function contentBlocks(message: BaseMessage): readonly ContentBlock[] {
  const { content, additional_kwargs: kwargs } = message;
  // LangChain reads a message's text by its blocks, of every chunk: most are text alone.
  if (typeof content === "string" && isTextAlone(message)) return textBlocks(content);
  const thoughts = kwargs["reasoning_content"];
  const refusal = kwargs["refusal"];
  const calls = AIMessage.isInstance(message) ? (message.tool_calls ?? []) : [];
  const invalid = AIMessage.isInstance(message) ? (message.invalid_tool_calls ?? []) : [];
  const said = typeof content === "string" ? textBlocks(content) : content;
  return [
    ...(typeof thoughts === "string" && thoughts !== "" ? [{ type: "reasoning", reasoning: thoughts }] : []),
    ...said,
    ...(typeof refusal === "string" && refusal !== "" ? [{ type: "refusal", refusal }] : []),
    ...calls.map(({ id, name, args }) => ({ type: "tool_call", ...(id && { id }), name, args })),
    ...invalid.map((call) => ({ ...call, type: "invalid_tool_call" })),
  ];
}

function isTextAlone(message: BaseMessage): boolean {
  for (const _key in message.additional_kwargs) return false;
  return (
    !AIMessage.isInstance(message) || (!message.tool_calls?.length && !message.invalid_tool_calls?.length)
  );
}

function textBlocks(text: string): readonly ContentBlock[] {
  return text === "" ? [] : [{ type: "text", text }];
}
