import type { CrossCase, Check, Figures } from "./check.ts";

/** How far a method is from its peer over all its cases. */
export interface Difference {
  readonly id: string;
  readonly peer: string;
  /** That the peer answered. */
  readonly cases: number;
  /** In which the peer itself failed. */
  readonly unanswered: number;
  /** Figures that were compared. */
  readonly figures: number;
  readonly tolerance: number;
  readonly because?: string;
  /** The largest of all. */
  readonly worst: number;
  /** Where it is. */
  readonly worstAt: string;
  readonly agrees: boolean;
}

/** Below it, figures differ absolutely: probabilities of 1e-12 tell the same as those of 2e-12. */
const floor = 1e-12;

/**
 * Compares what we said of each case with what the peer said.
 * @throws Error where the peer left a figure out
 */
export function differenceOf(
  { id, peer, tolerance, because }: Check,
  cases: readonly CrossCase[],
  theirs: readonly (Figures | null)[],
): Difference {
  let worst = 0;
  let worstAt = "nowhere";
  let figures = 0;
  let unanswered = 0;
  for (const [place, { ours }] of cases.entries()) {
    if (theirs[place] === null) {
      unanswered++;
      continue;
    }
    for (const [name, our] of Object.entries(ours)) {
      const their = theirs[place]?.[name];
      if (their === undefined) {
        throw new Error(
          `Cannot compare ${id} with ${peer}: the figure ${name} is wanted of case ${place + 1}`,
        );
      }
      figures++;
      const apart = relativeDifference(our, their);
      if (apart <= worst) continue;
      worst = apart;
      worstAt = `case ${place + 1}, ${name}: ${our} and ${their}`;
    }
  }
  const about = {
    id,
    peer,
    cases: cases.length - unanswered,
    unanswered,
    figures,
    tolerance,
    ...(because !== undefined && { because }),
  };
  return { ...about, worst, worstAt, agrees: figures > 0 && worst <= tolerance };
}

function relativeDifference(our: number, their: number): number {
  if (Object.is(our, their)) return 0;
  const apart = Math.abs(our - their) / Math.max(Math.abs(their), floor);
  // What is no number on one side only is as far as it can be.
  return Number.isNaN(apart) ? Infinity : apart;
}
