/** Lower and upper bound; one of a one-sided interval is infinite. */
export type Interval = readonly [lower: number, upper: number];

/** Which differences count against the null hypothesis: both, or treatment above control, or below. */
export type Alternative = "two-sided" | "greater" | "less";

/**
 * estimate -/+ quantile x standard error, on the sides that the alternative says.
 * @param quantileOf the upper quantile of the statistic: q with P(T > q) = the given tail
 */
export function intervalAround(
  { estimate, standardError }: { readonly estimate: number; readonly standardError: number },
  { alpha, alternative }: { readonly alpha: number; readonly alternative: Alternative },
  quantileOf: (upperTail: number) => number,
): Interval {
  const margin = quantileOf(alternative === "two-sided" ? alpha / 2 : alpha) * standardError;
  return [
    alternative === "less" ? -Infinity : estimate - margin,
    alternative === "greater" ? Infinity : estimate + margin,
  ];
}

/** The p-value of a statistic that is symmetric around 0. Survival functions only: it is above 0 far into the tails. */
export function pValueOf(
  statistic: number,
  alternative: Alternative,
  survival: (statistic: number) => number,
): number {
  if (alternative === "greater") return survival(statistic);
  if (alternative === "less") return survival(-statistic);
  return 2 * survival(Math.abs(statistic));
}
