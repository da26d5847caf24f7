import { describe, expect, test } from "vitest";
import { must } from "../../../test/support/must.ts";
import { seededUnits } from "../../../test/support/seeded-draws.ts";
import { sampleRatio } from "./sample-ratio.ts";
import { sampleRatioSequence } from "./sample-ratio-sequence.ts";

const alpha = 0.001;
const looks = 50;

/** Experiments that are drawn. */
interface Drawn {
  /** What arms were to have. */
  readonly shares: readonly number[];
  /** What they have, where some units are lost. */
  readonly chances?: readonly number[];
  readonly units: number;
  readonly runs: number;
}

/** The share of experiments that each test calls off at any look, and chi-square at the last. */
function alarms({ shares, chances = shares, units, runs }: Drawn) {
  const unit = seededUnits(20_261_127);
  const found = { watched: 0, chiSquare: 0, chiSquareOnce: 0 };
  for (let run = 0; run < runs; run++) {
    const sizes = shares.map(() => 0);
    const seen = { watched: false, chiSquare: false, chiSquareOnce: false };
    for (let look = 0; look < looks; look++) {
      for (let more = 0; more < units / looks; more++) {
        const place = placeOf(unit(), chances);
        sizes[place] = (sizes[place] ?? 0) + 1;
      }
      const arms = sizes.map((size, place) => ({ units: size, weight: shares[place] ?? 0 }));
      seen.chiSquareOnce = must(sampleRatio(arms)).pValue < alpha;
      seen.chiSquare ||= seen.chiSquareOnce;
      seen.watched ||= must(sampleRatioSequence(arms)).pValue <= alpha;
    }
    for (const test of ["watched", "chiSquare", "chiSquareOnce"] as const) found[test] += seen[test] ? 1 : 0;
  }
  return {
    watched: found.watched / runs,
    chiSquare: found.chiSquare / runs,
    once: found.chiSquareOnce / runs,
  };
}

function placeOf(drawn: number, chances: readonly number[]): number {
  let left = drawn;
  const place = chances.findIndex((chance) => (left -= chance) < 0);
  return place < 0 ? chances.length - 1 : place;
}

describe("over many experiments that are looked at 50 times", () => {
  const runs = 3_000;
  const most = alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / runs);

  test.each([
    { name: "two even arms", shares: [0.5, 0.5] },
    { name: "two uneven arms", shares: [0.9, 0.1] },
    { name: "five even arms", shares: [0.2, 0.2, 0.2, 0.2, 0.2] },
    { name: "five uneven arms", shares: [0.6, 0.2, 0.1, 0.05, 0.05] },
  ])("$name as planned are called off in a thousandth at most, by chi-square in more", ({ shares }) => {
    const { watched, chiSquare } = alarms({ shares, units: 5_000, runs });
    expect(watched).toBeLessThanOrEqual(most);
    expect(chiSquare).toBeGreaterThan(most);
  });

  test("of 50,000 units in two arms a loss of 5 % of one is found, one of 2 % less often than by chi-square at the end", () => {
    const shares = [0.5, 0.5];
    const losing = (loss: number) =>
      alarms({ shares, chances: [1 / (2 - loss), (1 - loss) / (2 - loss)], units: 50_000, runs: 300 });
    const five = losing(0.05);
    expect(five.watched).toBeGreaterThan(0.9);
    expect(five.once).toBeGreaterThan(0.95);
    const two = losing(0.02);
    expect(two.watched).toBeLessThan(two.once);
    expect(two.once).toBeLessThan(0.25);
  });
});
