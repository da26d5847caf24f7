import { embedding, embeddingDimensionsMax } from "../answers/embedding.ts";
import { invalidArgument } from "../api-failure.ts";
import { textTokens } from "../tokens.ts";
import { readMessage } from "./read-message.ts";
import type { Content } from "./request.ts";
import type { BatchEmbedContentsBody, EmbedContentBody, EmbedUsageBody } from "./response-bodies.ts";
import { batchEmbedContentsFields, embedContentFields } from "./request-fields.ts";

/** One text to embed. */
export interface EmbedRequest {
  readonly text: string;
  readonly dimensions: number;
}

const batchMax = 100;

interface EmbedMessage {
  readonly content?: Content;
  readonly outputDimensionality?: number;
}

/** Reads an embedContent body. */
export function readEmbedRequest(body: string): EmbedRequest {
  // readMessage checked the fields that EmbedMessage names.
  return embedRequestOf(readMessage(body, embedContentFields), "EmbedContentRequest");
}

/** Reads a batchEmbedContents body: 1 to 100 requests. */
export function readBatchEmbedRequest(body: string): readonly EmbedRequest[] {
  const { requests } = readMessage(body, batchEmbedContentsFields);
  const messages = Array.isArray(requests) ? requests : [];
  if (messages.length === 0)
    throw invalidArgument("* BatchEmbedContentsRequest.requests: requests is not specified\n");
  if (messages.length > batchMax) {
    throw invalidArgument(
      `* BatchEmbedContentsRequest.requests: at most ${batchMax} requests can be in one batch\n`,
    );
  }
  return messages.map((message, index) =>
    // Checked by readMessage, as above.
    embedRequestOf(message as EmbedMessage, `BatchEmbedContentsRequest.requests[${index}]`),
  );
}

function embedRequestOf(
  { content, outputDimensionality = embeddingDimensionsMax }: EmbedMessage,
  path: string,
): EmbedRequest {
  if (content === undefined) throw invalidArgument(`* ${path}.content: contents is not specified\n`);
  const text = (content.parts ?? [])
    .map((part) => part.text ?? (part.inlineData === undefined ? "" : part.inlineData.data))
    .join("\n");
  if (text === "") throw invalidArgument(`* ${path}.content: content is empty\n`);
  if (outputDimensionality < 1 || outputDimensionality > embeddingDimensionsMax) {
    throw invalidArgument(
      `* ${path}.output_dimensionality: must be in the range [1, ${embeddingDimensionsMax}]\n`,
    );
  }
  return { text, dimensions: outputDimensionality };
}

/** Tokens of everything to embed. */
export function embedTokens(requests: readonly EmbedRequest[]): number {
  return requests.reduce((sum, { text }) => sum + textTokens(text), 0);
}

/** The answer of embedContent. */
export function embedContentResponse(request: EmbedRequest): EmbedContentBody {
  return {
    embedding: { values: embedding(request.text, request.dimensions) },
    usageMetadata: embedUsage([request]),
  };
}

/** The answer of batchEmbedContents. */
export function batchEmbedContentsResponse(requests: readonly EmbedRequest[]): BatchEmbedContentsBody {
  const embeddings = requests.map(({ text, dimensions }) => ({ values: embedding(text, dimensions) }));
  return { embeddings, usageMetadata: embedUsage(requests) };
}

function embedUsage(requests: readonly EmbedRequest[]): EmbedUsageBody {
  const tokenCount = embedTokens(requests);
  return { promptTokenCount: tokenCount, promptTokensDetails: [{ modality: "TEXT", tokenCount }] };
}
