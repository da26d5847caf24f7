import type { Answer, AnswerItem, AnswerStep, BlockReason } from "../answers/answer.ts";
import { answerTokens } from "../answers/answer.ts";
import { logprobsOf, type LikelyToken } from "../answers/logprobs.ts";
import type { ApiFailure } from "../api-failure.ts";
import { googleErrorBody } from "../api-failure.ts";
import type { StreamEncoder } from "../delivery/stream-encoder.ts";
import type {
  CandidateBody,
  ContentBody,
  GenerateContentBody,
  LikelyTokenBody,
  PartBody,
} from "./response-bodies.ts";
import type { PromptUsage } from "./usage.ts";
import { usageMetadata } from "./usage.ts";

/** What a generateContent response says beside its candidates. */
export interface ResponseFrame {
  readonly responseId: string;
  readonly modelVersion: string;
  readonly prompt: PromptUsage;
  readonly thoughtTokens: number;
  /** Function calls carry ids from Gemini 3 on. */
  readonly hasCallIds: boolean;
  /** How many of the likeliest tokens are told at each place; absent where none are, nor those that were said. */
  readonly topLogprobs?: number;
  /** Why the prompt was blocked, if it was: then there are no candidates. */
  readonly blockReason?: BlockReason;
  /** Makes the token with which a CONTINUATION goes on. */
  readonly continuationToken: (continuesAt: number) => string;
}

/** A whole generateContent response. */
export function generateContentResponse(
  answers: readonly Answer[],
  frame: ResponseFrame,
): GenerateContentBody {
  const outputTokens = answers.reduce((sum, answer) => sum + answerTokens(answer), 0);
  const candidates = answers.map((answer, candidate) => ({
    ...candidateContent(joined(answer.items), frame),
    ...logprobsFields(answer.items, frame),
    ...finishFields(answer, frame),
    index: candidate,
  }));
  return answers.length === 0 ? unansweredResponse(frame) : { candidates, ...envelope(frame, outputTokens) };
}

/** A response without candidates; it says why when the prompt was blocked. */
function unansweredResponse(frame: ResponseFrame): GenerateContentBody {
  const { blockReason } = frame;
  return { ...(blockReason === undefined ? {} : { promptFeedback: { blockReason } }), ...envelope(frame, 0) };
}

/** The stream encoder of streamGenerateContent, as events (alt=sse) or as one JSON array. */
export function geminiStreamEncoder(frame: ResponseFrame, framing: "events" | "array"): StreamEncoder {
  return {
    framing,
    lineEnd: "\r\n",
    opening: () => [],
    step: (step) => [stepChunk(step, frame)],
    unanswered: () => [unansweredResponse(frame)],
    closing: () => [],
    emptyDelta: () => ({
      candidates: [{ content: { parts: [{ text: "" }], role: "model" }, index: 0 }],
      ...envelope(frame, 0),
    }),
    error: (failure: ApiFailure) => googleErrorBody(failure),
  };
}

function stepChunk(step: AnswerStep, frame: ResponseFrame): GenerateContentBody {
  const content = candidateContent(step.item === undefined ? [] : [step.item], frame);
  const finish = step.finish === undefined ? {} : finishFields(step.finish, frame);
  return {
    candidates: [{ ...content, ...streamedLogprobs(step, frame), ...finish, index: step.candidate }],
    ...envelope(frame, step.outputTokens),
  };
}

function envelope(frame: ResponseFrame, outputTokens: number): GenerateContentBody {
  const { modelVersion, responseId, thoughtTokens, prompt } = frame;
  return { usageMetadata: usageMetadata(prompt, { outputTokens, thoughtTokens }), modelVersion, responseId };
}

function streamedLogprobs({ item }: AnswerStep, frame: ResponseFrame): Pick<CandidateBody, "logprobsResult"> {
  const { logprobsResult } = item === undefined ? {} : logprobsFields([item], frame);
  return logprobsResult === undefined ? {} : { logprobsResult };
}

/** Of the words alone: thoughts and calls have none. */
function logprobsFields(
  items: readonly AnswerItem[],
  { topLogprobs }: ResponseFrame,
): Pick<CandidateBody, "avgLogprobs" | "logprobsResult"> {
  const text = items.map((item) => (item.kind === "text" ? item.text : "")).join("");
  if (topLogprobs === undefined || text === "") return {};
  const tokens = logprobsOf(text, topLogprobs);
  const logProbabilitySum = tokens.reduce((sum, { logprob }) => sum + logprob, 0);
  return {
    avgLogprobs: logProbabilitySum / tokens.length,
    logprobsResult: {
      ...(topLogprobs === 0
        ? {}
        : { topCandidates: tokens.map(({ top }) => ({ candidates: top.map(likelyToken) })) }),
      chosenCandidates: tokens.map(likelyToken),
      logProbabilitySum,
    },
  };
}

function likelyToken({ token, tokenId, logprob }: LikelyToken): LikelyTokenBody {
  return { token, tokenId, logProbability: logprob };
}

function candidateContent(items: readonly AnswerItem[], frame: ResponseFrame): { content?: ContentBody } {
  if (items.length === 0) return {};
  return { content: { parts: items.map((item) => part(item, frame)), role: "model" } };
}

function part(item: AnswerItem, frame: ResponseFrame): PartBody {
  switch (item.kind) {
    case "thought":
      return { text: item.text, thought: true };
    case "text":
      return { text: item.text, ...signatureField(item.signature) };
    case "call": {
      const { id, name, args } = item;
      return {
        functionCall: frame.hasCallIds ? { id, name, args } : { name, args },
        ...signatureField(item.signature),
      };
    }
  }
}

function signatureField(thoughtSignature: string | undefined): { thoughtSignature?: string } {
  return thoughtSignature === undefined ? {} : { thoughtSignature };
}

function finishFields(
  finish: NonNullable<AnswerStep["finish"]>,
  frame: ResponseFrame,
): Omit<CandidateBody, "index"> {
  const { finishReason, finishMessage, continuesAt } = finish;
  return {
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(finishMessage === undefined ? {} : { finishMessage }),
    ...(continuesAt === undefined ? {} : { continuationToken: frame.continuationToken(continuesAt) }),
  };
}

/** A whole answer carries its text's signature on the text itself; an empty text without one is no part. */
function joined(items: readonly AnswerItem[]): readonly AnswerItem[] {
  return items.filter((item) => item.kind !== "text" || item.text !== "" || item.signature !== undefined);
}
