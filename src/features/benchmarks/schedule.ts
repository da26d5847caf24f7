import type { Arrival } from "#core/benchmarks/arrivals/arrival.ts";
import { ratePieces } from "#core/benchmarks/arrivals/load-profile.ts";
import { rateArrivals, rescaledArrivals } from "#core/benchmarks/arrivals/rate-arrivals.ts";
import { seededUnits } from "#core/benchmarks/seeded-units.ts";
import type { LoadSource } from "./load/load-lane.ts";
import type { LoadProfile } from "./profile-schema.ts";

/** A profile that is one run: a sweep is several of them. */
export type RunProfile = Exclude<LoadProfile, { readonly kind: "sweep" }>;

/** Which of the targets, and of the repeats, a schedule is for: each has draws of its own. */
export interface ScheduleOf {
  readonly seed: number;
  readonly repeat: number;
  readonly lane: number;
  readonly lanes: number;
  /** Requests at most, where there is such a number. */
  readonly requests: number | undefined;
  /** The requests of a trace; empty for other profiles. */
  readonly trace: readonly Arrival[];
}

/** Where the requests to one target come from. */
export function scheduleOf(profile: RunProfile, of: ScheduleOf): LoadSource {
  if (profile.kind === "closed")
    return { kind: "closed", users: profile.users, durationMs: profile.duration };
  return { kind: "open", arrivals: arrivalsOf(profile, of) };
}

function arrivalsOf(
  profile: Exclude<RunProfile, { readonly kind: "closed" }>,
  of: ScheduleOf,
): Iterator<Arrival> {
  const units = (): (() => number) => seededUnits(of.seed, `arrivals ${of.repeat} ${of.lane}`);
  switch (profile.kind) {
    case "trace":
      return of.trace.values();
    case "poisson":
      if (profile.rescaled !== undefined) {
        const count = of.requests ?? Math.round((profile.rate * profile.duration) / 1_000);
        return rescaledArrivals({ count, rate: profile.rate }, units);
      }
      return rateArrivals(ratePieces({ ...profile, durationMs: profile.duration }), units());
    case "constant":
      // Targets that are compared get their requests in turn, not all at the same moment.
      return rateArrivals(
        ratePieces({ ...profile, durationMs: profile.duration }),
        undefined,
        of.lane / of.lanes,
      );
    case "ramp":
    case "step":
      return rateArrivals(
        ratePieces({ ...profile, durationMs: profile.duration }),
        ...marksOf(profile.arrivals, units, of),
      );
    case "spike":
      return rateArrivals(
        ratePieces({ ...profile, spikeMs: profile.spike, durationMs: profile.duration }),
        ...marksOf(profile.arrivals, units, of),
      );
  }
}

/** How arrivals are spread: the numbers of independent ones, or where the first of even ones stands. */
function marksOf(
  arrivals: "poisson" | "constant",
  units: () => () => number,
  { lane, lanes }: ScheduleOf,
): [unit: (() => number) | undefined, first: number] {
  return arrivals === "poisson" ? [units(), 0] : [undefined, lane / lanes];
}

/** The highest rate of a profile, requests per second; undefined of a closed loop. */
export function rateMaxOf(profile: RunProfile, trace: readonly Arrival[]): number | undefined {
  switch (profile.kind) {
    case "closed":
      return undefined;
    case "constant":
    case "poisson":
      return profile.rate;
    case "ramp":
      return Math.max(profile.from, profile.to);
    case "step":
      return Math.max(...profile.rates);
    case "spike":
      return Math.max(profile.rate, profile.peak);
    case "trace":
      return (1_000 * trace.length) / Math.max(1, trace.at(-1)?.atMs ?? 1);
  }
}
