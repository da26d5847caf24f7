import { targetSummary } from "#core/evaluations/target-summary.ts";
import { seededUnits } from "#core/kernel/seeded-units.ts";
import type { Claim } from "../claim.ts";
import {
  countingError,
  drawnItems,
  drawnRun,
  overEase,
  percent,
  type DrawnRun,
} from "../evaluations/drawn-runs.ts";

/** Right in 80 % of all items, the hardest ones hardly ever. */
const flash = { name: "flash", rightOf: (ease: number) => Math.min(1, 0.4 + 0.95 * ease) };
const truth = overEase(flash.rightOf);

const designs: readonly (Omit<DrawnRun, "targets"> & { readonly name: string })[] = [
  { name: "100 items", items: 100, repeats: 1, clusterSize: 1 },
  { name: "GSM8K's 1,319 items", items: 1319, repeats: 1, clusterSize: 1 },
  { name: "200 items asked 4 times", items: 200, repeats: 4, clusterSize: 1 },
  { name: "40 clusters of 8 items", items: 320, repeats: 1, clusterSize: 8 },
  { name: "40 clusters of 8 items asked 3 times", items: 320, repeats: 3, clusterSize: 8 },
];

const [least, most] = [0.93, 0.97];

export const claim: Claim = {
  id: "evaluation-coverage",
  title: "The error bars of an evaluation hold the true accuracy, also of repeated and of clustered items",
  wanted: `the 95 % interval holds it in ${percent(least)} to ${percent(most)} of seeded runs, in each of ${designs.length} designs`,
  run({ short }) {
    const runs = short ? 200 : 2_000;
    const slack = short ? countingError(0.95, runs) : 0;
    const details = [`${runs} runs a design, true accuracy ${percent(truth)}`];
    const found: number[] = [];
    for (const design of designs) {
      const { shares, widths } = coverageOf(design, runs);
      found.push(shares);
      details.push(`${design.name}: held in ${percent(shares)}, ${percent(widths)} wide on average`);
    }
    const ok = found.every((share) => share >= least - slack && share <= most + slack);
    return Promise.resolve({
      ok,
      figure: `${found.map(percent).join(", ")} of ${runs} runs`,
      details,
      ...(short && {
        judgedBy: `${percent(least - slack)} to ${percent(Math.min(1, most + slack))} of ${runs} runs`,
      }),
    });
  },
};

function coverageOf(
  design: (typeof designs)[number],
  runs: number,
): { readonly shares: number; readonly widths: number } {
  const chance = seededUnits(20_261_127, design.name);
  const run: DrawnRun = { ...design, targets: [flash] };
  let [held, width] = [0, 0];
  for (let at = 0; at < runs; at += 1) {
    const table = drawnRun(run, drawnItems(run, chance), chance);
    const [right] = targetSummary(table, { target: flash.name, alpha: 0.05 }).scorers;
    const [lower, upper] = right?.main?.interval ?? [0, 0];
    if (lower <= truth && truth <= upper) held += 1;
    width += upper - lower;
  }
  return { shares: held / runs, widths: width / runs };
}
