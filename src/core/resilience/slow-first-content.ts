/** A first content that comes within this is not slow, whatever is usual, ms. */
export const slowMsMin = 5000;
/** How many times the usual 95th percentile is slow. */
const slowFactor = 3;

/**
 * Above which time to the first content an answer counts as `slow` for a breaker, ms: max(5 s, 3 x p95).
 *
 * Whoever keeps the percentile should observe min(measured, this) and not the measured time: so a deployment that gets
 * slower does not at once become its own yardstick, but one that stays slower (a model that thinks longer now) is
 * believed after some windows, and its breaker closes again.
 *
 * @param p95Ms the deployment's rolling 95th percentile; undefined while there are too few calls to tell
 */
export function slowFirstContentMs(p95Ms: number | undefined): number {
  return p95Ms === undefined ? slowMsMin : Math.max(slowMsMin, slowFactor * p95Ms);
}
