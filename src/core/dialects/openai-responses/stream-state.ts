import type { AnswerContext } from "#core/dialects/dialect.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { Finish } from "#core/llm/response.ts";
import type { Usage } from "#core/llm/usage.ts";
import type { OutputItem } from "./output-item.ts";

/** How far an answer is written. */
export interface StreamState {
  readonly context: AnswerContext;
  readonly model: string;
  readonly createdSeconds: number;
  /** Whether the client has been told that the answer begins. */
  readonly isStarted: boolean;
  /** The number of the next event. */
  readonly sequenceNumber: number;
  /** What came, in its order; the last event repeats all of it. */
  readonly items: readonly OutputItem[];
  /** Characters in the items. */
  readonly length: number;
  /** Whether more came than is kept: the answer is then cut, and says so. */
  readonly isCut: boolean;
  /** What other dialects have and this one has no place for, by vendor. */
  readonly foreign: JsonObject;
  /** The last usage reported: the one that counts. */
  readonly usage?: Usage;
  /** Why it ended, once that is known. */
  readonly finish?: Finish;
  readonly isFailed: boolean;
}

/** Before the first part. */
export function startStream(context: AnswerContext): StreamState {
  return {
    context,
    model: context.model,
    createdSeconds: context.createdSeconds,
    isStarted: false,
    sequenceNumber: 0,
    items: [],
    length: 0,
    isCut: false,
    foreign: {},
    isFailed: false,
  };
}
