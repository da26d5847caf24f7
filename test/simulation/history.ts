import type { FailureKind } from "#core/llm/upstream-failure.ts";
import type { RequestRecord } from "#features/traffic/index.ts";
import type { AnswerWord } from "./world/answer-frames.ts";
import type { Fault } from "./world/fault.ts";
import type { RequestPlan, Scenario, Specification } from "./world/scenario.ts";

/** All that was seen from outside of the gateway: by its providers, by its clients and by the request log. */
export interface History {
  readonly scenario: Scenario;
  readonly requests: readonly RequestTrace[];
  /** By the time they were made. */
  readonly calls: readonly CallTrace[];
  /** What was in force from when, by time; the first holds from the beginning. */
  readonly epochs: readonly Epoch[];
  /** How the breakers changed, by time. All are closed at the beginning. */
  readonly breakers: readonly BreakerChange[];
  /** What was thrown to where nobody catches it. */
  readonly crashes: readonly string[];
  /** Timers of the gateway that still wait when everything is over. */
  readonly timersLeft: number;
  /** When everything was over, ms. */
  readonly endMs: number;
}

/** A breaker has come into another state, or is open for another time. */
export interface BreakerChange {
  readonly atMs: number;
  readonly deployment: string;
  readonly state: "closed" | "open" | "half-open";
  /** Until when it lets nobody through, ms since the beginning. */
  readonly openUntilMs: number;
  readonly reason: string;
}

/** A configuration in force. */
export interface Epoch {
  readonly number: number;
  readonly fromMs: number;
  readonly specification: Specification;
}

/** One request, as its client and the log saw it. Times are ms since the beginning. */
export interface RequestTrace {
  readonly plan: RequestPlan;
  readonly id: string;
  /** The epoch it came in. */
  readonly epoch: number;
  readonly calls: CallTrace[];
  readonly records: RequestRecord[];
  /** When the gateway was done with it. */
  settledMs?: number;
  status?: number;
  headers?: Readonly<Record<string, string>>;
  /** What it was told behind an answer that was complete. */
  trailers?: Readonly<Record<string, string>>;
  /** All that the client was sent. */
  text: string;
  /** When it was sent the first word of an answer. */
  firstWordMs?: number;
  endedMs?: number;
  ending?: "end" | "broken-off";
  /** When it went away before the answer was complete. */
  leftMs?: number;
  /** Times at which it did not read, both ends; the last may be open. */
  readonly pauses: { readonly fromMs: number; untilMs?: number }[];
}

/** One call, as its provider saw it. Times are ms since the beginning. */
export interface CallTrace {
  readonly number: number;
  /** Number of the request that it is made for. */
  readonly request: number;
  readonly deployment: string;
  readonly fault: Fault | undefined;
  /** Words of an answer that had begun, with which its request ended: they are to be gone on with. Mostly there are none. */
  readonly beginning: readonly AnswerWord[];
  /** Words of the answer, or of its rest, that are given when nothing goes wrong. */
  readonly words: number;
  readonly startedMs: number;
  sentMs?: number;
  status?: number;
  /** When each frame with words was handed over. */
  readonly wordTimesMs: number[];
  wordsGiven: number;
  /** When the finish reason was handed over. */
  finishMs?: number;
  /** Tokens of the answer as reported with it. */
  reportedTokens?: number;
  /** When the provider was done, or the connection broke. */
  endedMs?: number;
  /** What the answer tells of a failure, as a reader of the provider's documentation would name it. */
  failure?: FailureKind;
  /** How long the provider asked to wait, ms. */
  hintMs?: number;
  /** When the gateway cancelled it, where it was not over. */
  abortedMs?: number;
}

/** Whether a call was asked to go on with an answer that had begun. */
export function isResumption({ beginning }: CallTrace): boolean {
  return beginning.length > 0;
}

/** Each call with its request. */
export function asked({ calls, requests }: History): readonly (readonly [RequestTrace, CallTrace])[] {
  return calls.flatMap((call) => {
    const request = requests[call.request];
    return request ? [[request, call] as const] : [];
  });
}
