import { geminiLoad } from "./gemini-load.ts";
import type { LoadDialect } from "./load-dialect.ts";
import { openAiLoad } from "./openai-load.ts";

/** Dialects that load is made in, by their names. */
export const loadDialects = {
  "openai-chat": openAiLoad,
  gemini: geminiLoad,
} as const satisfies Readonly<Record<string, LoadDialect>>;
