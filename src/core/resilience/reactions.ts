import type { FailureKind, UpstreamFailure } from "#core/llm/upstream-failure.ts";

/** What a gateway does about a failed call. */
export interface Reaction {
  /**
   * Whether the same deployment may be asked again: `once`, after `pauseBeforeAgainMs`; or as soon as the time that it
   * told is over, if that fits into the deadline. Always inside the retry budget.
   */
  readonly again: "never" | "once" | "if-it-fits";
  /** Who else may be asked: nobody, deployments of another model only, or any. */
  readonly elsewhere: "nobody" | "other-model" | "anybody";
  /** What a closed breaker counts: a failure, a failure of the success rate only (none in a row), or nothing. */
  readonly breaker: "failure" | "rate-only" | "ignored";
  /** What it means for a half-open breaker. What says nothing of the deployment only gives the probe's place back. */
  readonly probe: "fails" | "passes" | "undecided";
  /** What a cooldown keeps from being asked: the deployment, all of its credential, or the credential for this model. */
  readonly scope: "deployment" | "credential" | "quota";
}

/** How a call ended, as a breaker sees it. */
export type BreakerOutcome =
  /** Answered; blocked content and an answer cut at its limit are answers. */
  | "success"
  /** The first content took, or had already taken, too long. */
  | "slow"
  | "failure"
  /** Counts for the success rate, not in a row: capacity that many share was short. */
  | "rate-only"
  /** Refused for a reason that waiting or another key would change: counts for nothing, but a probe has failed. */
  | "refused"
  /** Says nothing of the deployment: the client went away, or the request was at fault. */
  | "ignored";

const outage = { breaker: "failure", probe: "fails", scope: "deployment" } as const;
const refusal = { again: "never", elsewhere: "anybody", breaker: "ignored", probe: "fails" } as const;
const callersMatter = {
  again: "never",
  breaker: "ignored",
  probe: "undecided",
  scope: "deployment",
} as const;

/**
 * The table of reactions. `elsewhere` of a used-up quota is `anybody` although the quota is one of project and model:
 * the cooldown's scope keeps those apart that share it. Ours, after the public threads and the sources of peers that
 * test/vectors/reliability/README.md names, 2026-11-24.
 */
const reactions: Readonly<Record<FailureKind, Reaction>> = {
  "rate-limited": { ...refusal, again: "if-it-fits", scope: "quota" },
  "quota-exhausted-day": { ...refusal, scope: "quota" },
  "quota-zero": { ...refusal, scope: "quota" },
  credential: { ...refusal, scope: "credential" },
  "model-gone": { ...refusal, scope: "deployment" },
  overloaded: { ...outage, again: "once", elsewhere: "anybody" },
  "server-error": { ...outage, again: "once", elsewhere: "anybody" },
  // A connection that was kept open too long breaks at its next use: the second time tells more.
  reset: { ...outage, again: "once", elsewhere: "anybody" },
  "incomplete-answer": { ...outage, again: "once", elsewhere: "anybody" },
  connect: { ...outage, again: "never", elsewhere: "anybody" },
  "first-token-timeout": { ...outage, again: "never", elsewhere: "anybody" },
  "idle-timeout": { ...outage, again: "never", elsewhere: "anybody" },
  "malformed-answer": { ...outage, again: "never", elsewhere: "anybody" },
  "invalid-request": { ...callersMatter, elsewhere: "nobody" },
  "context-exceeded": { ...callersMatter, elsewhere: "other-model" },
  // The deadline is the caller's: one of 10 ms must not open a breaker. A deployment that hangs is told by its first token.
  "total-timeout": { ...callersMatter, elsewhere: "nobody" },
};

/** 429 for want of capacity that many share: says little of this deployment in a row, much of it over 30 s. */
const sharedCapacity: Reaction = { ...reactions.overloaded, breaker: "rate-only" };
/** A token was refused that another takes the place of: the second time is with that one. */
const renewedCredential: Reaction = { ...reactions.credential, again: "once", probe: "undecided" };
/** 504: the upstream has tried for as long as it does; the same would take as long again. */
const upstreamTimeout: Reaction = { ...reactions["server-error"], again: "never" };

/** After content nobody else may go on with the answer; what is learnt of the deployment stays the same. */
const afterContent: ReadonlyMap<Reaction, Reaction> = new Map(
  [...Object.values(reactions), sharedCapacity, renewedCredential, upstreamTimeout].map((reaction) => [
    reaction,
    { ...reaction, again: "never", elsewhere: "nobody" },
  ]),
);

/**
 * What to do about a failed call.
 *
 * @param hadContent whether content has reached the client: then nobody may be asked any more
 * @returns one of a few fixed objects: nothing is made
 */
export function reactionTo(failure: UpstreamFailure, hadContent = false): Reaction {
  const reaction = beforeContent(failure);
  return hadContent ? (afterContent.get(reaction) ?? reaction) : reaction;
}

function beforeContent({ kind, status, renewing }: UpstreamFailure): Reaction {
  if (kind === "credential" && renewing) return renewedCredential;
  if (kind === "overloaded" && status === 429) return sharedCapacity;
  if (kind === "server-error" && status === 504) return upstreamTimeout;
  return reactions[kind];
}

const blocked: Reaction = {
  again: "never",
  elsewhere: "nobody",
  breaker: "ignored",
  probe: "passes",
  scope: "deployment",
};
const blockedFallsBack: Reaction = { ...blocked, elsewhere: "other-model" };

/**
 * What to do about an answer that a safety filter blocked: it is an answer, and the deployment is well. Another model is
 * asked only where the route's policy says so.
 */
export function reactionToBlock(fallsBack: boolean): Reaction {
  return fallsBack ? blockedFallsBack : blocked;
}

/**
 * How a call's end looks to a breaker.
 *
 * @param end `completed` for every answer with a finish reason, whatever the reason; `aborted` when the client went away
 */
export function breakerOutcomeOf(end: "completed" | "aborted" | UpstreamFailure): BreakerOutcome {
  if (end === "completed") return "success";
  if (end === "aborted") return "ignored";
  const { breaker, probe } = beforeContent(end);
  if (breaker !== "ignored") return breaker;
  return probe === "fails" ? "refused" : "ignored";
}

/** Shortest pause before the same deployment is asked once more, ms. */
const pauseMsMin = 500;
/** Longest, ms. */
const pauseMsMax = 2000;

/**
 * How long to wait before the same deployment is asked again, ms in [500, 2000): spread, so that those who failed
 * together do not come back together.
 *
 * @param jitter a number in [0, 1)
 */
export function pauseBeforeAgainMs(jitter: number): number {
  return pauseMsMin + (pauseMsMax - pauseMsMin) * jitter;
}
