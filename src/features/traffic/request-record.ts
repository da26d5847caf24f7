import type { DialectName } from "#core/llm/dialect-name.ts";
import type { FailureKind } from "#core/llm/upstream-failure.ts";
import type { FinishReason } from "#core/llm/finish-reason.ts";
import type { Usage } from "#core/llm/usage.ts";

/** What is kept of one request: the decision, every attempt and how it ended. Never content, never keys. */
export interface RequestRecord {
  /** UUIDv7; its time is when the request came in. */
  readonly requestId: string;
  /** Wall clock when the request came in, ms since 1970. */
  readonly startedAtMs: number;
  readonly operation: Operation;
  /** The dialect the client spoke. */
  readonly dialect: DialectName;
  readonly stream: boolean;
  /** The name the client asked for. */
  readonly model: string;
  /** The key that was used: its public id; absent when the gateway is open. */
  readonly keyId?: string;
  readonly decision?: DecisionRecord;
  readonly attempts: readonly AttemptRecord[];
  readonly outcome: Outcome;
  /** HTTP status sent to the client; 499 when the client left before one was sent. */
  readonly status: number;
  /** Our error code, when the client got an error. */
  readonly errorCode?: string;
  /** Usage of the attempt that answered. */
  readonly usage?: Usage;
  readonly finishReason?: FinishReason;
  /** The upstream's own id of the answer. */
  readonly upstreamResponseId?: string;
  readonly timings: Timings;
  /** Labels sent in `x-signalbox-tags`. */
  readonly tags: Readonly<Record<string, string>>;
  readonly emulated: boolean;
}

/** What was asked. */
export type Operation = "chat" | "embeddings" | "count-tokens";

/** How a request ended for the client. */
export type Outcome =
  | "completed"
  /** The client got an error instead of an answer, or an error frame in one. */
  | "failed"
  /** Refused before any upstream was called. */
  | "refused"
  /** The client went away. */
  | "aborted";

/** One choice, as it was taken. */
export interface DecisionRecord {
  /** The route's name; for a model or deployment called by its own name that name. */
  readonly route: string;
  readonly variant: string;
  readonly strategy: string;
  /** Every variant that was looked at. Probabilities of the eligible ones sum to 1. */
  readonly candidates: readonly CandidateRecord[];
  /** The probability with which `variant` was chosen, in (0, 1]. */
  readonly propensity: number;
  /** The number drawn, in [0, 1). */
  readonly draw: number;
  /** Deployments in the order they were to be tried. */
  readonly ladder: readonly string[];
  /** Why this variant, in one sentence. */
  readonly reason: string;
  /** What the pairing of dialects could not carry. */
  readonly warnings: readonly { readonly code: string; readonly field: string; readonly message: string }[];
  /** The configuration and the epoch of the status it was taken on. */
  readonly snapshot: { readonly configuration: string; readonly statusEpoch: number };
}

/** A variant that the decision looked at. */
interface CandidateRecord {
  readonly variant: string;
  /** 0 when excluded. */
  readonly probability: number;
  /** Why it was not eligible. */
  readonly excluded?: string;
}

/** One call to one deployment. */
export interface AttemptRecord {
  readonly attempt: number;
  readonly deployment: string;
  readonly provider: string;
  readonly variant: string;
  /** The model's id at the provider. */
  readonly model: string;
  readonly outcome: "completed" | "failed" | "aborted";
  readonly status?: number;
  readonly failure?: FailureKind;
  readonly usage?: Usage;
  /** Since the request came in, ms. */
  readonly startedMs: number;
  /** Since the attempt started, ms; absent when it never came. */
  readonly firstByteMs?: number;
  readonly firstContentMs?: number;
  readonly totalMs: number;
}

/** Durations since the request came in, ms. */
interface Timings {
  readonly firstContentMs?: number;
  readonly totalMs: number;
  /** Spent in Signalbox itself before the first upstream call began. */
  readonly gatewayMs: number;
}
