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

/** The phases, each as long as it is given: well, 10 times slower, 30 % errors, well again. */
export function phasesOf(lengthsMs: Readonly<Record<Phase["name"], number>>): readonly Phase[] {
  return [
    { name: "healthy", lastsMs: lengthsMs.healthy, behaviour: well },
    { name: "slow", lastsMs: lengthsMs.slow, behaviour: { slowness: 10, errorShare: 0 } },
    { name: "failing", lastsMs: lengthsMs.failing, behaviour: { slowness: 1, errorShare: 0.3 } },
    { name: "recovered", lastsMs: lengthsMs.recovered, behaviour: well },
  ];
}
