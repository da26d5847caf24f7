/**
 * The value that a share of the samples does not exceed (nearest rank: no value is made up between two samples).
 * @param share in [0, 1]: 0.5 is the median
 * @returns NaN where there are no samples
 */
export function quantile(samples: ArrayLike<number>, share: number): number {
  const rising = Float64Array.from(samples).toSorted();
  const rank = Math.ceil(rising.length * share);
  return rising[Math.min(rising.length, Math.max(1, rank)) - 1] ?? Number.NaN;
}

/** The median of some samples; NaN where there are none. */
export function median(samples: ArrayLike<number>): number {
  return quantile(samples, 0.5);
}
