import { AIMessage, HumanMessage, SystemMessage, type BaseMessage } from "@langchain/core/messages";
import { RunnableLambda, type Runnable } from "@langchain/core/runnables";
import { AppError } from "#core/kernel/app-error.ts";
import { assert } from "#core/kernel/assert.ts";
import type { Message, Part } from "#core/llm/message.ts";
import { promptReference, type Prompt } from "#core/prompts/prompt.ts";
import { renderPrompt } from "#core/prompts/render-prompt.ts";
import type { ChainModuleInput } from "#frameworks/langchain/index.ts";

/** A prompt of the configuration as a runnable: values in, messages out. Fails with invalid-request, as a request would. */
export function promptRunnable(prompt: Prompt): Runnable<ChainModuleInput, BaseMessage[]> {
  return RunnableLambda.from((values: ChainModuleInput) => {
    const rendered = renderPrompt(prompt, { values, messages: [] });
    if (rendered.ok) return rendered.value.map((message) => langChainMessage(message));
    const message = `Cannot render prompt "${promptReference(prompt)}": ${rendered.error.message}`;
    throw new AppError("invalid-request", message);
  });
}

function langChainMessage({ role, parts }: Message): BaseMessage {
  const content = contentOf(parts);
  if (role === "system") return new SystemMessage({ content });
  return role === "assistant" ? new AIMessage({ content }) : new HumanMessage({ content });
}

/** A text alone as a text: what every model takes. */
function contentOf(parts: readonly Part[]) {
  const [first] = parts;
  if (parts.length === 1 && first?.type === "text") return first.text;
  return parts.map((part) => blockOf(part));
}

function blockOf(part: Part) {
  if (part.type === "text") return { type: "text" as const, text: part.text };
  assert(part.type === "media", "prompts hold texts and pictures");
  const { source, mimeType = "" } = part;
  assert(source.type !== "file", "pictures of prompts are addresses or data");
  const url = source.type === "url" ? source.url : `data:${mimeType};base64,${source.base64}`;
  return { type: "image_url" as const, image_url: { url } };
}
