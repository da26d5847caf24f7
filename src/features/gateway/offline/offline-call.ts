import type { ChatRequest } from "#core/llm/request.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import type { RequiredTags } from "#core/routing/required-tags.ts";
import type { Arrival } from "#features/gateway/asked.ts";
import type { RequestRecord, ShadowRecord } from "#features/traffic/index.ts";

/** What is asked without a client that waits for the answer. */
export interface OfflineCall {
  /** What it is made for, as the log is to keep it. */
  readonly mark: ShadowRecord;
  /** With an id of its own and without a principal: it is on nobody's account. */
  readonly arrival: Arrival;
  readonly request: ChatRequest;
  /** The request's bytes as they came; none where it was made here. */
  readonly body?: Buffer;
  /** What deployments must be beside what its own route and tags require; absent is nothing. */
  readonly requires?: RequiredTags;
}

/** An off-line call that can be made. */
export interface PreparedOffline {
  /** What it will cost by prices and expected lengths, pico-dollars; undefined where nobody knows a price. */
  readonly predicted: number | undefined;
  /**
   * Makes it, once, and records it. Does not throw.
   * @param signal ends it before its time
   */
  run(signal: AbortSignal): Promise<OfflineEnd>;
}

/** What came of an off-line call. */
export interface OfflineEnd {
  readonly record: RequestRecord;
  /** What was answered; absent where nothing was, or more than is collected. */
  readonly response?: ChatResponse;
}
