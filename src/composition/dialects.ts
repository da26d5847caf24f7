import type { Dialect } from "#core/dialects/dialect.ts";
import { gemini } from "#core/dialects/gemini/gemini.ts";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { vertex } from "#core/dialects/vertex/vertex.ts";
import type { DialectName } from "#core/llm/dialect-name.ts";

/** Every wire protocol that Signalbox speaks, by name. */
export const dialects: Readonly<Record<DialectName, Dialect>> = { gemini, "openai-chat": openaiChat };

/** The Gemini dialect as Vertex AI speaks it, for providers that are one. */
export { vertex };
