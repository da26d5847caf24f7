import type { AnswerContext } from "#core/dialects/dialect.ts";
import type { Finish } from "#core/llm/response.ts";
import type { Usage } from "#core/llm/usage.ts";

/** How far a streamed answer is written. */
export interface StreamState {
  readonly context: AnswerContext;
  readonly model: string;
  /** Whether `message_start` is written. */
  readonly isStarted: boolean;
  /** The number of the next block. */
  readonly blocks: number;
  /** Blocks that have begun and not ended, in their order. */
  readonly open: readonly OpenBlock[];
  /** The last usage reported: the one that counts. */
  readonly usage?: Usage;
  /** Why it ended, once that is known. */
  readonly finish?: Finish;
  readonly hasToolCalls: boolean;
  readonly isRefused: boolean;
  readonly isFailed: boolean;
}

/** A block under way. */
export type OpenBlock =
  | { readonly type: "text"; readonly index: number }
  /** `signature` is written when the block ends. */
  | { readonly type: "thinking"; readonly index: number; readonly signature?: string }
  /** `argumentsJson` is the text so far, as long as it is watched for its end. */
  | {
      readonly type: "tool-call";
      readonly index: number;
      readonly toolCall: number;
      readonly argumentsJson: string | undefined;
    };

/** Before the first part. */
export function startStream(context: AnswerContext): StreamState {
  return {
    context,
    model: context.model,
    isStarted: false,
    blocks: 0,
    open: [],
    hasToolCalls: false,
    isRefused: false,
    isFailed: false,
  };
}
