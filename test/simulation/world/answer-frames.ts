import type { ProviderDialectName } from "#core/llm/dialect-name.ts";

/** How a provider writes an answer in its dialect. Written down here on its own: the gateway's encoders are what is tested. */
export interface AnswerFrames {
  /** Shows nothing to anybody, and yet is a frame with JSON. */
  readonly empty: string;
  content(text: string): string;
  /** The finish reason, with the usage. */
  finish(reason: FinishWord, tokens: TokensUsed): string;
  /** What comes behind it; absent where the connection's end is the end. */
  readonly endMark?: string;
  /** An error inside a stream. */
  readonly error: string;
  /** An answer in one piece; without a finish reason where there is none. */
  whole(text: string, reason: FinishWord | undefined, tokens: TokensUsed): string;
  /** The body of an answer with an error status. */
  errorBody(error: UpstreamErrorWords): string;
}

/** Whether the model said all or its answer was blocked. */
export type FinishWord = "stop" | "blocked";

/** What the body of an error says. */
export interface UpstreamErrorWords {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: readonly object[];
}

/** A comment: it keeps the connection alive and says nothing. */
export const keepAlive = ": keep-alive\n\n";

/** Tokens of a call, as its provider reports them. */
export interface TokensUsed {
  readonly prompt: number;
  readonly answer: number;
}

/** Tokens of the prompt of each request. */
const promptTokens = 12;

/** Tokens of what a call reads: the prompt, and each word of an answer that it goes on with. */
export function promptTokensOf({ beginning }: { readonly beginning: readonly AnswerWord[] }): number {
  return promptTokens + beginning.length;
}

function sse(payload: object | string): string {
  return `data: ${typeof payload === "string" ? payload : JSON.stringify(payload)}\n\n`;
}

function openAiChunk(delta: object, rest: object = {}): object {
  return { id: "up-1", object: "chat.completion.chunk", choices: [{ index: 0, delta, ...rest }] };
}

function openAiUsage({ prompt, answer }: TokensUsed): object {
  return { prompt_tokens: prompt, completion_tokens: answer, total_tokens: prompt + answer };
}

const openAiFinish: Readonly<Record<FinishWord, string>> = { stop: "stop", blocked: "content_filter" };

const openAiFrames: AnswerFrames = {
  empty: sse(openAiChunk({ role: "assistant", content: "" })),
  content: (content) => sse(openAiChunk({ content })),
  finish: (reason, tokens) =>
    sse(openAiChunk({}, { finish_reason: openAiFinish[reason] })) +
    sse({ id: "up-1", object: "chat.completion.chunk", choices: [], usage: openAiUsage(tokens) }),
  endMark: sse("[DONE]"),
  error: sse({ error: { message: "The engine is gone", type: "server_error", code: 500 } }),
  whole: (content, reason, tokens) =>
    JSON.stringify({
      id: "up-1",
      object: "chat.completion",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content },
          ...(reason && { finish_reason: openAiFinish[reason] }),
        },
      ],
      usage: openAiUsage(tokens),
    }),
  errorBody: ({ code, message, details }) =>
    JSON.stringify({ error: { message, type: code, code, ...(details && { details }) } }),
};

const geminiFinish: Readonly<Record<FinishWord, string>> = { stop: "STOP", blocked: "SAFETY" };

function geminiUsage({ prompt, answer }: TokensUsed): object {
  return { promptTokenCount: prompt, candidatesTokenCount: answer, totalTokenCount: prompt + answer };
}

function geminiAnswer(text: string, rest: object = {}): object {
  return {
    candidates: [{ content: { role: "model", parts: [{ text }] }, index: 0, ...rest }],
    responseId: "up-1",
  };
}

const geminiFrames: AnswerFrames = {
  empty: sse(geminiAnswer("")),
  content: (text) => sse(geminiAnswer(text)),
  finish: (reason, tokens) =>
    sse({ ...geminiAnswer("", { finishReason: geminiFinish[reason] }), usageMetadata: geminiUsage(tokens) }),
  error: sse({ error: { code: 500, message: "The engine is gone", status: "INTERNAL" } }),
  whole: (text, reason, tokens) =>
    JSON.stringify({
      ...geminiAnswer(text, reason && { finishReason: geminiFinish[reason] }),
      usageMetadata: geminiUsage(tokens),
    }),
  errorBody: ({ status, code, message, details }) =>
    JSON.stringify({ error: { code: status, message, status: code, ...(details && { details }) } }),
};

/** By the provider's dialect. */
export const answerFrames: Readonly<Record<ProviderDialectName, AnswerFrames>> = {
  gemini: geminiFrames,
  "openai-chat": openAiFrames,
};

/** A word of an answer: the call that it came from, and its place in the answer. */
export interface AnswerWord {
  readonly call: number;
  readonly place: number;
}

/**
 * A word of an answer that tells which call it came from and at which place it stood: `[c12w3]`. JSON leaves it as it is.
 */
export function wordOf(call: number, place: number): string {
  return `[c${call}w${place}]`;
}

/** The words in a text, whatever its dialect. */
export function wordsIn(text: string): readonly AnswerWord[] {
  return Array.from(text.matchAll(/\[c(\d+)w(\d+)\]/g), ([, call, place]) => ({
    call: Number(call),
    place: Number(place),
  }));
}
