import type { CountTokensResponse, EmbedContentResponse, GenerateContentResponse } from "@google/genai";
import type { ChatCompletion, ChatCompletionChunk } from "openai/resources/chat/completions";
import type { CreateEmbeddingResponse } from "openai/resources/embeddings";
import type { Model } from "openai/resources/models";
import { expect, test } from "vitest";
import type {
  BatchEmbedContentsBody,
  CandidateBody,
  CountTokensBody,
  GenerateContentBody,
  PartBody,
} from "../../emulator/gemini/response-bodies.ts";
import { generateContentResponse } from "../../emulator/gemini/response.ts";
import { chatCompletion } from "../../emulator/openai/chat-response.ts";
import type {
  ChatChunkBody,
  ChatCompletionBody,
  ChoiceBody,
  ChunkChoiceBody,
  EmbeddingsBody,
  OpenAiModelBody,
} from "../../emulator/openai/response-bodies.ts";
// @langchain/google does not export the API's types by name; the file it ships them in is read directly.
import type { Gemini } from "../../node_modules/@langchain/google/dist/chat_models/api-types.d.ts";

/** A type as it is on the wire: the SDK's enums become the texts they stand for. */
type Wire<T> = T extends string
  ? `${T}`
  : T extends (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Key in keyof T]: Wire<T[Key]> }
      : T;

/** The fields of the SDK's class that come from the API; the others are computed getters. */
type GenAiResponse = Wire<
  Pick<
    GenerateContentResponse,
    "candidates" | "modelVersion" | "promptFeedback" | "responseId" | "usageMetadata"
  >
>;

/** A completion without faults always says why it ended. */
type Finished<Choice extends ChoiceBody | ChunkChoiceBody> = Omit<Choice, "finish_reason"> & {
  finish_reason: NonNullable<Choice["finish_reason"]>;
};
type FinishedCompletion = Omit<ChatCompletionBody, "choices"> & { choices: Finished<ChoiceBody>[] };

/** Compiles only when the first type is assignable to the second: `tsc` is the test. */
type Assignable<Given extends Wanted, Wanted> = Given;

/** Each line says: what the emulator answers with is what the client's own types expect. */
export type Checked = [
  Assignable<GenerateContentBody, GenAiResponse>,
  Assignable<GenerateContentBody, Gemini.GenerateContentResponse>,
  Assignable<CountTokensBody, Wire<Pick<CountTokensResponse, "totalTokens">>>,
  Assignable<BatchEmbedContentsBody, Wire<Pick<EmbedContentResponse, "embeddings">>>,
  Assignable<FinishedCompletion, ChatCompletion>,
  Assignable<ChatChunkBody, ChatCompletionChunk>,
  Assignable<EmbeddingsBody<number[]>, CreateEmbeddingResponse>,
  Assignable<OpenAiModelBody, Model>,
];

/** Keys that a body has; every one must be known to the client's type as well (assignability alone allows extra ones). */
type UnknownKeys<Given, Known> = Exclude<keyof Given, keyof Known>;
export type NothingUnknown = [
  Assignable<UnknownKeys<GenerateContentBody, GenAiResponse>, never>,
  Assignable<UnknownKeys<GenerateContentBody["usageMetadata"], Gemini.UsageMetadata>, never>,
  Assignable<UnknownKeys<CandidateBody, NonNullable<GenAiResponse["candidates"]>[number]>, never>,
  Assignable<UnknownKeys<PartBody, Gemini.Part>, never>,
  Assignable<UnknownKeys<ChatCompletionBody, ChatCompletion>, never>,
];

const frame = {
  responseId: "r",
  modelVersion: "gemini-4-argon",
  prompt: { byModality: new Map([["TEXT", 8] as const]), cachedTokens: 4 },
  thoughtTokens: 3,
};
const call = { kind: "call", id: "c1", name: "f", args: { a: 1 }, signature: "AAAA" } as const;
const answer = {
  items: [{ kind: "text", text: "hello" } as const, call],
  thoughtTokens: 3,
  finishReason: "STOP",
} as const;

test("a whole Gemini body has the fields that the clients' types name", () => {
  const body: Gemini.GenerateContentResponse = generateContentResponse([answer], {
    ...frame,
    hasCallIds: true,
    continuationToken: String,
  });
  expect(body).toEqual({
    candidates: [
      {
        content: {
          parts: [
            { text: "hello" },
            { functionCall: { id: "c1", name: "f", args: { a: 1 } }, thoughtSignature: "AAAA" },
          ],
          role: "model",
        },
        finishReason: "STOP",
        index: 0,
      },
    ],
    usageMetadata: {
      promptTokenCount: 8,
      candidatesTokenCount: 9,
      totalTokenCount: 20,
      cachedContentTokenCount: 4,
      promptTokensDetails: [{ modality: "TEXT", tokenCount: 8 }],
      cacheTokensDetails: [{ modality: "TEXT", tokenCount: 4 }],
      thoughtsTokenCount: 3,
    },
    modelVersion: "gemini-4-argon",
    responseId: "r",
  });
});

test("a whole OpenAI body has the fields that the client's types name", () => {
  const body = chatCompletion([answer], { ...frame, createdMs: 5000, flavour: "plain", includeUsage: false });
  expect(body).toEqual({
    id: "r",
    object: "chat.completion",
    created: 5,
    model: "gemini-4-argon",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: "hello",
          refusal: null,
          tool_calls: [{ id: "call_c1", type: "function", function: { name: "f", arguments: '{"a":1}' } }],
        },
        logprobs: null,
        finish_reason: "tool_calls",
      },
    ],
    usage: {
      prompt_tokens: 8,
      completion_tokens: 12,
      total_tokens: 20,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 3 },
    },
  });
});
