import type { ThinkingLevel } from "#core/llm/request.ts";

/** OpenAI's words for efforts that the neutral request has too, weakest first. */
export const efforts: readonly ThinkingLevel[] = ["none", "minimal", "low", "medium", "high", "xhigh"];
