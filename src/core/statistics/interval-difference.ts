import type { Interval } from "./interval.ts";

/** A number and where the true one lies. */
interface Bounded {
  readonly value: number;
  readonly interval: Interval;
}

/**
 * Interval of b - a of two independent numbers from an interval (l, u) of each, by squares of the distances:
 * d - sqrt((b-lb)^2 + (ua-a)^2) to d + sqrt((ub-b)^2 + (a-la)^2). As asymmetric as they are, and of their level.
 * Newcombe (1998), Statistics in Medicine 17, method 10; for any intervals Zou & Donner (2008), Statistics in Medicine 27(10).
 */
export function intervalOfDifference(a: Bounded, b: Bounded): Interval {
  const difference = b.value - a.value;
  const [lowA, highA] = a.interval;
  const [lowB, highB] = b.interval;
  return [
    difference - Math.hypot(b.value - lowB, highA - a.value),
    difference + Math.hypot(highB - b.value, a.value - lowA),
  ];
}
