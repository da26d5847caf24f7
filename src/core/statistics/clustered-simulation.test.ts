import { describe, expect, test } from "vitest";
import { must } from "../../../test/support/must.ts";
import { normals, seededUnits } from "../../../test/support/seeded-draws.ts";
import { clusteredMomentsOf, type ClusteredMoments } from "./clusters.ts";
import { normalTest } from "./difference.ts";
import { fiellerInterval } from "./fieller-interval.ts";
import type { Interval } from "./interval.ts";
import { quantileEstimateOf } from "./quantile-estimate.ts";
import { ratioSample } from "./ratio-metric.ts";
import { sampleOf } from "./sample.ts";
import { welchTest } from "./welch-test.ts";

const alpha = 0.05;

interface Messages {
  readonly values: readonly number[];
  readonly conversations: readonly number[];
}

/**
 * An arm of conversations of 1 to 200 messages, most of them short. Of a message's variance of 1 a fifth is that of its
 * conversation, so that the intraclass correlation is 0.2; the mean and the median of all messages are `centre`.
 */
function drawnArm(chance: () => number, units: number, centre: number): Messages {
  const normal = normals(chance);
  const [values, conversations]: [number[], number[]] = [[], []];
  for (let conversation = 0; conversation < units; conversation += 1) {
    const size = Math.max(1, Math.round(200 ** chance()));
    const own = Math.sqrt(0.2) * normal();
    for (let message = 0; message < size; message += 1) {
      values.push(centre + own + Math.sqrt(0.8) * normal());
      conversations.push(conversation);
    }
  }
  return { values, conversations };
}

const momentsOf = ({ values, conversations }: Messages): ClusteredMoments =>
  must(clusteredMomentsOf(values, conversations));

const holds = ([lower, upper]: Interval, truth: number): boolean => lower <= truth && truth <= upper;

/** How often it holds, in so many runs. */
function shareOf(runs: number, holdsIn: (run: number) => boolean): number {
  let held = 0;
  for (let run = 0; run < runs; run += 1) if (holdsIn(run)) held += 1;
  return held / runs;
}

/**
 * Three standard errors of a share of runs around 1 - alpha. In 4,000 runs, too many for a test, it is 0.943 of means and 0.940
 * of medians with 100 such conversations an arm: few long ones weigh most.
 */
function expectCoverage(share: number, runs: number): void {
  const margin = 3 * Math.sqrt((alpha * (1 - alpha)) / runs);
  expect(share).toBeGreaterThan(1 - alpha - margin);
  expect(share).toBeLessThan(1 - alpha + margin);
}

describe("messages of conversations, 100 an arm", () => {
  const chance = seededUnits(20_261_127);
  const runs = 500;
  const arms = Array.from({ length: runs }, () => ({
    control: drawnArm(chance, 100, 4),
    treatment: drawnArm(chance, 100, 4),
  }));
  const moments = arms.map(({ control, treatment }) => ({
    control: momentsOf(control),
    treatment: momentsOf(treatment),
  }));
  const samples = moments.map(({ control, treatment }) => ({
    control: must(ratioSample(control.clusters)),
    treatment: must(ratioSample(treatment.clusters)),
  }));

  test("means by ratio keep 5 %, absolute, relative and by Fieller", () => {
    const covered = (intervalOf: (pair: (typeof samples)[number]) => Interval) =>
      shareOf(runs, (run) => holds(intervalOf(samples[run] ?? expect.unreachable()), 0));
    expectCoverage(
      covered((pair) => must(welchTest({ ...pair, alpha })).interval),
      runs,
    );
    expectCoverage(
      covered((pair) => must(welchTest({ ...pair, alpha, scale: "relative" })).interval),
      runs,
    );
    expectCoverage(
      covered((pair) => must(fiellerInterval({ ...pair, alpha })).interval),
      runs,
    );
  });

  test("messages taken for independent are misled several times as often", () => {
    const covered = shareOf(runs, (run) => {
      const { control, treatment } = moments[run] ?? expect.unreachable();
      const naive = { control: must(sampleOf(control.items)), treatment: must(sampleOf(treatment.items)) };
      return holds(must(welchTest({ ...naive, alpha })).interval, 0);
    });
    expect(covered).toBeLessThan(1 - 4 * alpha);
  });

  test("medians and p90 keep 5 %; without their clusters they do not", () => {
    const few = 200;
    const covered = (level: number, isClustered: boolean) =>
      shareOf(few, (run) => {
        const { control, treatment } = arms[run] ?? expect.unreachable();
        const estimate = ({ values, conversations }: Messages) =>
          must(
            quantileEstimateOf(values, { level, alpha, ...(isClustered ? { clusters: conversations } : {}) }),
          );
        const pair = { control: estimate(control), treatment: estimate(treatment) };
        return holds(must(normalTest({ ...pair, alpha })).interval, 0);
      });
    expectCoverage(covered(0.5, true), few);
    expectCoverage(covered(0.9, true), few);
    expect(covered(0.5, false)).toBeLessThan(1 - 3 * alpha);
  });
});
