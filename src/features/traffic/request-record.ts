import type { ResourceKind } from "#core/dialects/resources.ts";
import type { DialectName } from "#core/llm/dialect-name.ts";
import type { FailureKind } from "#core/llm/upstream-failure.ts";
import type { FinishReason } from "#core/llm/finish-reason.ts";
import type { Usage } from "#core/llm/usage.ts";
import type { FormatCheck } from "#core/parsing/format-check.ts";
import type { CapturePolicy } from "#core/routing/capture-policy.ts";
import type { ForcedChoice } from "#core/balancing/pick.ts";
import type { DegradedStep } from "#core/routing/degraded.ts";

/**
 * What is kept of one request: the decision, every attempt and how it ended. Never content, never keys: what a route's
 * capture policy lets be stored of the content is a `CapturedContent` of its own.
 */
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
  /** Usage of the attempt that answered, or of all together that brought a piece of the answer. */
  readonly usage?: Usage;
  /** What all attempts cost together; absent when none was made. */
  readonly cost?: RequestCost;
  readonly finishReason?: FinishReason;
  /** The upstream's own id of the answer. */
  readonly upstreamResponseId?: string;
  readonly timings: Timings;
  /** Whom or what the request is for; absent where the route captures nothing. */
  readonly unit?: RequestUnit;
  /** The conversation as named by the client: a pseudonym like a unit's. */
  readonly conversation?: string;
  /** What the route let be kept. */
  readonly capture: CapturePolicy;
  /** Labels sent in `x-signalbox-tags`. */
  readonly tags: Readonly<Record<string, string>>;
  readonly emulated: boolean;
}

/** What is randomised and kept sticky. */
export interface RequestUnit {
  /** A pseudonym (core/kernel/pseudonym.ts: base64url, 22 characters): the name itself is never stored. */
  readonly id: string;
  /** Where the name was found: the header, the body's user, the conversation's first turns, or the request's own id. */
  readonly source: "header" | "user" | "conversation" | "request";
}

/** What a request cost. */
export interface RequestCost {
  /** Sum of the attempts' costs, integer pico-dollars (10^-12 USD) >= 0. */
  readonly picoDollars: number;
  /** Whether at least one attempt's cost is an estimate. */
  readonly estimated: boolean;
  /** Attempts that have no known price and are not in the sum. */
  readonly unpricedAttempts: number;
}

/** What one attempt cost. */
export interface AttemptCost {
  /** Integer pico-dollars >= 0. */
  readonly picoDollars: number;
  /** Whether the tokens are counted from what was sent and relayed, because the provider reported none (or absurd ones). */
  readonly estimated: boolean;
}

/** What was asked. */
export type Operation = "chat" | "embeddings" | "count-tokens" | ResourceKind;

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
  /** The version of the prompt that the variant has: `support@3`; absent where it has none. */
  readonly prompt?: string;
  readonly strategy: string;
  /** Every variant that was looked at. Probabilities of the eligible ones sum to 1. */
  readonly candidates: readonly CandidateRecord[];
  /**
   * The probability with which `variant` was chosen, in (0, 1]: over the strategy's draws, and over whom an experiment's
   * hashes assign what, for a unit that takes part in the experiments that this one takes part in.
   */
  readonly propensity: number;
  /** The number drawn, in [0, 1). */
  readonly draw: number;
  /** Deployments in the order they were to be tried. */
  readonly ladder: readonly string[];
  /** Why this variant, in one sentence. */
  readonly reason: string;
  /** What an experiment made of it; absent where none took it. */
  readonly experiment?: ExperimentRecord;
  /** The step of the ladder that answered in place of what was decided; absent where that answered, or nothing did. */
  readonly degraded?: DegradedStep;
  /** Set where a stream broke and another attempt went on with it. */
  readonly resumed?: true;
  /** Whether the answer has the format that was asked for; absent where none was, nobody answered, or no experiment compares it. */
  readonly format?: FormatCheck;
  /** Set where no client asked it: what it was made for. */
  readonly shadowOf?: ShadowRecord;
  /** What the pairing of dialects could not carry. */
  readonly warnings: readonly { readonly code: string; readonly field: string; readonly message: string }[];
  /** The configuration and the epoch of the status it was taken on. */
  readonly snapshot: {
    readonly configuration: string;
    readonly statusEpoch: number;
    /** Version of the catalog's price table; prices of the configuration are versioned with it. */
    readonly prices: string;
  };
}

/** What Signalbox asked by itself, off-line. */
export type ShadowRecord =
  | {
      /** Another variant's answer to what a client had asked, or a judge's opinion of two answers. */
      readonly kind: "shadow" | "judge";
      /** The id of the client's request. */
      readonly request: string;
      readonly experiment: string;
      readonly phase: number;
    }
  /** A judge's opinion of the answer that the client was given. */
  | { readonly kind: "evaluation"; readonly request: string; readonly evaluation: string };

/** What an experiment made of a request: it assigned its unit a variant, or left it outside. */
export type ExperimentRecord =
  | AssignedRecord
  | {
      readonly name: string;
      readonly phase: number;
      /** Why the request took no part: it was served as if there were no experiment. */
      readonly outside: string;
    };

/** A request whose unit an experiment assigned a variant. */
export interface AssignedRecord {
  readonly name: string;
  readonly phase: number;
  /** The variant that the unit is assigned, whoever answered. */
  readonly variant: string;
  /** Its share among the units that take part, in (0, 1). */
  readonly propensity: number;
  /** The unit's pseudonym; absent where the route captures nothing. */
  readonly unit?: string;
  /** Whether later requests can be of the same unit: false where the request had none, and is one by itself. */
  readonly stable: boolean;
  /** The tags that the experiment notes, with their values; absent where it notes none. */
  readonly segments?: Readonly<Record<string, string>>;
  /** What answered; absent where the assigned variant did not, or its provider did not say. */
  readonly answered?: AnsweredRecord;
  /** The pseudonym of what was asked: the same where a client asks the same once more. Absent where nobody is named who asks. */
  readonly question?: string;
}

/** What answered a request. */
interface AnsweredRecord {
  /** The model's id that the provider was asked for. */
  readonly model: string;
  /** What the provider says answered: the version behind a name that it may point elsewhere one day. */
  readonly version: string;
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
  /** Set where it brought more of an answer that its provider had ended unfinished. */
  readonly continues?: true;
  /** Set where it went on with a stream that had broken elsewhere. */
  readonly resumes?: true;
  readonly outcome: "completed" | "failed" | "aborted";
  /** Why a deployment was asked that was not as it should be; absent where it was, as a rule. */
  readonly chosen?: ForcedChoice;
  readonly status?: number;
  readonly failure?: FailureKind;
  /** As reported, or as estimated where `cost.estimated` says so; absent when nothing can have been billed. */
  readonly usage?: Usage;
  /** Absent where the deployment's model has no known price. */
  readonly cost?: AttemptCost;
  /** Since the request came in, ms. */
  readonly startedMs: number;
  /** Until a connection was there and the call on its way, since the attempt started, ms; absent when it never was. */
  readonly connectMs?: number;
  /** Since the attempt started, ms; absent when it never came. */
  readonly firstByteMs?: number;
  readonly firstContentMs?: number;
  readonly lastContentMs?: number;
  readonly totalMs: number;
}

/** Durations since the request came in, ms. */
interface Timings {
  /** Until its body was read and it was admitted. */
  readonly queueMs: number;
  /** Until the first byte, the first and the last content of the attempt that answered. */
  readonly firstByteMs?: number;
  readonly firstContentMs?: number;
  readonly lastContentMs?: number;
  readonly totalMs: number;
  /** Spent in Signalbox itself before the first upstream call began, `queueMs` not included. */
  readonly gatewayMs: number;
}
