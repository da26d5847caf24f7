/**
 * The probability that at least one of k answers passes, by c of n that did: 1 - C(n-c, k)/C(n, k), unbiased where answers are
 * independent. 1 <= k <= n, 0 <= c <= n, whole. Chen et al. (2021), Evaluating large language models trained on code,
 * arXiv:2107.03374, eq. 1.
 */
export function passAtLeastOnce({ passes, answers, k }: PassCount): number {
  let missed = 1;
  for (let at = answers - passes + 1; at <= answers; at += 1) missed *= Math.max(0, 1 - k / at);
  return 1 - missed;
}

/**
 * The probability that all of k answers pass, by c of n that did: C(c, k)/C(n, k), unbiased likewise; also written pass^k.
 * Yao et al. (2024), tau-bench, arXiv:2406.12045, section 3.
 */
export function passEveryTime({ passes, answers, k }: PassCount): number {
  let all = 1;
  for (let at = 0; at < k; at += 1) all *= Math.max(0, passes - at) / (answers - at);
  return all;
}

/** How many of an item's answers passed, and of how many more is asked. */
export interface PassCount {
  readonly passes: number;
  readonly answers: number;
  readonly k: number;
}
