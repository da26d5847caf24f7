import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { seededUnits } from "../../../test/support/seeded-draws.ts";
import {
  directMethodValue,
  doublyRobustValue,
  inversePropensityValue,
  policyOverlap,
  selfNormalisedValue,
  type ModelledDecision,
} from "./off-policy.ts";

const alpha = 0.05;

describe("golden values", () => {
  const numbers = z.array(z.number());
  const count = testGolden(
    "off_policy_evaluation.json",
    {
      input: z
        .object({
          actions: numbers,
          rewards: numbers,
          loggingPropensity: numbers,
          targetPolicy: z.array(numbers),
          rewardModel: z.array(numbers),
        })
        .transform(({ actions, rewards, loggingPropensity, targetPolicy, rewardModel }) =>
          actions.map((action, row): ModelledDecision => {
            const [chances, model] = [targetPolicy[row] ?? [], rewardModel[row] ?? []];
            return {
              reward: rewards[row] ?? 0,
              loggedProbability: loggingPropensity[row] ?? 0,
              targetProbability: chances[action] ?? 0,
              expectedReward: model[action] ?? 0,
              expectedUnderTarget: chances.reduce(
                (sum, chance, place) => sum + chance * (model[place] ?? 0),
                0,
              ),
            };
          }),
        ),
      expected: z.object({
        ips: z.number(),
        ipsSe: z.number(),
        clippedIps: z.number(),
        snips: z.number(),
        snipsSe: z.number(),
        dm: z.number(),
        dr: z.number(),
        drSe: z.number(),
        switchDr: z.number(),
        effectiveSampleSize: z.number(),
        maxWeight: z.number(),
      }),
    },
    ({ input, expected, close }) => {
      const ips = must(inversePropensityValue(input, { alpha }));
      close([ips.value, ips.standardError], [expected.ips, expected.ipsSe]);
      close(must(inversePropensityValue(input, { alpha, weightMax: 3 })).value, expected.clippedIps);
      const normalised = must(selfNormalisedValue(input, { alpha }));
      close([normalised.value, normalised.standardError], [expected.snips, expected.snipsSe]);
      close(must(directMethodValue(input, { alpha })).value, expected.dm);
      const robust = must(doublyRobustValue(input, { alpha }));
      close([robust.value, robust.standardError], [expected.dr, expected.drSe]);
      close(must(doublyRobustValue(input, { alpha, switchAbove: 2 })).value, expected.switchDr);
      const overlap = must(policyOverlap(input));
      close(overlap.effectiveSampleSize, expected.effectiveSampleSize);
      close(overlap.weightMax, expected.maxWeight);
    },
  );

  test("every case is run", () => expect(count).toBe(3));
});

/** Chances of three models by the log and by the policy in question, and how often each is right. */
const logged = [0.5, 0.3, 0.2];
const target = [0.1, 0.2, 0.7];
const right = [0.3, 0.5, 0.8];
const truth = 0.1 * 0.3 + 0.2 * 0.5 + 0.7 * 0.8;

function decision(action: number, reward: number, model: readonly number[]): ModelledDecision {
  return {
    reward,
    loggedProbability: logged[action] ?? 0,
    targetProbability: target[action] ?? 0,
    expectedReward: model[action] ?? 0,
    expectedUnderTarget: target.reduce((sum, chance, place) => sum + chance * (model[place] ?? 0), 0),
  };
}

describe("laws", () => {
  const model = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });

  test("of a log in which all happens as often as it is likely, the value is exact, however wrong the model", () => {
    fc.assert(
      fc.property(model, (guess) => {
        // 100 decisions: 50, 30 and 20 of each action, of which 15, 15 and 16 were right.
        const log = logged.flatMap((chance, action) =>
          Array.from({ length: Math.round(100 * chance) }, (_, place) =>
            decision(action, place < Math.round(100 * chance * (right[action] ?? 0)) ? 1 : 0, guess),
          ),
        );
        expect(must(policyOverlap(log)).weightMean).toBeCloseTo(1, 12);
        expect(must(inversePropensityValue(log, { alpha })).value).toBeCloseTo(truth, 12);
        expect(must(selfNormalisedValue(log, { alpha })).value).toBeCloseTo(truth, 12);
        expect(must(doublyRobustValue(log, { alpha })).value).toBeCloseTo(truth, 12);
        const clipped = must(inversePropensityValue(log, { alpha, weightMax: 1 })).value;
        expect(clipped).toBeLessThan(truth);
      }),
    );
  });

  test("a right model makes up for wrong probabilities", () => {
    const log = logged.flatMap((chance, action) =>
      [0, 1].map((reward) => ({
        ...decision(action, reward, [0.5, 0.5, 0.5]),
        loggedProbability: Math.min(1, chance * 1.7),
      })),
    );
    expect(must(doublyRobustValue(log, { alpha })).value).toBeCloseTo(0.5, 12);
  });

  test("a policy that is the log's own has its mean, and a shift of rewards shifts the self-normalised value", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 30 }), (rewards) => {
        if (new Set(rewards).size < 2) return;
        const own = rewards.map((reward) => ({ reward, loggedProbability: 0.4, targetProbability: 0.4 }));
        const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
        expect(must(inversePropensityValue(own, { alpha })).value).toBeCloseTo(mean, 12);
        expect(must(policyOverlap(own)).effectiveSampleSize).toBeCloseTo(rewards.length, 9);
        const late = own.map((one) => ({ ...one, reward: one.reward + 1.7e12 }));
        const [there, here] = [own, late].map((log) => must(selfNormalisedValue(log, { alpha })));
        expect((here?.value ?? 0) - 1.7e12).toBeCloseTo(there?.value ?? 0, 3);
        expect(here?.standardError).toBeCloseTo(there?.standardError ?? 0, 3);
      }),
    );
  });

  test("a log may be long", () => {
    const log = Array.from({ length: 300_000 }, (_, place) => decision(place % 3, place % 2, right));
    expect(must(selfNormalisedValue(log, { alpha })).value).toBeCloseTo(0.5, 3);
    expect(must(doublyRobustValue(log, { alpha })).standardError).toBeLessThan(0.01);
  });

  test("the intervals hold the value in nearly 95 % of logs", () => {
    const unit = seededUnits(1);
    const runs = 600;
    const held = { inverse: 0, normalised: 0, robust: 0 };
    for (let run = 0; run < runs; run += 1) {
      const log = Array.from({ length: 400 }, () => {
        const place = unit();
        const action = place < 0.5 ? 0 : place < 0.8 ? 1 : 2;
        return decision(action, unit() < (right[action] ?? 0) ? 1 : 0, [0.4, 0.4, 0.6]);
      });
      const holds = ({ interval: [low, high] }: { readonly interval: readonly [number, number] }) =>
        Number(low <= truth && truth <= high);
      held.inverse += holds(must(inversePropensityValue(log, { alpha })));
      held.normalised += holds(must(selfNormalisedValue(log, { alpha })));
      held.robust += holds(must(doublyRobustValue(log, { alpha })));
    }
    const monteCarloError = 3 * Math.sqrt((alpha * (1 - alpha)) / runs);
    // An effective sample of 150: the last point of the level comes with more of them.
    for (const count of Object.values(held)) expect(count / runs).toBeGreaterThan(0.94 - monteCarloError);
  });
});

test("what the log cannot tell is refused with the reason", () => {
  const one = decision(0, 1, right);
  const other = decision(1, 0, right);
  const ask = (log: readonly ModelledDecision[], level = alpha) =>
    [inversePropensityValue, selfNormalisedValue, doublyRobustValue].map((method) =>
      refusalOf(method(log, { alpha: level })),
    );
  const all = (code: string) => [code, code, code];
  expect(ask([one, other], 0)).toEqual(all("bad-level"));
  expect(ask([])).toEqual(all("too-few"));
  expect(ask([one])).toEqual(all("too-few"));
  expect(ask([one, { ...other, loggedProbability: 0 }])).toEqual(all("bad-value"));
  expect(ask([one, { ...other, targetProbability: 1.1 }])).toEqual(all("bad-value"));
  expect(ask([one, { ...other, reward: Number.NaN }])).toEqual(all("not-finite"));
  const never = [one, other].map((decided) => ({ ...decided, targetProbability: 0 }));
  expect(ask(never)).toEqual(all("too-few"));
  expect(ask([one, one])).toEqual(all("no-variance"));
  expect(refusalOf(policyOverlap(never))).toBe("too-few");
  expect(refusalOf(directMethodValue([one, one], { alpha }))).toBe("no-variance");
  expect(refusalOf(directMethodValue([one], { alpha: 1 }))).toBe("bad-level");
  expect(refusalOf(inversePropensityValue([one, other], { alpha, weightMax: 0 }))).toBe("bad-value");
  expect(refusalOf(doublyRobustValue([one, other], { alpha, switchAbove: -1 }))).toBe("bad-value");
});
