import { describe, expect, test } from "vitest";
import { RunTable } from "#core/evaluations/run-table.ts";
import { cohenKappa } from "#core/statistics/agreement.ts";
import { crossMomentsOf } from "#core/statistics/cross-moments.ts";
import { positionBias } from "#core/statistics/position-bias.ts";
import { wilsonInterval } from "#core/statistics/proportion.ts";
import { must } from "../../../../test/support/must.ts";
import { besidePublished, llmbarSubsets } from "../../../../test/support/llmbar-judgements.ts";
import { judgedPairs } from "./judgements.ts";
import { judgedTable } from "./judged.test-support.ts";
import { pairCalibration } from "./pair-calibration.ts";

const alpha = 0.05;

const llmbar = llmbarSubsets();

describe("GPT-4 on LLMBar, as its authors saved it", () => {
  test.each(llmbar)("$subset has the published numbers", ({ judgements, published }) => {
    const numbers = besidePublished(pairCalibration(judgements, alpha), published);
    expect(numbers).toHaveLength(published.size);
    for (const one of numbers) expect(one.found, one.name).toBeCloseTo(one.published, 12);
  });

  test("the paper's table has them in percent", () => {
    const rounded = llmbar.map(({ subset, judgements }) => {
      const { accuracy, consistency } = pairCalibration(judgements, alpha);
      return [
        subset,
        (100 * (accuracy?.value ?? 0)).toFixed(1),
        (100 * (consistency?.value ?? 0)).toFixed(1),
      ];
    });
    expect(rounded).toEqual([
      ["Natural", "95.5", "95.0"],
      ["Adversarial/GPTInst", "86.4", "94.6"],
    ]);
  });

  test("intervals are those of the statistics", () => {
    const pairs = llmbar.find(({ subset }) => subset.endsWith("GPTInst"))?.judgements ?? expect.unreachable();
    const found = pairCalibration(pairs, alpha);
    expect(found.consistency?.interval).toEqual(must(wilsonInterval({ successes: 87, trials: 92 }, alpha)));
    const duels = must(
      crossMomentsOf(
        pairs.all.map(({ asA }) => asA),
        pairs.all.map(({ asB }) => asB),
      ),
    );
    const bias = must(positionBias(duels, alpha));
    expect(found.positionBias?.value).toBeCloseTo(bias.value, 12);
    expect(found.positionBias?.interval?.[0]).toBeCloseTo(bias.interval[0], 12);
    // Rows: the judge says second, first; columns: the human. Counted by hand from the saved results.
    const counts = [
      [38, 5],
      [9, 40],
    ];
    const kappa = must(cohenKappa(counts, { alpha }));
    expect(found.kappaAsA?.value).toBeCloseTo(kappa.kappa, 12);
  });
});

const pair = { asA: 1, asB: 1, human: 1, lengthDifference: 10 };

function calibrated(...pairs: readonly Partial<typeof pair & { readonly cluster: string }>[]) {
  const table = judgedTable(pairs.map((one, at) => ({ item: `q${at}`, ...pair, ...one })));
  return pairCalibration(judgedPairs(table, "judge"), alpha);
}

describe("a judge of pairs", () => {
  test("that always prefers what stands first is inconsistent and half right", () => {
    const found = calibrated(...Array.from({ length: 10 }, (_, at) => ({ asB: 0, human: at % 2 })));
    expect(found.accuracy?.value).toBe(0.5);
    expect(found.consistency?.value).toBe(0);
    expect(found.positionBias).toMatchObject({ value: 0.5 });
    expect(found.positionBias?.interval).toBeUndefined();
  });

  test("that always prefers the longer answer errs where the shorter one is better, and there alone", () => {
    const found = calibrated(
      ...Array.from({ length: 20 }, (_, at) => ({ human: at % 2, lengthDifference: 5 })),
    );
    expect(found.lengthBias).toMatchObject({
      towards: { value: 1, items: 10 },
      against: { value: 0, items: 10 },
      bias: { value: 1, items: 20 },
    });
    expect(found.lengthBias?.bias.interval?.[0]).toBeGreaterThan(0.5);
  });

  test("that errs as often either way has no length bias, whichever humans prefer", () => {
    const errs = (count: number, wrong: number, human: number) =>
      Array.from({ length: count }, (_, at) => {
        const says = at < wrong ? 1 - human : human;
        return { asA: says, asB: says, human, lengthDifference: 5 };
      });
    expect(calibrated(...errs(80, 16, 0), ...errs(20, 4, 1)).lengthBias?.bias.value).toBeCloseTo(0, 12);
  });

  test("is right with a tie where the human says so, and a tie is half a verdict for the longer", () => {
    const found = calibrated({ asA: 0.5, asB: 0.5, human: 0.5 }, { asA: 0.5, asB: 0.5, human: 0 }, {});
    expect(found.accuracy?.value).toBeCloseTo(2 / 3, 12);
    expect(found.lengthBias?.towards).toMatchObject({ value: 0.5, items: 1 });
    expect(found.errorRates.sensitivity).toMatchObject({ value: 1, trials: 1 });
    expect(found.errorRates.specificity).toMatchObject({ value: 1, trials: 1 });
  });

  test("of items in clusters is told with fewer independent ones", () => {
    const clustered = Array.from({ length: 40 }, (_, at) => ({
      cluster: `c${at >> 2}`,
      asA: at < 28 ? 1 : 0,
      asB: at < 28 ? 1 : 0,
    }));
    const found = calibrated(...clustered);
    expect(found.errorRates.sensitivity).toMatchObject({ value: 0.7, units: 10 });
    expect(found.errorRates.sensitivity?.trials).toBeLessThan(12);
    expect(found.kappaOfOrders).toMatchObject({ value: 1, why: "The items come in clusters" });
  });

  test("that said nothing has no numbers", () => {
    const found = pairCalibration(judgedPairs(new RunTable(), "judge"), alpha);
    expect(found.accuracy).toBeUndefined();
    expect(found.lengthBias).toBeUndefined();
    expect(found.errorRates).toEqual({ sensitivity: undefined, specificity: undefined });
  });
});
