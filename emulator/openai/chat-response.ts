import type { Answer, AnswerItem, AnswerStep, BlockReason, FinishReason } from "../answers/answer.ts";
import { answerTokens } from "../answers/answer.ts";
import { logprobsOf, type LikelyToken } from "../answers/logprobs.ts";
import type { StreamEncoder } from "../delivery/stream-encoder.ts";
import type { PromptUsage } from "../gemini/usage.ts";
import { totalTokens } from "../tokens.ts";
import type { Flavour } from "./errors.ts";
import { plainErrorBody } from "./errors.ts";
import type {
  ChatChunkBody,
  ChatCompletionBody,
  ChatUsageBody,
  ChoiceBody,
  DeltaBody,
  LikelyTokenBody,
  LogprobsBody,
  MessageBody,
  OpenAiFinishReason,
  ToolCallBody,
} from "./response-bodies.ts";

/** What a chat completion says beside its choices. */
export interface CompletionFrame {
  readonly responseId: string;
  readonly modelVersion: string;
  readonly createdMs: number;
  readonly prompt: PromptUsage;
  readonly thoughtTokens: number;
  readonly flavour: Flavour;
  /** Whether a stream ends with a usage chunk. */
  readonly includeUsage: boolean;
  readonly blockReason?: BlockReason;
  /** How many of the likeliest tokens are told at each place; absent where none are, nor those that were said. */
  readonly topLogprobs?: number;
}

type CallItem = Extract<AnswerItem, { kind: "call" }>;

/** A whole chat.completion. */
export function chatCompletion(answers: readonly Answer[], frame: CompletionFrame): ChatCompletionBody {
  const outputTokens = answers.reduce((sum, answer) => sum + answerTokens(answer), 0);
  const blocked: ChoiceBody = {
    index: 0,
    message: message([], frame),
    logprobs: null,
    finish_reason: "content_filter",
  };
  const choices = answers.map((answer, index) => ({
    index,
    message: message(answer.items, frame),
    logprobs: logprobs(answer.items, frame),
    finish_reason: finishReason(answer.finishReason, answer.items.some(isCall)),
  }));
  return {
    ...envelope(frame),
    object: "chat.completion",
    choices: frame.blockReason === undefined ? choices : [blocked],
    usage: usage(frame, outputTokens),
  };
}

/** The stream encoder of chat.completion.chunk. */
export function chatStreamEncoder(frame: CompletionFrame, candidateCount: number): StreamEncoder {
  const callCounts = new Map<number, number>();
  let outputTokens = 0;
  const chunk = (
    candidate: number,
    delta: DeltaBody,
    reason: OpenAiFinishReason = null,
    items: readonly AnswerItem[] = [],
  ): ChatChunkBody => ({
    ...envelope(frame),
    object: "chat.completion.chunk",
    choices: [{ index: candidate, delta, logprobs: logprobs(items, frame), finish_reason: reason }],
    ...(frame.includeUsage ? { usage: null } : {}),
  });

  function deltas(step: AnswerStep): readonly DeltaBody[] {
    const { item, candidate } = step;
    if (item === undefined) return [];
    if (item.kind !== "call") return item.text === "" ? [] : [textDelta(item)];
    const index = callCounts.get(candidate) ?? 0;
    callCounts.set(candidate, index + 1);
    return callDeltas(item, index, frame.flavour);
  }

  return {
    framing: "events",
    lineEnd: "\n",
    opening: () =>
      Array.from({ length: candidateCount }, (_, index) => chunk(index, { role: "assistant", content: "" })),
    step(step) {
      outputTokens = step.outputTokens;
      const items = step.item === undefined ? [] : [step.item];
      const frames = deltas(step).map((delta) => chunk(step.candidate, delta, null, items));
      if (step.finish === undefined) return frames;
      const reason = finishReason(step.finish.finishReason, callCounts.has(step.candidate));
      return [...frames, chunk(step.candidate, {}, reason)];
    },
    unanswered: () => (frame.blockReason === undefined ? [] : [chunk(0, {}, "content_filter")]),
    closing() {
      const last = {
        ...envelope(frame),
        object: "chat.completion.chunk",
        choices: [],
        usage: usage(frame, outputTokens),
      };
      return frame.includeUsage ? [last, "[DONE]"] : ["[DONE]"];
    },
    emptyDelta: () => chunk(0, { content: "" }),
    error: (failure) => plainErrorBody(failure),
  };
}

function envelope({ responseId, createdMs, modelVersion }: CompletionFrame) {
  return { id: responseId, created: Math.floor(createdMs / 1000), model: modelVersion };
}

function message(items: readonly AnswerItem[], { flavour }: CompletionFrame): MessageBody {
  const text = items.map((item) => (item.kind === "text" ? item.text : "")).join("");
  const calls = items.filter(isCall);
  const thought = items.find((item) => item.kind === "thought");
  return {
    role: "assistant",
    content: text === "" && calls.length > 0 ? null : text,
    refusal: null,
    ...(calls.length === 0 ? {} : { tool_calls: calls.map((call) => toolCall(call, flavour)) }),
    ...(thought === undefined ? {} : { extra_content: { google: { thought: thought.text } } }),
  };
}

/** Of the words alone: thoughts and calls have none. */
function logprobs(items: readonly AnswerItem[], { topLogprobs }: CompletionFrame): LogprobsBody | null {
  const text = items.map((item) => (item.kind === "text" ? item.text : "")).join("");
  if (topLogprobs === undefined || text === "") return null;
  const content = logprobsOf(text, topLogprobs).map(({ top, ...token }) => ({
    ...likelyToken(token),
    top_logprobs: top.map(likelyToken),
  }));
  return { content, refusal: null };
}

function likelyToken({ token, logprob }: LikelyToken): LikelyTokenBody {
  return { token, logprob, bytes: [...Buffer.from(token)] };
}

function isCall(item: AnswerItem): item is CallItem {
  return item.kind === "call";
}

/** Google marks thoughts among the text deltas by extra_content. */
function textDelta(item: Exclude<AnswerItem, CallItem>): DeltaBody {
  return item.kind === "text"
    ? { content: item.text }
    : { content: item.text, extra_content: { google: { thought: true } } };
}

function toolCall(call: CallItem, flavour: Flavour): ToolCallBody {
  const { name, args } = call;
  return {
    id: callId(call, flavour),
    type: "function",
    function: { name, arguments: JSON.stringify(args) },
    ...signatureField(call, flavour),
  };
}

function callId({ id }: CallItem, flavour: Flavour): string {
  return flavour === "google" ? `function-call-${id}` : `call_${id}`;
}

function signatureField({ signature }: CallItem, flavour: Flavour): Pick<ToolCallBody, "extra_content"> {
  if (signature === undefined || flavour !== "google") return {};
  return { extra_content: { google: { thought_signature: signature } } };
}

const argumentCharacters = 12;

/** Google sends a call in one delta; plain servers send its name first and its arguments in pieces. */
function callDeltas(call: CallItem, index: number, flavour: Flavour): readonly DeltaBody[] {
  const whole = toolCall(call, flavour);
  if (flavour === "google") return [{ tool_calls: [{ index, ...whole }] }];
  const text = JSON.stringify(call.args);
  const pieces = Array.from({ length: Math.ceil(text.length / argumentCharacters) }, (_, piece) =>
    text.slice(piece * argumentCharacters, (piece + 1) * argumentCharacters),
  );
  const head = { index, ...whole, function: { name: call.name, arguments: "" } };
  return [head, ...pieces.map((piece) => ({ index, function: { arguments: piece } }))].map((part) => ({
    tool_calls: [part],
  }));
}

const reasons: Readonly<Partial<Record<FinishReason, OpenAiFinishReason>>> = {
  MAX_TOKENS: "length",
  SAFETY: "content_filter",
  RECITATION: "content_filter",
  BLOCKLIST: "content_filter",
  PROHIBITED_CONTENT: "content_filter",
  SPII: "content_filter",
};

function finishReason(reason: FinishReason | undefined, hasCalls: boolean): OpenAiFinishReason {
  if (reason === undefined) return null;
  return reasons[reason] ?? (hasCalls ? "tool_calls" : "stop");
}

function usage({ prompt, thoughtTokens }: CompletionFrame, outputTokens: number): ChatUsageBody {
  const promptTokens = totalTokens(prompt.byModality);
  const completionTokens = outputTokens + thoughtTokens;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: prompt.cachedTokens },
    completion_tokens_details: { reasoning_tokens: thoughtTokens },
  };
}
