/** How many of a period's requests something happened to. */
export interface PeriodCount {
  readonly requests: number;
  /** 0 to `requests`. */
  readonly hits: number;
}

/** Periods one after the other in which it happened far more often than in the others: places in the list, both inclusive. */
export interface RunAbove extends PeriodCount {
  readonly first: number;
  readonly last: number;
}

/** By which rule runs are found. */
export interface RunRule {
  /** Chance of any run where it happens to all requests alike, in (0, 1). */
  readonly alpha: number;
  /**
   * Of how many requests one says no more than a single one: requests of one unit may all share their fate. The size of the
   * unit of a request taken by chance, sum r^2 / sum r over units with r requests; at least 1.
   */
  readonly clusterSize: number;
}

/** Runs that are given at most. */
const runsMax = 10;

/**
 * Runs of periods in which it happened far more often than in the rest, in the order of time. With p the share of all requests,
 * each run of periods is weighed by the likelihood ratio of q = (1 + p) / 2 against p, its logarithm being
 *   (hits * ln((1 + p) / (2 p)) - (requests - hits) * ln 2) / clusterSize,
 * and is given where that is at least ln(windows / alpha), windows = n (n + 1) / 2 for n periods, and no run around it has more.
 * Where hits fall on requests by chance, the ratio of each window has a mean of at most 1 (it is convex in the hits, and drawing
 * without replacement makes means of convex functions no larger: Hoeffding 1963, Journal of the American Statistical Association
 * 58(301), Theorem 4), so that by Markov's inequality and the sum over all windows any run is given with a chance of at most
 * alpha. With units that share one fate the ratio of units is taken, which that of requests to the power of 1 / clusterSize is
 * for units of one size. Runs found this way hold at least ln 2 / ln((1 + p) / p) of hits: 15 % where p is 1 %.
 */
export function runsAbove(periods: readonly PeriodCount[], rule: RunRule): readonly RunAbove[] {
  const { requests, hits } = together(periods);
  if (hits === 0 || hits === requests) return [];
  const share = hits / requests;
  const perHit = Math.log((1 + share) / (2 * share));
  const scores = periods.map(
    (period) => (period.hits * perHit - (period.requests - period.hits) * Math.LN2) / rule.clusterSize,
  );
  const wanted = Math.log((periods.length * (periods.length + 1)) / 2 / rule.alpha);
  const found: Scored[] = [];
  const left = [{ from: 0, to: periods.length }];
  for (let range = left.pop(); range && found.length < runsMax; range = left.pop()) {
    const best = bestRun(scores, range);
    if (!best || best.score < wanted) continue;
    found.push(best);
    left.push({ from: range.from, to: best.first }, { from: best.last + 1, to: range.to });
  }
  return found
    .toSorted((one, other) => one.first - other.first)
    .map(({ first, last }) => ({ first, last, ...together(periods.slice(first, last + 1)) }));
}

/** A run with the logarithm of its likelihood ratio. */
interface Scored {
  readonly first: number;
  readonly last: number;
  readonly score: number;
}

/** The run with the highest sum of scores; undefined where no score is above 0. */
function bestRun(
  scores: readonly number[],
  { from, to }: { readonly from: number; readonly to: number },
): Scored | undefined {
  let best: Scored | undefined;
  let [first, score] = [from, 0];
  for (let place = from; place < to; place++) {
    if (score <= 0) [first, score] = [place, 0];
    score += scores[place] ?? 0;
    if (score > (best?.score ?? 0)) best = { first, last: place, score };
  }
  return best;
}

/** Periods as one. */
export function together(periods: readonly PeriodCount[]): PeriodCount {
  let [requests, hits] = [0, 0];
  for (const period of periods) {
    requests += period.requests;
    hits += period.hits;
  }
  return { requests, hits };
}
