import type { DialectName } from "#core/llm/dialect-name.ts";
import type { Json } from "#core/kernel/json.ts";
import type { MediaPart } from "#core/llm/message.ts";
import type { Extra } from "#core/llm/extra.ts";
import type { PositionLogprobs } from "#core/llm/logprobs.ts";
import type { Finish, PromptBlock } from "#core/llm/response.ts";
import type { Usage } from "#core/llm/usage.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";

/**
 * One step of a streamed answer. Order: `response-start`, then deltas, `finish` once a candidate, `usage` (cumulative:
 * the last one counts) any number of times, `end` last. A stream without any `finish` or `blocked` was cut short.
 */
export type StreamPart =
  | {
      readonly type: "response-start";
      readonly id?: string;
      readonly model?: string;
      readonly createdSeconds?: number;
    }
  | TextDelta
  | ThinkingDelta
  | ToolCallStart
  | ToolCallDelta
  | { readonly type: "media"; readonly candidate: number; readonly part: MediaPart }
  | { readonly type: "refusal-delta"; readonly candidate: number; readonly text: string }
  | {
      readonly type: "opaque";
      readonly candidate: number;
      readonly dialect: DialectName;
      readonly name: string;
      readonly value: Json;
    }
  /** How likely the tokens of more words of the answer were; comes behind them. */
  | {
      readonly type: "logprobs";
      readonly candidate: number;
      readonly positions: readonly PositionLogprobs[];
    }
  /** Fields of a candidate or of the answer that only one dialect has: grounding, citations, ... */
  | { readonly type: "extra"; readonly candidate?: number; readonly extra: Extra }
  | { readonly type: "blocked"; readonly block: PromptBlock; readonly extra?: Extra }
  | { readonly type: "finish"; readonly candidate: number; readonly finish: Finish }
  | { readonly type: "usage"; readonly usage: Usage }
  /** The upstream said in the stream that it failed. Nothing but `end` follows. */
  | { readonly type: "error"; readonly failure: UpstreamFailure }
  /** The upstream's own end mark (`[DONE]`). Gemini has none: its streams end with the connection. */
  | { readonly type: "end" };

/** More words of the answer. An empty text may carry a signature. */
export interface TextDelta {
  readonly type: "text-delta";
  readonly candidate: number;
  readonly text: string;
  readonly thoughtSignature?: string;
}

/** More of the model's thinking. */
export interface ThinkingDelta {
  readonly type: "thinking-delta";
  readonly candidate: number;
  readonly text: string;
  readonly thoughtSignature?: string;
}

/** A tool call begins. Its arguments follow as `tool-call-delta`s with the same `toolCall` number. */
export interface ToolCallStart {
  readonly type: "tool-call-start";
  readonly candidate: number;
  /** Counts the tool calls of a candidate from 0. */
  readonly toolCall: number;
  readonly id?: string;
  readonly name: string;
  readonly thoughtSignature?: string;
}

/** More of a tool call's argument text. */
export interface ToolCallDelta {
  readonly type: "tool-call-delta";
  readonly candidate: number;
  readonly toolCall: number;
  readonly argumentsJson: string;
}

/** Whether a part is content in the sense of deadlines and of invariant 1: something the client's user would see or act on. */
export function isContent(part: StreamPart): boolean {
  switch (part.type) {
    case "text-delta":
    case "thinking-delta":
    case "refusal-delta":
      return part.text.length > 0;
    case "tool-call-start":
    case "tool-call-delta":
    case "media":
    case "opaque":
      return true;
    case "response-start":
    case "logprobs":
    case "extra":
    case "blocked":
    case "finish":
    case "usage":
    case "error":
    case "end":
      return false;
  }
}
