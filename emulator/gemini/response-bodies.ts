import type { BlockReason, FinishReason } from "../answers/answer.ts";
import type { JsonObject } from "../json.ts";
import type { Modality } from "../tokens.ts";

/**
 * The bodies that the Gemini face answers with. test/emulator/response-types.test.ts checks that each is assignable to
 * the type that @google/genai and @langchain/google ship for it. Arrays are mutable, as theirs are.
 */
export type GenerateContentBody = {
  candidates?: CandidateBody[];
  promptFeedback?: { blockReason: BlockReason };
  usageMetadata: UsageBody;
  modelVersion: string;
  responseId: string;
};

/** One candidate. */
export type CandidateBody = {
  content?: ContentBody;
  finishReason?: FinishReason;
  finishMessage?: string;
  continuationToken?: string;
  avgLogprobs?: number;
  logprobsResult?: LogprobsBody;
  index: number;
};

/** How likely the tokens of a candidate were. */
export type LogprobsBody = {
  topCandidates?: { candidates: LikelyTokenBody[] }[];
  chosenCandidates: LikelyTokenBody[];
  logProbabilitySum: number;
};

/** One token of them. */
export type LikelyTokenBody = { token: string; tokenId: number; logProbability: number };

/** What the model said. */
export type ContentBody = { parts: PartBody[]; role: "model" };

/** One part of it. */
export type PartBody = {
  text?: string;
  thought?: boolean;
  functionCall?: { id?: string; name: string; args: Record<string, unknown> & JsonObject };
  thoughtSignature?: string;
};

/** Token counts. */
export type UsageBody = {
  promptTokenCount: number;
  candidatesTokenCount?: number;
  totalTokenCount: number;
  cachedContentTokenCount?: number;
  promptTokensDetails: ModalityCountBody[];
  cacheTokensDetails?: ModalityCountBody[];
  thoughtsTokenCount?: number;
};

/** Tokens of one modality. */
export type ModalityCountBody = { modality: Modality; tokenCount: number };

/** The answer of countTokens. */
export type CountTokensBody = { totalTokens: number; promptTokensDetails: ModalityCountBody[] };

/** The answer of embedContent. */
export type EmbedContentBody = { embedding: { values: number[] }; usageMetadata: EmbedUsageBody };

/** The answer of batchEmbedContents. */
export type BatchEmbedContentsBody = { embeddings: { values: number[] }[]; usageMetadata: EmbedUsageBody };

/** Token counts of embeddings. */
export type EmbedUsageBody = { promptTokenCount: number; promptTokensDetails: ModalityCountBody[] };

/** A model as GET models/{m} shows it. */
export type ModelBody = {
  name: string;
  version: string;
  displayName: string;
  description: string;
  inputTokenLimit: number;
  outputTokenLimit: number;
  supportedGenerationMethods: string[];
  temperature?: number;
  topP?: number;
  topK?: number;
  maxTemperature?: number;
  thinking?: boolean;
};

/** One page of models. */
export type ModelListBody = { models: ModelBody[]; nextPageToken?: string };
