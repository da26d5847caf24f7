import type { FailureKind } from "#core/llm/upstream-failure.ts";

/** What a route wants done when a deployment fails or is slow. */
export interface RouteResilience {
  /** Attempts for one request at most, the first included; in [1, 8]. */
  readonly attemptsMax: number;
  /** Class of its requests where not all can be served: 0 the most important, 2 the least. */
  readonly priority: 0 | 1 | 2;
  /** Second attempts beside slow ones; absent where none are made. */
  readonly hedge?: RouteHedge;
  /** What each fallback is for; one that is absent is for all that is not `blocked`. */
  readonly fallbackCauses?: ReadonlyMap<string, readonly FallbackCause[]>;
  /** Tokens that each fallback may answer with at most, where the route bounds it; >= 1. */
  readonly fallbackOutputTokens?: ReadonlyMap<string, number>;
  /** The most that a request may cost with all its attempts, whole pico-dollars; absent where it is not bounded. */
  readonly costMax?: number;
  /** Set where a stream that breaks is gone on with elsewhere. */
  readonly resumes?: true;
  /** Answers that are kept for when nobody answers; absent where none are. */
  readonly keptAnswers?: RouteKeptAnswers;
}

/** Which answers a route keeps. */
export interface RouteKeptAnswers {
  /** How old one may be when it is given, ms > 0. */
  readonly ageMsMax: number;
  /** Whether one that was given to one caller may be given to another who asks the same. */
  readonly shared: boolean;
}

/** How many second attempts a route makes, and what they may cost. */
export interface RouteHedge {
  /** Hedges for each request; in (0, 1]. */
  readonly share: number;
  /** Most that they may cost in an hour, whole pico-dollars. */
  readonly spendMax: number;
  /** Whether requests with function tools are hedged: the tools' effects could come twice. */
  readonly tools: boolean;
}

/** Why the chosen variant does not answer: an error or nobody there, its limit, its context, its safety filter, or its cost. */
export const fallbackCauses = ["error", "rate_limit", "context", "blocked", "budget"] as const;

/** One of them. */
export type FallbackCause = (typeof fallbackCauses)[number];

/** What a fallback is for where nothing is written: an answer that a filter blocked is an answer. */
export const defaultCauses: readonly FallbackCause[] = ["error", "rate_limit", "context", "budget"];

/** What holds where a route writes nothing. */
export const defaultResilience: RouteResilience = { attemptsMax: 3, priority: 1 };

/** Why the next attempt falls back, by how the last one failed. */
export function fallbackCauseOf(kind: FailureKind): FallbackCause {
  switch (kind) {
    case "rate-limited":
    case "quota-exhausted-day":
    case "quota-zero":
      return "rate_limit";
    case "context-exceeded":
      return "context";
    default:
      return "error";
  }
}

/**
 * Whether a variant may answer in place of the chosen one.
 *
 * @param cause undefined where nobody of the chosen variant could be asked: then it is an error or a limit
 */
export function fallsBackTo(
  variant: string,
  cause: FallbackCause | undefined,
  causesOf: RouteResilience["fallbackCauses"],
): boolean {
  const causes = causesOf?.get(variant) ?? defaultCauses;
  return cause === undefined
    ? causes.includes("error") || causes.includes("rate_limit")
    : causes.includes(cause);
}

/** Whether any fallback is for answers that a filter blocked. */
export function wantsBlockedElsewhere({ fallbackCauses: causesOf }: RouteResilience): boolean {
  if (!causesOf) return false;
  for (const causes of causesOf.values()) if (causes.includes("blocked")) return true;
  return false;
}
