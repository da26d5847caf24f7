/** What one of the three deployments does in a phase; the others are well all the time. */
export interface Behaviour {
  /** How many times its usual time it takes. */
  readonly slowness: number;
  /** The share of its requests that it refuses with 503 or 500, in [0, 1]. */
  readonly errorShare: number;
}

/** A part of a brown-out. */
export interface Phase {
  readonly name: "healthy" | "slow" | "failing" | "recovered";
  readonly lastsMs: number;
  readonly behaviour: Behaviour;
}

const well: Behaviour = { slowness: 1, errorShare: 0 };

const behaviours: Readonly<Record<Phase["name"], Behaviour>> = {
  healthy: well,
  slow: { slowness: 10, errorShare: 0 },
  failing: { slowness: 1, errorShare: 0.3 },
  recovered: well,
};

/** Phases in their order, each with its length, ms. */
export function phasesOf(...lengths: readonly (readonly [Phase["name"], number])[]): readonly Phase[] {
  return lengths.map(([name, lastsMs]) => ({ name, lastsMs, behaviour: behaviours[name] }));
}
