import type { JsonObject } from "#core/kernel/json.ts";

/** One answer as scorers see it. */
export interface ScoredAnswer {
  /** The answer's text; empty where it has only tool calls. */
  readonly text: string;
  /** The tools it calls, in order. */
  readonly toolCalls: readonly CalledTool[];
  /** Why it ended, in OpenAI's words: stop, length, tool_calls, content_filter; undefined where it was not told. */
  readonly finishReason: string | undefined;
  /** The item that was asked: its fields, the reference among them. */
  readonly fields: JsonObject;
  /** Which item it is, and whose answer; absent where no data set is asked. */
  readonly item?: string;
  readonly target?: string;
  /** From sending to the end of the answer, ms. */
  readonly latencyMs: number;
  /** What it cost, US dollars; undefined where the price is not known. */
  readonly costUsd: number | undefined;
  /** Tokens sent and generated, thinking included; undefined where they were not told. */
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
}

/** A call of a tool. */
export interface CalledTool {
  readonly name: string;
  /** As parsed; undefined where they are no JSON. */
  readonly arguments: JsonObject | undefined;
}
