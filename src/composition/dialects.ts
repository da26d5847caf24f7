import { anthropic } from "#core/dialects/anthropic/anthropic.ts";
import type { Dialect, ServedDialect } from "#core/dialects/dialect.ts";
import { gemini } from "#core/dialects/gemini/gemini.ts";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { openaiResponses } from "#core/dialects/openai-responses/openai-responses.ts";
import { vertex } from "#core/dialects/vertex/vertex.ts";
import type { DialectName, ProviderDialectName } from "#core/llm/dialect-name.ts";

/** The wire protocols that providers speak, by name. */
export const providerDialects: Readonly<Record<ProviderDialectName, Dialect>> = {
  gemini,
  "openai-chat": openaiChat,
};

/** The wire protocols that clients may speak, by name. */
export const dialects: Readonly<Record<DialectName, ServedDialect>> = {
  ...providerDialects,
  anthropic,
  "openai-responses": openaiResponses,
};

/** The Gemini dialect as Vertex AI speaks it, for providers that are one. */
export { vertex };
