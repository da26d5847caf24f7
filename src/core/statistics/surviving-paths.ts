import { panelQuadrature } from "./quadrature.ts";
import { normalQuantile, normalSurvival } from "./special-functions.ts";

/**
 * Paths of a Brownian motion without drift that have crossed no upper bound so far, as a density over where they are now:
 * `masses` at `points` (ascending), which sum to the probability of having crossed none.
 */
export interface SurvivingPaths {
  /** Information so far; the variance of a path. */
  readonly time: number;
  readonly points: Float64Array;
  readonly masses: Float64Array;
}

/** Where all paths begin. */
export const pathsAtStart: SurvivingPaths = {
  time: 0,
  points: Float64Array.of(0),
  masses: Float64Array.of(1),
};

/** Standard deviations beyond which a bell is left out: 1e-19 of it. */
const reach = 9;
/** Standard deviations above which a path is at no number: the density is below 1e-308. */
const highest = 37;

/** The probability of being above `bound` at `time` for the first time. */
export function crossingProbability(paths: SurvivingPaths, next: Crossing): number {
  const error = Math.sqrt(next.time - paths.time);
  const from = firstWithin(paths, next);
  let sum = 0;
  for (let index = from; index < paths.points.length; index++) {
    sum += massAt(paths, index) * normalSurvival((next.bound - pointAt(paths, index)) / error);
  }
  return sum;
}

/** A look to come: when, and the bound on the scale of the paths. */
export interface Crossing {
  readonly time: number;
  readonly bound: number;
}

/**
 * The bound at `time` that paths cross with a probability; infinite where it is 0. Newton's method on the logarithm of the
 * probability, which is concave in the bound: from a bound that is too high it comes down and never passes.
 */
export function boundAt(
  paths: SurvivingPaths,
  { time, probability }: { readonly time: number; readonly probability: number },
): number {
  if (probability <= 0) return Infinity;
  const quantile = -normalQuantile(probability);
  // Too high: there with no look before, and with all paths at the last bound.
  let bound = Math.min(
    quantile * Math.sqrt(time),
    lastPoint(paths) + quantile * Math.sqrt(time - paths.time),
  );
  const precision = 1e-12 * Math.sqrt(time);
  for (let step = 0; step < 100; step++) {
    const crossing = crossingProbability(paths, { time, bound });
    const change = (Math.log(crossing / probability) * crossing) / densityAt(paths, { time, bound });
    if (!Number.isFinite(change)) break;
    bound += change;
    if (Math.abs(change) <= precision) break;
  }
  return bound;
}

/**
 * The paths after a look (Armitage, McPherson & Rowe 1969, JRSS A 132; Jennison & Turnbull 2000, chapter 19): the density of
 * those before it with the bell of the step, cut at the bound.
 * @param following when the next look is: points are as close as the shorter of both steps asks for
 */
export function pathsAfter(paths: SurvivingPaths, look: Crossing, following: number): SurvivingPaths {
  const { time } = look;
  const spread = Math.sqrt(time);
  const step = Math.sqrt(Math.min(time - paths.time, following - time));
  const from = -reach * spread;
  const to = Math.max(from, Math.min(look.bound, highest * spread));
  const { points, weights } = panelQuadrature({ from, to, panel: 2 * step });
  const masses = points.map(
    (point, index) => (weights[index] ?? 0) * densityAt(paths, { time, bound: point }),
  );
  return { time, points, masses };
}

/** The density of paths at `bound`, with all those that come there since the last look. */
function densityAt(paths: SurvivingPaths, next: Crossing): number {
  const variance = next.time - paths.time;
  const until = centreBefore(paths, next) + reachBefore(paths, next);
  let sum = 0;
  for (let index = firstWithin(paths, next); index < paths.points.length; index++) {
    const point = pointAt(paths, index);
    if (point > until) break;
    const distance = next.bound - point;
    sum += massAt(paths, index) * Math.exp((-distance * distance) / (2 * variance));
  }
  return sum / Math.sqrt(2 * Math.PI * variance);
}

/**
 * Where a path was before that is at the bound next, a bridge from 0, is a bell around this. Cutting around it, and not around
 * the bound, keeps the digits of far tails.
 */
function centreBefore(paths: SurvivingPaths, { time, bound }: Crossing): number {
  return Math.min(lastPoint(paths), bound * (paths.time / time));
}

function reachBefore(paths: SurvivingPaths, { time }: Crossing): number {
  return reach * Math.sqrt(paths.time * ((time - paths.time) / time));
}

/** The first point that matters; by bisection, as points are in order. */
function firstWithin(paths: SurvivingPaths, next: Crossing): number {
  const from = centreBefore(paths, next) - reachBefore(paths, next);
  let [low, high] = [0, paths.points.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (pointAt(paths, middle) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lastPoint(paths: SurvivingPaths): number {
  return pointAt(paths, paths.points.length - 1);
}

function pointAt(paths: SurvivingPaths, index: number): number {
  return paths.points[index] ?? 0;
}

function massAt(paths: SurvivingPaths, index: number): number {
  return paths.masses[index] ?? 0;
}
