import type { Principal } from "#features/access/index.ts";
import type { ErrorForClient, ServedDialect } from "#core/dialects/dialect.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { RequestFacts } from "#core/routing/request-facts.ts";
import type { ClientPort } from "#features/gateway/client-port.ts";
import type { PromptedRequest } from "#features/gateway/prompted-request.ts";
import type { Operation } from "#features/traffic/index.ts";

/** What is known of a request before its body is understood. */
export interface Arrival {
  readonly requestId: string;
  /** Wall clock when it came in, ms since 1970. */
  readonly startedAtMs: number;
  /** Monotonic clock when it came in, ms. */
  readonly startedMs: number;
  /** Until it was admitted and its body read, ms; 0 before that. */
  readonly queueMs: number;
  readonly dialect: ServedDialect;
  /** Who sends it; absent until it is admitted. */
  readonly principal?: Principal;
  readonly tags: Readonly<Record<string, string>>;
  /** The headers of the request, for routes whose conditions look at them; names in lower case. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Whom or what the client says the request is for. */
  readonly unit?: string;
  /** The conversation it says the request belongs to. */
  readonly conversation?: string;
  /** The session it says the request is part of: what a user does in one go, of which conversations may be several. */
  readonly session?: string;
  /** How long the client waits at most, ms. */
  readonly deadlineMs?: number;
  /** Whether its answer is neither kept nor one that was kept; absent is no. */
  readonly uncached?: boolean;
}

/** What a request asks for, in the words all operations share. */
export interface Asked {
  readonly arrival: Arrival;
  readonly client: ClientPort;
  /** The name the client asked for. */
  readonly model: string;
  readonly stream: boolean;
  /** What routing may look at. */
  readonly facts: RequestFacts;
  /** Our own count of everything that is sent, where `facts.inputTokens` counts a part: embeddings of several texts. */
  readonly promptTokens?: number;
  /** The conversation asked to go on; absent where there is none. */
  readonly request?: ChatRequest;
  /** Set where it is about something that a provider keeps. */
  readonly resource?: AskedResourceTerms;
  /** What prompts are made for: the request as a variant's prompt makes it; absent where it has no messages. */
  readonly prompting?: { readonly request: ChatRequest; readonly prompted: PromptedRequest };
  /** The body that it came in, where its content may be kept. */
  readonly body?: Uint8Array;
}

/** On which terms something that a provider keeps is asked for. */
export interface AskedResourceTerms {
  /** Whether it is tried once only: a second try could make a second one. */
  readonly once: boolean;
  /** Whether the call itself costs nothing. */
  readonly free: boolean;
}

/** Why a request is not served. */
export interface Refusal {
  readonly operation: Operation;
  readonly model: string;
  readonly stream: boolean;
  readonly error: ErrorForClient;
  /** What the answer's headers tell beside the error's own (`allow`, `www-authenticate`). */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it is kept in the request log: not for strangers, who could fill it. */
  readonly recorded: boolean;
}
