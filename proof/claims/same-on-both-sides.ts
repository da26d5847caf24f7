import type { Claim } from "../claim.ts";
import { sameOnBothSides } from "../experiments/same-on-both-sides.ts";

/** Kolmogorov's distance that 1 % of samples from the uniform distribution pass: 1.63 / sqrt(n) (Smirnov 1948). */
const distancePerRoot = 1.63;
const ratioAlpha = 0.001;

/** A/A: what an experiment says where there is nothing to say. */
export const claim: Claim = {
  id: "same-on-both-sides",
  title: "A variant against itself: p-values are uniform, and the alarm of sample ratios is silent",
  wanted:
    "p-values uniform by Kolmogorov and Smirnov (1 %); sample-ratio alarms at most 0.1 % and Monte-Carlo error",
  run({ short }) {
    const [experiments, units] = short ? [300, 1_000] : [1_000, 5_000];
    const { pValues, ratioPValues } = sameOnBothSides(experiments, units);
    const distance = distanceToUniform(pValues);
    const distanceMax = distancePerRoot / Math.sqrt(experiments);
    const alarms = ratioPValues.filter((pValue) => pValue < ratioAlpha).length;
    const alarmsMax = experiments * ratioAlpha + 3 * Math.sqrt(experiments * ratioAlpha);
    const found = pValues.filter((pValue) => pValue < 0.05).length;
    return Promise.resolve({
      ok: distance <= distanceMax && alarms <= alarmsMax,
      figure: `distance ${distance.toFixed(4)} (at most ${distanceMax.toFixed(4)}), ${alarms} alarms of ${experiments}`,
      details: [
        `${experiments} experiments over the same ${units} units, assigned by the gateway's own code`,
        `${((100 * found) / experiments).toFixed(1)} % of p-values are below 5 %`,
      ],
    });
  },
};

/** The largest distance between the empirical distribution of values and the uniform one on [0, 1]. */
function distanceToUniform(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.reduce((most, value, index) => {
    const [below, above] = [index / sorted.length, (index + 1) / sorted.length];
    return Math.max(most, value - below, above - value);
  }, 0);
}
