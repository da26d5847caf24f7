import type { Message, Part } from "#core/llm/message.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import type { JudgeQuestion } from "./material.ts";

/** Characters of a conversation, and of each answer, that a judge is shown: of longer ones the end, and the beginning. */
const conversationLengthMax = 100_000;
const answerLengthMax = 50_000;

/** The request by which a judge is asked: what people and models wrote stands apart from what the judge is to do. */
export function judgeChat(model: string, { instructions, material, schema }: JudgeQuestion): ChatRequest {
  return {
    model,
    stream: false,
    messages: [said("system", instructions), said("user", material)],
    tools: [],
    toolChoice: { type: "default" },
    output: {
      type: "json-schema",
      name: "judgement",
      strict: true,
      schema,
      notation: "json-schema",
    },
    parameters: {},
    thinking: {},
    safety: [],
    includeUsage: true,
  };
}

/** A conversation as a judge is shown it. */
export function shownConversation(messages: readonly Message[]): string {
  const turns = messages.map(
    ({ role, parts }) => `[${role}]\n${parts.flatMap((part) => textOf(part) ?? []).join("\n")}`,
  );
  return turns.join("\n\n").slice(-conversationLengthMax);
}

/** The words of an answer, and the tools that it calls; empty where it says nothing. */
export function answerText({ candidates }: ChatResponse): string {
  return (candidates[0]?.parts ?? []).flatMap((part) => textOf(part) ?? []).join("\n");
}

/** An answer as a judge is shown it. */
export function shownAnswer(text: string): string {
  return text.slice(0, answerLengthMax);
}

function said(role: "system" | "user", text: string): Message {
  return { role, parts: [{ type: "text", text }] };
}

/** What a part says; undefined for what nobody is to read, such as thoughts. */
function textOf(part: Part): string | undefined {
  switch (part.type) {
    case "text":
    case "refusal":
      return part.text;
    case "media":
      return `(${part.kind})`;
    case "tool-call":
      return `(calls ${part.name} with ${part.argumentsJson})`;
    case "tool-result":
      return `(result of ${part.name ?? "a tool"}: ${JSON.stringify(part.content)})`;
    default:
      return undefined;
  }
}
