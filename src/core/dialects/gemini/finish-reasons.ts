import type { FinishReason } from "#core/llm/finish-reason.ts";
import type { Finish } from "#core/llm/response.ts";

/** https://ai.google.dev/api/generate-content#FinishReason, read 2026-11-24; those not listed here are "other". */
const reasons: ReadonlyMap<string, FinishReason> = new Map([
  ["STOP", "stop"],
  ["MAX_TOKENS", "length"],
  ["SAFETY", "content-filter"],
  ["RECITATION", "content-filter"],
  ["BLOCKLIST", "content-filter"],
  ["PROHIBITED_CONTENT", "content-filter"],
  ["SPII", "content-filter"],
  ["MODEL_ARMOR", "content-filter"],
  ["IMAGE_SAFETY", "content-filter"],
  ["IMAGE_PROHIBITED_CONTENT", "content-filter"],
  ["IMAGE_RECITATION", "content-filter"],
  ["MALFORMED_FUNCTION_CALL", "malformed-tool-call"],
  ["CONTINUATION", "continuation"],
]);

const words: Readonly<Record<FinishReason, string>> = {
  stop: "STOP",
  length: "MAX_TOKENS",
  "tool-calls": "STOP",
  "content-filter": "SAFETY",
  "malformed-tool-call": "MALFORMED_FUNCTION_CALL",
  continuation: "CONTINUATION",
  other: "OTHER",
};

/**
 * Reads a finish reason; undefined when there is none.
 * @param hasToolCalls whether the candidate called tools: Gemini says STOP then, too
 */
export function decodeFinish(raw: string | undefined, hasToolCalls: boolean): Finish | undefined {
  if (raw === undefined || raw === "" || raw === "FINISH_REASON_UNSPECIFIED") return undefined;
  const reason = reasons.get(raw) ?? "other";
  return { reason: reason === "stop" && hasToolCalls ? "tool-calls" : reason, raw };
}

/** Writes a finish reason: Gemini's own word where it came from Gemini (no other dialect writes in upper case). */
export function encodeFinish({ reason, raw }: Finish): string {
  return isGeminiWord(raw) ? raw : words[reason];
}

/** Why a prompt was refused, in Gemini's words. */
export function encodeBlockReason(raw: string): string {
  return isGeminiWord(raw) ? raw : "OTHER";
}

function isGeminiWord(raw: string): boolean {
  return /^[A-Z][A-Z0-9_]*$/.test(raw);
}
