import { MinuteMeter } from "./minute-meter.ts";

/** A deployment as a prober sees it. Times are monotonic ms. */
export interface ProbeCandidate {
  readonly deployment: string;
  /** `closed`: it takes traffic. `half-open`: it may be tried. `open`: it is left alone. */
  readonly state: "closed" | "half-open" | "open";
  /** When a real request ended there last; undefined when none ever did. */
  readonly trafficAtMs: number | undefined;
}

/** How often is probed. */
export interface ProbePolicy {
  /** A deployment that takes traffic is probed after so long without any, ms. */
  readonly idleMs: number;
  /** A half-open one after so long: real requests prove more, where there are some. */
  readonly halfOpenMs: number;
  /** Probes a minute, of all deployments together. */
  readonly perMinuteMax: number;
}

/** Active probes fill the gaps of traffic only: reliability first by what real requests tell. */
export const usualProbePolicy: ProbePolicy = { idleMs: 60_000, halfOpenMs: 5_000, perMinuteMax: 30 };

/**
 * Says which deployment to probe now: half-open ones before idle ones, of these the one unheard of longest; none that
 * was heard of by a request or a probe just now, none that is open, and never more than so many a minute.
 */
export class ProbePlan {
  readonly #policy: ProbePolicy;
  readonly #probes = new MinuteMeter();
  /** When each candidate was probed last; those that are no candidates any more are forgotten. */
  #probedAtMs = new Map<string, number>();

  constructor(policy: ProbePolicy = usualProbePolicy) {
    this.#policy = policy;
  }

  /** The deployment to probe now, which then counts as probed; undefined when none is due. */
  next(candidates: readonly ProbeCandidate[], nowMs: number): string | undefined {
    this.#forgetOthers(candidates);
    if (this.#probes.used(nowMs) >= this.#policy.perMinuteMax) return undefined;
    const [first] = candidates
      .filter((candidate) => this.#isDue(candidate, nowMs))
      .toSorted((one, other) => rank(one) - rank(other) || this.#heardAtMs(one) - this.#heardAtMs(other));
    if (!first) return undefined;
    this.#probes.add(1, nowMs);
    this.#probedAtMs.set(first.deployment, nowMs);
    return first.deployment;
  }

  #isDue(candidate: ProbeCandidate, nowMs: number): boolean {
    if (candidate.state === "open") return false;
    const { halfOpenMs, idleMs } = this.#policy;
    return nowMs - this.#heardAtMs(candidate) >= (candidate.state === "half-open" ? halfOpenMs : idleMs);
  }

  #heardAtMs({ deployment, trafficAtMs }: ProbeCandidate): number {
    const probedAtMs = this.#probedAtMs.get(deployment) ?? Number.NEGATIVE_INFINITY;
    return Math.max(probedAtMs, trafficAtMs ?? Number.NEGATIVE_INFINITY);
  }

  #forgetOthers(candidates: readonly ProbeCandidate[]): void {
    if (this.#probedAtMs.size === 0) return;
    const names = new Set(candidates.map(({ deployment }) => deployment));
    this.#probedAtMs = new Map([...this.#probedAtMs].filter(([name]) => names.has(name)));
  }
}

function rank({ state }: ProbeCandidate): number {
  return state === "half-open" ? 0 : 1;
}
