import type { Arrival } from "#core/benchmarks/arrivals/arrival.ts";
import { ratePieces } from "#core/benchmarks/arrivals/load-profile.ts";
import { rateArrivals, rescaledArrivals, type RatePiece } from "#core/benchmarks/arrivals/rate-arrivals.ts";
import { seededUnits } from "#core/kernel/seeded-units.ts";
import type { LoadSource } from "./load/load-lane.ts";
import type { LoadProfile } from "./profile-schema.ts";

/** A profile that is one run: a sweep is several of them. */
export type RunProfile = Exclude<LoadProfile, { readonly kind: "sweep" }>;

/** Which of the targets, and of the repeats, a schedule is for. */
export interface ScheduleOf {
  readonly seed: number;
  /** Each repeat has draws of its own. */
  readonly repeat: number;
  /** All targets of a repeat have the same draws, so that they bear the same load. */
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
  // Targets that are compared get their requests in turn, not all at the same moment.
  const gapMs = 1_000 / (rateMaxOf(profile, of.trace) ?? 1);
  return { kind: "open", arrivals: shifted(arrivalsOf(profile, of), (gapMs * of.lane) / of.lanes) };
}

function arrivalsOf(
  profile: Exclude<RunProfile, { readonly kind: "closed" }>,
  of: ScheduleOf,
): Iterable<Arrival> {
  const units = (): (() => number) => seededUnits(of.seed, `arrivals ${of.repeat}`);
  if (profile.kind === "trace") return of.trace;
  if (profile.kind === "poisson" && profile.rescaled !== undefined) {
    const count = of.requests ?? Math.round((profile.rate * profile.duration) / 1_000);
    return rescaledArrivals({ count, rate: profile.rate }, units);
  }
  return rateArrivals(piecesOf(profile), spreadOf(profile) === "poisson" ? units() : undefined);
}

type RatedProfile = Exclude<RunProfile, { readonly kind: "closed" | "trace" }>;

function piecesOf(profile: RatedProfile): readonly RatePiece[] {
  const durationMs = profile.duration;
  return profile.kind === "spike"
    ? ratePieces({ ...profile, spikeMs: profile.spike, durationMs })
    : ratePieces({ ...profile, durationMs });
}

function spreadOf(profile: RatedProfile): "poisson" | "constant" {
  return profile.kind === "constant" || profile.kind === "poisson" ? profile.kind : profile.arrivals;
}

function* shifted(arrivals: Iterable<Arrival>, byMs: number): Generator<Arrival> {
  for (const arrival of arrivals) yield { ...arrival, atMs: arrival.atMs + byMs };
}

/** The highest rate of a profile, requests per second; undefined of a closed loop. */
export function rateMaxOf(profile: RunProfile, trace: readonly Arrival[]): number | undefined {
  if (profile.kind === "closed") return undefined;
  if (profile.kind === "trace") return (1_000 * trace.length) / Math.max(1, trace.at(-1)?.atMs ?? 1);
  return piecesOf(profile).reduce((most, { from, to }) => Math.max(most, from, to), 0);
}
