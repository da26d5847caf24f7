import type { AnswerContext } from "#core/dialects/dialect.ts";
import { toolCallId } from "#core/dialects/tool-call-id.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { Part, ThinkingPart, ToolCallPart } from "#core/llm/message.ts";
import type { Candidate, ChatResponse, Finish } from "#core/llm/response.ts";
import { mediaBlock, textBlock, thinkingBlock, toolUseBlock } from "./encode-block.ts";
import { writeSignature } from "./signature.ts";
import { encodeStop } from "./stop-reason.ts";
import { encodeUsage } from "./usage.ts";

/**
 * Writes a `message`. Its `id` is the request's id as it is, so that feedback needs no header. Anthropic's answers have no
 * alternatives: of several the first is shown. A blocked prompt is an answer without content that ended by `refusal`.
 */
export function encodeResponse(response: ChatResponse, context: AnswerContext): JsonObject {
  const [candidate] = response.candidates;
  const { content, isMalformed } = contentOf(candidate?.parts ?? [], context.responseId);
  return {
    ...messageHead(response.model ?? context.model, context),
    content,
    ...encodeStop(finishOf(response, candidate, isMalformed), {
      hasToolCalls: content.some(({ type }) => type === "tool_use"),
      isRefused: candidate?.parts.some(({ type }) => type === "refusal") ?? false,
    }),
    usage: encodeUsage(response.usage),
  };
}

/** What every message of an answer begins with. */
export function messageHead(model: string, { responseId }: AnswerContext): JsonObject {
  return { id: responseId, type: "message", role: "assistant", model, container: null };
}

function finishOf(
  { blocked }: ChatResponse,
  candidate: Candidate | undefined,
  isMalformed: boolean,
): Finish | undefined {
  if (blocked) return { reason: "content-filter", raw: blocked.raw };
  const finish = candidate?.finish;
  // Cut by the limit, the arguments of a call end anywhere: the limit says so already.
  return isMalformed && finish && finish.reason !== "length"
    ? { reason: "malformed-tool-call", raw: finish.raw }
    : finish;
}

interface Content {
  readonly content: readonly JsonObject[];
  /** Whether a call was left out whose arguments are no JSON object. */
  readonly isMalformed: boolean;
}

function contentOf(parts: readonly Part[], responseId: string): Content {
  const content: JsonObject[] = [];
  let toolCall = 0;
  let isMalformed = false;
  const said = joinedTexts(parts);
  for (const [index, part] of said.entries()) {
    if (part.type === "tool-call") {
      const block = toolUseBlock(part, toolCallId({ responseId, candidate: 0, toolCall: toolCall++ }));
      if (block) content.push(...signatureBefore(part, said[index - 1]), block);
      else isMalformed = true;
    } else content.push(...blocksOf(part, said[index + 1]));
  }
  return { content, isMalformed };
}

/**
 * Texts behind one another as one, since clients read the first block of text. Empty ones are left out: clients send
 * blocks back, and Anthropic's rule is that no text is empty.
 */
function joinedTexts(parts: readonly Part[]): readonly Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.type !== "text") joined.push(part);
    else if (last?.type === "text") joined[joined.length - 1] = { type: "text", text: last.text + part.text };
    else if (part.text !== "") joined.push(part);
  }
  return joined;
}

function blocksOf(part: Exclude<Part, ToolCallPart>, next: Part | undefined): readonly JsonObject[] {
  switch (part.type) {
    case "text":
    case "refusal":
      return [textBlock(part.text)];
    case "thinking":
      return [thinkingBlock(part.text, signatureOf(part, next))];
    case "media":
      return [mediaBlock(part)];
    case "opaque":
    case "tool-result":
      // Parts of other dialects are named in the record; a model answers no tool calls of its own.
      return [];
  }
}

/** The thought's own signature, else that of the call right behind it. */
function signatureOf(part: ThinkingPart, next: Part | undefined): string {
  if (part.thoughtSignature !== undefined) return writeSignature("thinking", part.thoughtSignature);
  if (next?.type !== "tool-call" || next.thoughtSignature === undefined) return "";
  return writeSignature("tool-call", next.thoughtSignature);
}

/** An empty thought that carries a call's signature, where no thought before it does. */
function signatureBefore(
  { thoughtSignature }: ToolCallPart,
  before: Part | undefined,
): readonly JsonObject[] {
  if (thoughtSignature === undefined) return [];
  if (before?.type === "thinking" && before.thoughtSignature === undefined) return [];
  return [thinkingBlock("", writeSignature("tool-call", thoughtSignature))];
}
