import { comparedMetrics, runComparison } from "#core/evaluations/run-comparison.ts";
import { seededUnits } from "#core/kernel/seeded-units.ts";
import { plannedPower } from "#core/statistics/experiment-plan.ts";
import type { Claim } from "../claim.ts";
import {
  countingError,
  drawnItems,
  drawnRun,
  overEase,
  percent,
  type DrawnRun,
} from "../evaluations/drawn-runs.ts";

const alpha = 0.05;
const effect = 0.03;
/** Before and now: right in 76 % and 79 % of items; what is hard for one is hard for the other. */
const before = (ease: number): number => Math.max(0, Math.min(1, 2.4 * ease - 0.08));
const now = (ease: number): number => before(ease) + effect * boostOf(ease);

/** Where there is room for more: a bit over a third of the items, so that the mean difference is the effect. */
function boostOf(ease: number): number {
  return ease < 0.4 && ease > 0.04 ? 1 / 0.36 : 0;
}

/** Of the difference of one item's two answers, over items and answers: what the test of pairs sees. */
const pairedVariance =
  overEase(
    (ease) =>
      before(ease) * (1 - before(ease)) + now(ease) * (1 - now(ease)) + (now(ease) - before(ease)) ** 2,
  ) -
  overEase((ease) => now(ease) - before(ease)) ** 2;

const sizes = [500, 1319, 3000] as const;
/** How far from the predicted power it may be, beside Monte-Carlo error: the prediction is a normal approximation. */
const tolerance = 0.02;

export const claim: Claim = {
  id: "paired-power",
  title:
    "A difference of 3 points between two targets is found as often as was predicted, since items are paired",
  wanted: `found in the predicted share of runs, to ${percent(tolerance)} and Monte-Carlo error, with ${sizes.join(", ")} items; without a difference, told in at most ${percent(alpha)}`,
  run({ short }) {
    const runs = short ? 200 : 2_000;
    const results = sizes.map((items) => resultOf(items, runs));
    const details = [
      `${runs} runs a size with a difference and ${runs} without; the paired variance is ${pairedVariance.toFixed(3)}, that of unpaired answers ${unpairedVariance().toFixed(3)}`,
      ...results.map(
        ({ items, predicted, found, falsely, unpaired }) =>
          `${items} items: predicted ${percent(predicted)}, found ${percent(found)}; of as many other items it would be ${percent(unpaired)}; without a difference told in ${percent(falsely)}`,
      ),
    ];
    const ok = results.every(
      ({ predicted, found, falsely }) =>
        Math.abs(found - predicted) <= tolerance + countingError(predicted, runs) &&
        falsely <= alpha + countingError(alpha, runs),
    );
    const figure = results
      .map(
        ({ items, predicted, found }) => `${items} items ${percent(found)} (predicted ${percent(predicted)})`,
      )
      .join(", ");
    return Promise.resolve({ ok, figure, details });
  },
};

function unpairedVariance(): number {
  const [then, since] = [overEase(before), overEase(now)];
  return then * (1 - then) + since * (1 - since);
}

function powerOf(items: number, varianceOfDifferences: number): number {
  const metric = { kind: "paired", mean: 0, varianceOfDifferences } as const;
  const found = plannedPower({ metric, alpha }, { effect, units: items });
  return found.ok ? found.value : 0;
}

function resultOf(items: number, runs: number) {
  return {
    items,
    predicted: powerOf(items, pairedVariance),
    unpaired: powerOf(items, unpairedVariance()),
    found: foundIn(items, { runs, rightOf: now }),
    falsely: foundIn(items, { runs, rightOf: before }),
  };
}

function foundIn(
  items: number,
  { runs, rightOf }: { readonly runs: number; readonly rightOf: (ease: number) => number },
): number {
  const chance = seededUnits(20_261_127, `${items} ${rightOf.name}`);
  const targets = [
    { name: "before", rightOf: before },
    { name: "now", rightOf },
  ];
  const run: DrawnRun = { items, repeats: 1, clusterSize: 1, targets };
  let found = 0;
  for (let at = 0; at < runs; at += 1) {
    const table = drawnRun(run, drawnItems(run, chance), chance);
    const sides = { baseline: { table, target: "before" }, candidate: { table, target: "now" } };
    const metrics = comparedMetrics(sides).slice(0, 1);
    const terms = { alpha, errors: "left-out", resamples: 0, unit: chance } as const;
    const [part] = runComparison([{ label: "", sides, metrics }], terms);
    if ((part?.comparisons[0]?.adjustedPValue ?? 1) <= alpha) found += 1;
  }
  return found / runs;
}
