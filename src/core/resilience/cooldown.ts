import type { FailureKind, UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { nextPacificMidnight } from "./next-pacific-midnight.ts";
import { reactionTo, type Reaction } from "./reactions.ts";

/** Longest that an upstream's word, or a window that nobody named, keeps us away, ms. */
const cooldownMsMax = 300_000;
/** Told to come back at once and refused again: asked once a second from then on, not in a loop. ms. */
const repeatedMsMin = 1000;
/** As long as it takes to get another token, ms: who asks meanwhile would be refused with the old one. */
const renewalMs = 1000;
/** Share of a time that chance adds at most, so that those who wait together do not return together. */
const jitterShareMax = 0.1;

/** How long to keep away when nobody says: doubled for each repeat, from `firstMs` up to `lastMs`. */
interface Escalation {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** A 429 of a window that is not named. */
const unknownWindow: Escalation = { firstMs: 5000, lastMs: cooldownMsMax };
/**
 * What only people can mend. They may do so without telling us (a bill is paid, a key allowed, a model brought back, or
 * the 404 was a proxy's), so that these are asked again now and then, at the cost of one attempt that moves on.
 */
const mended: Partial<Readonly<Record<FailureKind, Escalation>>> = {
  credential: { firstMs: 30_000, lastMs: 600_000 },
  "model-gone": { firstMs: 60_000, lastMs: 3_600_000 },
  "quota-zero": { firstMs: 300_000, lastMs: 3_600_000 },
};

/** What a cooldown is reckoned from. */
export interface CooldownInput {
  /** Wall clock, ms since 1970: a day's quota comes back by the calendar. */
  readonly nowMs: number;
  /** Cooldowns of the same key that went before this one without a success in between; 0 for the first. */
  readonly repeats: number;
  /** A number in [0, 1). */
  readonly jitter: number;
}

/** Until when something must not be asked. */
export interface Cooldown {
  /** ms since 1970. */
  readonly untilMs: number;
  readonly scope: Reaction["scope"];
}

/**
 * Until when a failure keeps its deployment, credential or quota from being asked; undefined where it does not.
 *
 * - a limit of a minute: the time that was told + 0-10 %, at most 300 s; when none was told 5 s, doubled for each
 *   repeat, at most 300 s (+ 0-10 % within the bound)
 * - a day's quota: the next midnight in Los Angeles, whatever else was told
 * - short capacity: as long as was told, else not at all: that is the breaker's matter
 * - a token in whose place another one comes: 1 s
 * - another credential, model gone, quota of zero: escalating, see `mended`
 */
export function cooldownOf(failure: UpstreamFailure, input: CooldownInput): Cooldown | undefined {
  const untilMs = endOf(failure, input);
  return untilMs === undefined ? undefined : { untilMs, scope: reactionTo(failure).scope };
}

function endOf(failure: UpstreamFailure, input: CooldownInput): number | undefined {
  const { kind, retryAfterMs, renewing } = failure;
  const { nowMs } = input;
  if (kind === "credential" && renewing) return nowMs + renewalMs;
  if (kind === "quota-exhausted-day") return nextPacificMidnight(nowMs);
  const escalation = mended[kind];
  if (escalation) return nowMs + escalatedMs(escalation, input);
  if (kind !== "rate-limited" && kind !== "overloaded") return undefined;
  if (retryAfterMs !== undefined) return nowMs + toldMs(retryAfterMs, input);
  return kind === "rate-limited" ? nowMs + escalatedMs(unknownWindow, input) : undefined;
}

function toldMs(retryAfterMs: number, { repeats, jitter }: CooldownInput): number {
  const told = Math.max(retryAfterMs, repeats > 0 ? repeatedMsMin : 0);
  return Math.min(withJitter(told, jitter), cooldownMsMax);
}

function escalatedMs({ firstMs, lastMs }: Escalation, { repeats, jitter }: CooldownInput): number {
  return Math.min(withJitter(firstMs * 2 ** repeats, jitter), lastMs);
}

function withJitter(ms: number, jitter: number): number {
  return ms * (1 + jitterShareMax * jitter);
}
