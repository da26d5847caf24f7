import type { JsonObject } from "../json.ts";
import { textTokens } from "../tokens.ts";

/** The Gemini API's finish reasons. https://ai.google.dev/api/generate-content, read 2026-11-24 */
export const finishReasons = [
  "STOP",
  "MAX_TOKENS",
  "SAFETY",
  "RECITATION",
  "LANGUAGE",
  "OTHER",
  "BLOCKLIST",
  "PROHIBITED_CONTENT",
  "SPII",
  "MALFORMED_FUNCTION_CALL",
  "IMAGE_SAFETY",
  "IMAGE_PROHIBITED_CONTENT",
  "IMAGE_OTHER",
  "NO_IMAGE",
  "IMAGE_RECITATION",
  "UNEXPECTED_TOOL_CALL",
  "TOO_MANY_TOOL_CALLS",
  "MISSING_THOUGHT_SIGNATURE",
  "MALFORMED_RESPONSE",
  "CONTINUATION",
] as const;

/** Why the emulated model stopped. */
export type FinishReason = (typeof finishReasons)[number];

/** Reasons for which the API blocks a prompt, same source. */
export const blockReasons = ["SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY"] as const;

/** Why a prompt was blocked. */
export type BlockReason = (typeof blockReasons)[number];

/** One piece of what the model said, in order. */
export type AnswerItem =
  | { readonly kind: "thought"; readonly text: string }
  | { readonly kind: "text"; readonly text: string; readonly signature?: string }
  | {
      readonly kind: "call";
      readonly id: string;
      readonly name: string;
      readonly args: JsonObject;
      readonly signature?: string;
    };

/** What the model says to one request (one candidate), before any dialect. */
export interface Answer {
  readonly items: readonly AnswerItem[];
  /** Tokens spent thinking; billed as output, counted apart from it. */
  readonly thoughtTokens: number;
  /** Absent only when a fault leaves it out. */
  readonly finishReason?: FinishReason;
  readonly finishMessage?: string;
  /** Set when the answer goes on in another request (Gemini 4): where this one stopped, in characters. */
  readonly continuesAt?: number;
}

/** Part of an answer as it is streamed. */
export interface AnswerStep {
  /** Index of the candidate. */
  readonly candidate: number;
  readonly item?: AnswerItem;
  /** Output tokens of all candidates up to and including this step, thinking excluded. */
  readonly outputTokens: number;
  /** Set on the last step of its candidate. */
  readonly finish?: Pick<Answer, "finishReason" | "finishMessage" | "continuesAt">;
}

/** Output tokens of an answer, thinking excluded. */
export function answerTokens(answer: Answer): number {
  const text = answer.items.map((item) => (item.kind === "text" ? item.text : "")).join("");
  const calls = answer.items.map((item) => (item.kind === "call" ? callTokens(item) : 0));
  return textTokens(text) + calls.reduce((sum, tokens) => sum + tokens, 0);
}

/** Output tokens of a tool call: those of its name and arguments as JSON. */
export function callTokens(call: { readonly name: string; readonly args: JsonObject }): number {
  return textTokens(JSON.stringify({ name: call.name, args: call.args }));
}
