import type { Candidate } from "#core/balancing/candidate.ts";
import { DeploymentLoad, requestWork, type Waiting } from "#core/balancing/deployment-load.ts";
import { QuantileWindow } from "#core/balancing/quantile-window.ts";
import type { Filled } from "#core/kernel/filled.ts";
import type { RateLimitNews } from "#core/llm/rate-limit-news.ts";
import type { FailureKind, UpstreamFailure } from "#core/llm/upstream-failure.ts";
import type { AdaptiveThrottle } from "./adaptive-throttle.ts";
import type { Breaker, BreakerState } from "./breaker.ts";
import type { ConcurrencyLimit } from "./concurrency-limit.ts";
import { cooldownOf, type Cooldown } from "./cooldown.ts";
import type { Cooldowns } from "./cooldowns.ts";
import type { ReEntry } from "./re-entry.ts";
import type { Headroom } from "./headroom.ts";
import { breakerOutcomeOf, reactionTo, type BreakerOutcome } from "./reactions.ts";
import { slowFirstContentMs, slowMsMin } from "./slow-first-content.ts";

/** The keys under which cooldowns keep it away: its own, its credential's, and the credential's for its model. */
export type HealthKeys = Readonly<Record<Cooldown["scope"], string>>;

/** The mechanisms of one deployment. */
export interface HealthParts {
  readonly keys: HealthKeys;
  /** One for all deployments, since they share credentials and quotas. */
  readonly cooldowns: Cooldowns;
  readonly breaker: Breaker;
  readonly reEntry: ReEntry;
  readonly limit: ConcurrencyLimit;
  /** One for all deployments of a quota: who refuses one of them refuses the others. */
  readonly throttle: AdaptiveThrottle;
  readonly headroom: Headroom;
}

/** What a request is to a deployment. */
export interface HealthRequest {
  readonly stream: boolean;
  /** Our estimate. */
  readonly promptTokens: number;
  /** Whether how long it takes says how long answers take: not of counting tokens. */
  readonly timed: boolean;
}

/** An attempt under way, as `ended` wants it. */
export interface HealthAttempt extends HealthRequest {
  readonly ticket: number;
  /** Its place among those that wait for their first content; filled away when that is there. */
  waiting: Waiting | undefined;
  readonly atMs: number;
}

/** A moment, and a number drawn uniformly from [0, 1) for it. */
export interface Moment {
  readonly nowMs: number;
  readonly chance: number;
}

/** How an attempt ended. */
export interface HealthEnd {
  readonly end: "completed" | "aborted" | UpstreamFailure;
  /** Until the first content of a stream, since the attempt began, ms; undefined where there was none. */
  readonly contentMs: number | undefined;
  readonly totalMs: number;
  /** Tokens that it really used; undefined where nobody knows. */
  readonly usedTokens: number | undefined;
  /** What the provider said is left, where it did. */
  readonly limits: RateLimitNews | undefined;
}

/** How a deployment is, for people and metrics. */
export interface HealthView {
  readonly breaker: BreakerState;
  /** Kept away until then by a cooldown, ms since 1970; absent where it is not. */
  readonly coolingUntilMs?: number;
  /** The part of its weight that it takes, in (0, 1]. */
  readonly share: number;
  readonly inFlight: number;
  /** Most attempts under way that it is given now. */
  readonly inFlightMax: number;
  /** The scarcest of what is left of this minute's requests and tokens, in [0, 1]; 1 where no limit is known. */
  readonly headroom: number;
  /** The part of requests that it is spared, since it would refuse them, in [0, 1). */
  readonly sparedShare: number;
  /** What 95 % of its streams take at most to their first content, ms; absent while too few are known. */
  readonly contentP95Ms?: number;
  /** When an attempt ended there last, ms since 1970; absent while none has. */
  readonly trafficAtMs?: number;
}

/** When to look again whether a place is free, ms. */
export const busyWaitMs = 100;
/** Failures of those who were asked for more than they bear at once. */
const overloads: ReadonlySet<FailureKind> = new Set(["rate-limited", "overloaded", "first-token-timeout"]);
/** Failures that come of themselves, before anything is done for the request. */
const refusals: ReadonlySet<FailureKind> = new Set(["rate-limited", "overloaded"]);
/** Answers from which a quantile of them means something. */
const samplesMin = 20;

/**
 * How one deployment is: told by every attempt, asked by every choice. Kept in memory and read as it is at that moment, so
 * that no copy of it can be old. Times are ms since 1970 by a clock that does not step back.
 */
export class DeploymentHealth {
  readonly #parts: HealthParts;
  /** Time to the first content of streams, and to the whole of whole answers. */
  readonly #times = { stream: new Times(), whole: new Times() };
  #inFlight = 0;
  #isClosed = true;
  #trafficAtMs: number | undefined;

  constructor(parts: HealthParts) {
    this.#parts = parts;
  }

  /** Attempts under way. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** When an attempt ended there last, ms since 1970; undefined while none has. */
  get trafficAtMs(): number | undefined {
    return this.#trafficAtMs;
  }

  /**
   * Writes how it is now into a candidate.
   * @param chance a number drawn uniformly from [0, 1): whether it is spared this request
   */
  showTo(candidate: Filled<Candidate>, request: HealthRequest, { nowMs, chance }: Moment): void {
    const { breaker, reEntry, headroom } = this.#parts;
    const isOpen = breaker.admission(nowMs) === "open";
    const waitMs = headroom.msUntilFits(request.promptTokens, nowMs);
    const isBusy = waitMs > 0 || this.#isSpared(nowMs, chance);
    candidate.state = isOpen ? "unavailable" : isBusy ? "busy" : "ready";
    // Its time may have come while all places, or those of probes, are taken: it must not be asked all the same.
    const freeAtMs =
      isOpen || isBusy ? Math.max(isOpen ? breaker.openUntilMs : 0, nowMs + Math.max(waitMs, busyWaitMs)) : 0;
    candidate.availableAtMs = Math.max(freeAtMs, this.#coolingUntilMs());
    candidate.share = reEntry.share(nowMs);
    const { load } = this.#timesOf(request.stream);
    candidate.inFlight = load.inFlight;
    candidate.costMs = load.costMs(nowMs);
    candidate.measuredCostMs = load.measuredCostMs;
  }

  #isSpared(nowMs: number, chance: number): boolean {
    const { limit, throttle } = this.#parts;
    return !limit.admits(this.#inFlight) || chance < throttle.rejectProbability(nowMs);
  }

  /** What this share of answers takes at most to the first content, ms; undefined while too few are known. */
  contentMs(share: number, stream: boolean, nowMs: number): number | undefined {
    const { window } = this.#timesOf(stream);
    return window.count(nowMs) < samplesMin ? undefined : window.quantile(share, nowMs);
  }

  /** What is left of this minute's requests and tokens; what is not limited is left out. */
  remaining(nowMs: number): { readonly requests?: number; readonly tokens?: number } {
    return this.#parts.headroom.remaining(nowMs);
  }

  /** It takes the smallest part of its traffic first: it is new, or a person has enabled it. */
  enter(nowMs: number): void {
    this.#parts.reEntry.begin(nowMs);
  }

  /** An attempt begins; `ended` follows. */
  began({ stream, promptTokens, timed }: HealthRequest, nowMs: number): HealthAttempt {
    const { breaker, headroom } = this.#parts;
    this.#inFlight += 1;
    headroom.began(promptTokens, nowMs);
    const waiting = timed ? this.#timesOf(stream).load.began(requestWork(promptTokens)) : undefined;
    return { stream, promptTokens, timed, ticket: breaker.began(nowMs), waiting, atMs: nowMs };
  }

  /** The first content of a stream is there. */
  content(attempt: HealthAttempt, ms: number, nowMs: number): void {
    this.#observe(attempt, ms, nowMs);
  }

  /**
   * An attempt is over, however.
   * @param jitter a number drawn uniformly from [0, 1)
   */
  ended(attempt: HealthAttempt, how: HealthEnd, nowMs: number, jitter: number): void {
    const { breaker, reEntry } = this.#parts;
    const outcome = this.#outcome(attempt, how, nowMs);
    this.#loadTold(how.end, nowMs);
    this.#inFlight -= 1;
    this.#trafficAtMs = nowMs;
    breaker.ended(attempt.ticket, outcome, nowMs, jitter);
    if (outcome === "success") reEntry.succeeded(nowMs);
    else if (outcome !== "ignored") reEntry.failed();
    this.#reEnter(nowMs);
    this.#quotaTold(attempt, how, nowMs);
    if (typeof how.end === "object") this.#failed(attempt, { ...how, failure: how.end }, { nowMs, jitter });
    else if (how.end === "completed") this.#succeeded(attempt, how, nowMs);
    this.#leave(attempt);
  }

  /** Whether an unbilled call may ask how it is: not while its breaker or a cooldown keeps everybody away. */
  probeState(nowMs: number): "closed" | "half-open" | "open" {
    if (this.#coolingUntilMs() > nowMs) return "open";
    const admission = this.#parts.breaker.admission(nowMs);
    return admission === "probe" ? "half-open" : admission;
  }

  /**
   * An unbilled call has told how it is. A failure counts like one of a request; that it passed tells a half-open breaker
   * something, and nobody else: it proves less than an answer does.
   * @param jitter a number drawn uniformly from [0, 1)
   */
  probed(how: "passed" | UpstreamFailure, nowMs: number, jitter: number): void {
    const { breaker, reEntry } = this.#parts;
    const isClosed = breaker.admission(nowMs) === "closed";
    if (how === "passed" && isClosed) return;
    breaker.ended(breaker.began(nowMs), how === "passed" ? "success" : breakerOutcomeOf(how), nowMs, jitter);
    if (how === "passed") return this.#reEnter(nowMs);
    reEntry.failed();
    this.#cool(how, { nowMs, jitter });
    this.#reEnter(nowMs);
  }

  /** One that has just recovered takes the smallest part of its traffic first. */
  #reEnter(nowMs: number): void {
    const { breaker, reEntry } = this.#parts;
    const isClosed = breaker.admission(nowMs) === "closed";
    if (isClosed && !this.#isClosed) reEntry.begin(nowMs);
    this.#isClosed = isClosed;
  }

  /** How it is now. */
  view(nowMs: number): HealthView {
    const { breaker, reEntry, limit, throttle, headroom } = this.#parts;
    const coolingUntilMs = this.#coolingUntilMs();
    const contentP95Ms = this.contentMs(0.95, true, nowMs);
    return {
      breaker: breaker.state(nowMs),
      share: reEntry.share(nowMs),
      inFlight: this.#inFlight,
      inFlightMax: limit.limit,
      headroom: headroom.left(nowMs),
      sparedShare: throttle.rejectProbability(nowMs),
      ...(coolingUntilMs > nowMs && { coolingUntilMs }),
      ...(contentP95Ms !== undefined && { contentP95Ms }),
      ...(this.#trafficAtMs !== undefined && { trafficAtMs: this.#trafficAtMs }),
    };
  }

  #coolingUntilMs(): number {
    const { cooldowns, keys } = this.#parts;
    return Math.max(
      cooldowns.untilMs(keys.deployment),
      cooldowns.untilMs(keys.quota),
      cooldowns.untilMs(keys.credential),
    );
  }

  #outcome({ stream }: HealthAttempt, { end, contentMs }: HealthEnd, nowMs: number): BreakerOutcome {
    const outcome = breakerOutcomeOf(end);
    if (outcome !== "success" || !stream || contentMs === undefined) return outcome;
    return contentMs > this.#slowMs(contentMs, nowMs) ? "slow" : outcome;
  }

  /** What is slow for a first content. Where the given one is below what may ever be slow, the usual is not asked for. */
  #slowMs(contentMs: number, nowMs: number): number {
    return slowFirstContentMs(contentMs <= slowMsMin ? undefined : this.contentMs(0.95, true, nowMs));
  }

  /** What the end says of how much it can bear. */
  #loadTold(end: HealthEnd["end"], nowMs: number): void {
    const { limit, throttle } = this.#parts;
    const isDropped = typeof end === "object" && overloads.has(end.kind);
    const saysNothing = end === "aborted" || (typeof end === "object" && !isDropped);
    limit.ended(isDropped ? "dropped" : saysNothing ? "ignored" : "answered", this.#inFlight);
    // Both at the end: a burst whose answers are under way would look refused.
    throttle.requested(nowMs);
    if (typeof end !== "object" || !refusals.has(end.kind)) throttle.accepted(nowMs);
  }

  /** What was reserved of a minute's requests and tokens gives way to what was used. */
  #quotaTold(attempt: HealthAttempt, { end, usedTokens, limits }: HealthEnd, nowMs: number): void {
    const { headroom } = this.#parts;
    const reserved = { tokens: attempt.promptTokens, atMs: attempt.atMs };
    if (usedTokens !== undefined) headroom.settled(reserved, usedTokens, nowMs);
    else if (typeof end === "object" && end.kind === "connect") headroom.cancelled(reserved, nowMs);
    if (limits) headroom.heard(limits, nowMs);
  }

  #failed(
    attempt: HealthAttempt,
    { failure, totalMs }: { readonly failure: UpstreamFailure; readonly totalMs: number },
    by: { readonly nowMs: number; readonly jitter: number },
  ): void {
    this.#cool(failure, by);
    const { waiting, stream } = attempt;
    if (!waiting || breakerOutcomeOf(failure) === "ignored") return;
    attempt.waiting = undefined;
    this.#timesOf(stream).load.failed(waiting, totalMs, failure.retryAfterMs, by.nowMs);
  }

  #cool(failure: UpstreamFailure, by: { readonly nowMs: number; readonly jitter: number }): void {
    const { cooldowns, keys } = this.#parts;
    const repeats = cooldowns.repeats(keys[reactionTo(failure).scope], by.nowMs);
    const cooldown = cooldownOf(failure, { ...by, repeats });
    if (cooldown) cooldowns.extend(keys[cooldown.scope], cooldown.untilMs, by.nowMs);
  }

  #succeeded(attempt: HealthAttempt, { totalMs }: HealthEnd, nowMs: number): void {
    if (!attempt.stream && attempt.timed) this.#observe(attempt, totalMs, nowMs);
    const { cooldowns, keys } = this.#parts;
    if (cooldowns.size === 0) return;
    cooldowns.succeeded(keys.deployment);
    cooldowns.succeeded(keys.quota);
    cooldowns.succeeded(keys.credential);
  }

  #observe(attempt: HealthAttempt, ms: number, nowMs: number): void {
    const { stream, waiting } = attempt;
    const { load, window } = this.#timesOf(stream);
    if (waiting) load.answered(waiting, ms, nowMs);
    attempt.waiting = undefined;
    // Else a deployment that becomes slow would at once be its own yardstick.
    window.observe(stream ? Math.min(ms, this.#slowMs(ms, nowMs)) : ms, nowMs);
  }

  /** Its end said nothing of the deployment: it just waits no longer. */
  #leave(attempt: HealthAttempt): void {
    if (attempt.waiting) this.#timesOf(attempt.stream).load.left(attempt.waiting);
    attempt.waiting = undefined;
  }

  #timesOf(stream: boolean): Times {
    return stream ? this.#times.stream : this.#times.whole;
  }
}

/** Times to the content of one kind of answer. */
class Times {
  readonly load = new DeploymentLoad();
  readonly window = new QuantileWindow();
}
