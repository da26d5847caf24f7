/**
 * Time constant of the average, ms: after so long without a sample a cost has fallen to 1/e.
 * Finagle's and linkerd's default (finagle 4feb34c, loadbalancer/PeakEwma.scala, read 2026-11-24).
 */
export const tauMsDefault = 10_000;

/**
 * Cost recorded for a failure that came fast, ms: else a deployment that refuses at once would look like the fastest.
 * linkerd2-proxy 29637b6, linkerd/load-biaser/src/lib.rs, read 2026-11-24.
 */
const penaltyMsMin = 5_000;
/** Longest hint to stay away that is recorded as a cost, ms; the same source. */
const penaltyMsMax = 300_000;

/** Load of a deployment that is being tried for the first time: more than any measured one has (Finagle: Long.MaxValue >> 16). */
const untriedLoad = 140_737_488_355_327;

/**
 * What a deployment makes a request wait for its first content: an average of its times that forgets with time
 * (exponentially, constant tau) and follows a rise at once, so that a deployment that becomes slow is left at once and
 * comes back by and by.
 *
 * A sample above the cost becomes the cost (the peak); a lower one is mixed in with the part 1 - exp(-dt / tau), dt being
 * the time since the sample before. What is read has decayed by exp(-dt / tau) towards 0, so that one that nobody asks is
 * asked again. Reading changes nothing: how often a page looks at a deployment does not move traffic.
 * Finagle's PeakEwma (see above), of time to first content in the place of round-trip time.
 */
export class PeakEwma {
  readonly #tauMs: number;
  #costMs: number | undefined;
  #sampledAtMs = 0;

  constructor(tauMs = tauMsDefault) {
    this.#tauMs = tauMs;
  }

  /**
   * Records a time to first content, ms >= 0.
   * @param peakMs what the cost is at least from now on; less than the sample where something else explains a part of it
   */
  observe(ms: number, nowMs: number, peakMs = ms): void {
    if (this.#costMs === undefined) this.#costMs = ms;
    else {
      const kept = this.#kept(nowMs);
      const costMs = this.#costMs * kept;
      const mixed = costMs + ms * (1 - kept);
      this.#costMs = Math.max(ms > costMs ? Math.min(mixed, ms) : mixed, peakMs);
    }
    this.#sampledAtMs = nowMs;
  }

  /**
   * Records a failure that the deployment should be left for: a refusal, a broken answer.
   * @param ms how long the failure took
   * @param hintMs how long the provider says to stay away, if it does
   */
  penalize(ms: number, hintMs: number | undefined, nowMs: number): void {
    this.observe(Math.max(ms, penaltyMsMin, Math.min(hintMs ?? 0, penaltyMsMax)), nowMs);
  }

  /** The cost as it is now, ms; undefined before the first sample. */
  costMs(nowMs: number): number | undefined {
    return this.#costMs === undefined ? undefined : this.#costMs * this.#kept(nowMs);
  }

  /** The cost as it was at the last sample, ms; undefined before the first. */
  get measuredCostMs(): number | undefined {
    return this.#costMs;
  }

  /** What the next request would bear, see loadOf. */
  load(inFlight: number, nowMs: number): number {
    return loadOf(this.costMs(nowMs), inFlight);
  }

  /** The part of the cost that is left by now, in (0, 1]. A clock that steps back forgets nothing. */
  #kept(nowMs: number): number {
    return Math.exp(-Math.max(0, nowMs - this.#sampledAtMs) / this.#tauMs);
  }
}

/**
 * Load of a deployment: cost x (in flight + what is to come), ms; the lowest is asked.
 * One that was never asked has load 0, so that it is tried; while its first requests run it has more than any that was
 * measured, so that it is not flooded before it has answered.
 * @param costMs undefined before the first sample
 * @param inFlight requests that wait there, >= 0; counted by their work where that is known
 * @param work the request to come, in the same measure
 */
export function loadOf(costMs: number | undefined, inFlight: number, work = 1): number {
  if (costMs !== undefined) return costMs * (inFlight + work);
  return inFlight > 0 ? untriedLoad + inFlight : 0;
}
