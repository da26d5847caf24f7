import type { ChatResponse } from "#core/llm/response.ts";

/** An answer whose route keeps content. */
export interface CollectedContent {
  readonly response: ChatResponse;
  /** Whether the answer was longer than what is kept. */
  readonly truncated: boolean;
}

/** What was asked and answered, as it came and went: to be redacted before it is written anywhere. */
export interface ExchangedContent extends Partial<CollectedContent> {
  readonly requestId: string;
  /** The request's body as the client sent it. */
  readonly body: Uint8Array;
}

/** Characters of an answer that are kept at most: of the longest answers of today's models (64k tokens) all. */
export const collectLengthMax = 1_000_000;
