import { expect, test } from "vitest";
import { SeededChance } from "../../../../test/support/seeded-chance.ts";
import { judgedTable } from "./judged.test-support.ts";
import { judgedPairs } from "./judgements.ts";
import { pairCalibration } from "./pair-calibration.ts";
import type { RunEstimate } from "#core/evaluations/estimates.ts";

const alpha = 0.05;
const items = 200;
const simulations = 400;
/** What a right interval holds with one error in 20, give or take three standard errors of so many simulations. */
const least = 0.95 - 3 * Math.sqrt((0.95 * 0.05) / simulations);

/** A judge that says A with probability `position`, else the longer answer with `length`, else the better one with `accuracy`. */
const noise = { position: 0.1, length: 0.25, accuracy: 0.85 };

function simulated(chance: SeededChance) {
  const { position, length, accuracy } = noise;
  const all = Array.from({ length: items }, (_, at) => {
    const human = at % 2;
    // Seven of ten better answers are the longer ones: no share of the items is a half by chance.
    const isLongerBetter = at % 10 < 7;
    const firstIsLonger = (human === 1) === isLongerBetter;
    const prefersFirst = (isA: boolean): number => {
      if (chance.happens(position)) return Number(isA);
      if (chance.happens(length)) return Number(firstIsLonger);
      return chance.happens(accuracy) ? human : 1 - human;
    };
    return {
      item: `q${at}`,
      asA: prefersFirst(true),
      asB: prefersFirst(false),
      human,
      lengthDifference: firstIsLonger ? 10 : -10,
    };
  });
  return pairCalibration(judgedPairs(judgedTable(all), "judge"), alpha);
}

test("intervals hold what is planted as often as they say", () => {
  const chance = new SeededChance(20_261_127, "noisy judge");
  const { position, length, accuracy } = noise;
  const planted = {
    accuracy: position / 2 + (1 - position) * (length * 0.7 + (1 - length) * accuracy),
    position: position / 2,
    length: (1 - position) * length,
  };
  const held = { accuracy: 0, position: 0, length: 0 };
  const holds = (estimate: RunEstimate | undefined, value: number): number =>
    Number(
      estimate?.interval !== undefined && estimate.interval[0] <= value && value <= estimate.interval[1],
    );
  for (let run = 0; run < simulations; run += 1) {
    const found = simulated(chance);
    held.accuracy += holds(found.accuracy, planted.accuracy);
    held.position += holds(found.positionBias, planted.position);
    held.length += holds(found.lengthBias?.bias, planted.length);
  }
  const shares = Object.fromEntries(Object.entries(held).map(([name, count]) => [name, count / simulations]));
  expect(Math.min(...Object.values(shares)), JSON.stringify(shares)).toBeGreaterThan(least);
});
