import type { JsonObject } from "#core/kernel/json.ts";
import type { EventKind, TokenCounts } from "#core/benchmarks/timeline.ts";

/** A wire protocol, as far as load needs it: nothing is kept that is not measured. */
export interface LoadDialect {
  /** Where requests go. @param base an origin, or an address to which the dialect's own words are added */
  url(base: string, order: { readonly model: string; readonly stream: boolean }): string;
  headers(key: string | undefined): Readonly<Record<string, string>>;
  /** The body of a request. */
  body(order: RequestOrder): JsonObject;
  /** Reads one event of a stream. @param data what stands behind `data:`, parsed */
  readEvent(data: JsonObject): ReadEvent;
  /** Reads an answer that came whole. */
  readWhole(body: JsonObject): ReadAnswer;
  /** What stands behind `data:` in the last event of a stream; absent where a stream just ends. */
  readonly endMark?: string;
}

/** What is asked. */
export interface RequestOrder {
  readonly model: string;
  readonly stream: boolean;
  /** In order, the last one the user's. */
  readonly turns: readonly SpokenTurn[];
  /** What the answer is bounded by; absent for no bound. */
  readonly outputTokensMax?: number;
}

/** A turn of a conversation. */
export interface SpokenTurn {
  readonly by: "user" | "model";
  readonly text: string;
}

/** What one event of a stream says. */
export interface ReadEvent {
  readonly kind: EventKind;
  /** Text of the answer, thinking left out. */
  readonly text: string;
  /** Absent where this event does not tell it. */
  readonly usage?: TokenCounts;
  /** Whether it says why the answer is over. */
  readonly isFinal: boolean;
  /** It tells an error instead: the code of it. */
  readonly error?: string;
}

/** What an answer that came whole says. */
export interface ReadAnswer {
  readonly text: string;
  readonly usage?: TokenCounts;
}
