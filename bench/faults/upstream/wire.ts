import { ApiFailure, googleErrorBody } from "#emulator/api-failure.ts";
import { plainErrorBody } from "#emulator/openai/errors.ts";

/** How the faulty upstream writes its answers: the two protocols that gateways speak to providers. */
export interface Wire {
  readonly whole: (text: string, finish: WireFinish, options?: { readonly usage: boolean }) => object;
  /** Frame payloads of a stream. */
  readonly role: () => string;
  readonly content: (text: string) => string;
  readonly finish: (finish: WireFinish, options?: { readonly usage: boolean }) => readonly string[];
  /** What closes a stream; none where the protocol has no such mark. */
  readonly done: readonly string[];
  /** An answer without anything in it. */
  readonly nothing: object;
  readonly error: (failure: ApiFailure) => object;
  /** What a 400 says of a prompt that is too long for the model. */
  readonly tooLong: object;
  /** A prompt that the provider's filter refuses; with status 200 it comes in the form that was asked for. */
  readonly blockedPrompt: { readonly status: number; readonly body: object };
}

/** Why an answer is over; `none` tells no reason. */
export type WireFinish = "stop" | "filtered" | "none";

/** Its name as the command line has it. */
export const wireNames = ["openai", "gemini"] as const;

/** One of them. */
export type WireName = (typeof wireNames)[number];

const usage = { prompt_tokens: 12, completion_tokens: 16, total_tokens: 28 };
const facts = { id: "chatcmpl-faults", created: 1_790_000_000, model: "faulty-model" };

function chunk(delta: object, finish: string | null): string {
  return JSON.stringify({
    ...facts,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });
}

const openAiFinish = { stop: "stop", filtered: "content_filter", none: null } as const;

const openAi: Wire = {
  whole: (content, finish, options = { usage: true }) => ({
    ...facts,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content, refusal: null },
        logprobs: null,
        finish_reason: openAiFinish[finish],
      },
    ],
    ...(options.usage && { usage }),
  }),
  role: () => chunk({ role: "assistant", content: "" }, null),
  content: (content) => chunk({ content }, null),
  finish: (finish, options = { usage: true }) => [
    chunk({}, openAiFinish[finish]),
    ...(options.usage
      ? [JSON.stringify({ ...facts, object: "chat.completion.chunk", choices: [], usage })]
      : []),
  ],
  done: ["[DONE]"],
  nothing: { ...facts, object: "chat.completion", choices: [], usage },
  // Google's quota errors are the ones with RetryInfo; its OpenAI face wraps them in a list.
  error: (failure) => (failure.details.length > 0 ? [googleErrorBody(failure)] : plainErrorBody(failure)),
  tooLong: {
    error: {
      message:
        "This model's maximum context length is 8192 tokens. Please reduce the length of the messages.",
      type: "invalid_request_error",
      param: "messages",
      code: "context_length_exceeded",
    },
  },
  // As Azure OpenAI refuses a prompt. https://learn.microsoft.com/azure/ai-services/openai/concepts/content-filter
  blockedPrompt: {
    status: 400,
    body: {
      error: {
        message: "The response was filtered due to the prompt triggering the content management policy.",
        type: "invalid_request_error",
        param: "prompt",
        code: "content_filter",
      },
    },
  },
};

const usageMetadata = { promptTokenCount: 12, candidatesTokenCount: 16, totalTokenCount: 28 };
const geminiFacts = { modelVersion: "faulty-model", responseId: "faulty-response" };
const geminiFinish = {
  stop: { finishReason: "STOP" },
  filtered: { finishReason: "SAFETY" },
  none: {},
} as const;

function candidate(text: string, finish: object): object {
  return {
    candidates: [{ content: { parts: [{ text }], role: "model" }, index: 0, ...finish }],
    ...geminiFacts,
  };
}

const gemini: Wire = {
  whole: (text, finish, options = { usage: true }) => ({
    ...candidate(text, geminiFinish[finish]),
    ...(options.usage && { usageMetadata }),
  }),
  role: () => JSON.stringify(candidate("", {})),
  content: (text) => JSON.stringify(candidate(text, {})),
  finish: (finish, options = { usage: true }) => [
    JSON.stringify({
      ...candidate("", geminiFinish[finish]),
      ...(options.usage && { usageMetadata }),
    }),
  ],
  done: [],
  nothing: { ...geminiFacts, usageMetadata },
  error: googleErrorBody,
  tooLong: googleErrorBody(
    new ApiFailure(400, "The input token count (9000) exceeds the maximum number of tokens allowed (8192)."),
  ),
  blockedPrompt: {
    status: 200,
    body: { promptFeedback: { blockReason: "SAFETY" }, usageMetadata, ...geminiFacts },
  },
};

/** The wires by name. */
export const wires: Readonly<Record<WireName, Wire>> = { openai: openAi, gemini };
