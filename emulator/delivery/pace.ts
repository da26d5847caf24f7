import type { LatencyProfile } from "../models.ts";
import type { Random } from "../random.ts";

/** How fast one request is answered. */
export interface Pace {
  /** Time to the first token, thinking excluded, in ms. */
  readonly firstTokenMs: number;
  /** Thinking and output tokens per second; Infinity when time is off. */
  readonly tokensPerSecond: number;
}

/** No waiting at all: no timer is used. */
export const zeroPace: Pace = { firstTokenMs: 0, tokensPerSecond: Number.POSITIVE_INFINITY };

/** Draws the pace of one request from a model's profile. */
export function paceOf(profile: LatencyProfile, random: Random): Pace {
  return {
    firstTokenMs: random.logNormal(profile.firstTokenMsMedian, profile.firstTokenSigma),
    tokensPerSecond: random.logNormal(profile.tokensPerSecondMedian, profile.tokensPerSecondSigma),
  };
}

/** Milliseconds that a number of tokens takes. */
export function tokensMs(tokens: number, pace: Pace): number {
  return (tokens * 1000) / pace.tokensPerSecond;
}
