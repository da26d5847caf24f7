/** What a target did at one rate of a sweep. */
export interface SweepPoint {
  /** Requests per second that were asked. */
  readonly rate: number;
  /** Requests per second that were answered. */
  readonly answeredPerS: number;
  /** Mean from the intended start to the end, ms; absent where nothing was answered. */
  readonly latencyMs?: number;
  /** Of requests, those that keep the objectives; 0 to 1. */
  readonly goodShare: number;
  readonly isSaturated: boolean;
}

/** What a sweep found of a target. */
export interface SweepFindings {
  /** The rate with the most throughput for its latency; absent where nothing was answered. */
  readonly kneeRate?: number;
  /** The highest rate below all broken ones; absent where the first one was broken. */
  readonly keptRate?: number;
  /** The lowest rate that the target does not bear; absent where it bore all. */
  readonly brokenRate?: number;
  readonly brokenBy?: "saturation" | "objectives";
}

/** Why a target does not bear a rate; undefined where it does. */
export function brokenBy(point: SweepPoint, shareMin: number): SweepFindings["brokenBy"] {
  if (point.isSaturated) return "saturation";
  return point.goodShare < shareMin ? "objectives" : undefined;
}

/**
 * What the points of a sweep say. The knee is where Kleinrock's power, throughput / latency, is greatest (Kleinrock 1979,
 * ICC '79, 43.1): from there on waiting grows faster than what is answered.
 * @param shareMin of requests that are to be good, 0 to 1
 */
export function sweepFindings(points: readonly SweepPoint[], shareMin: number): SweepFindings {
  const rising = points.toSorted((a, b) => a.rate - b.rate);
  const broken = rising.find((point) => brokenBy(point, shareMin) !== undefined);
  const kept = rising.filter(({ rate }) => broken === undefined || rate < broken.rate).at(-1);
  const knee = rising.reduce<SweepPoint | undefined>(
    (best, point) => (powerOf(point) > (best ? powerOf(best) : 0) ? point : best),
    undefined,
  );
  const reason = broken && brokenBy(broken, shareMin);
  return {
    ...(knee && { kneeRate: knee.rate }),
    ...(kept && { keptRate: kept.rate }),
    ...(broken && { brokenRate: broken.rate }),
    ...(reason !== undefined && { brokenBy: reason }),
  };
}

function powerOf({ answeredPerS, latencyMs }: SweepPoint): number {
  return latencyMs === undefined || latencyMs <= 0 ? 0 : answeredPerS / latencyMs;
}

/**
 * The rate that is tried next: each above the one before by the factor, up to the highest; once a rate was broken, the
 * middle (on the scale of the factor) between it and the highest that was kept, as often as refinements say. Undefined when
 * the sweep is over.
 */
export function nextRate(
  points: readonly SweepPoint[],
  rules: {
    readonly from: number;
    readonly to: number;
    readonly factor: number;
    readonly refinements: number;
    readonly shareMin: number;
  },
): number | undefined {
  const { from, to, factor, refinements, shareMin } = rules;
  if (points.length === 0) return from;
  const { keptRate, brokenRate } = sweepFindings(points, shareMin);
  if (brokenRate === undefined) {
    const highest = Math.max(...points.map(({ rate }) => rate));
    return highest >= to ? undefined : Math.min(to, highest * factor);
  }
  // The rates up to the first broken one are those of the factor; each further point was a refinement.
  const climbed = points.findIndex((point) => brokenBy(point, shareMin) !== undefined) + 1;
  if (keptRate === undefined || points.length - climbed >= refinements) return undefined;
  return Math.sqrt(keptRate * brokenRate);
}
