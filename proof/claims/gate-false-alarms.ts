import { gateReport } from "#core/evaluations/gate/gate.ts";
import { gateSchema, type GateSettings } from "#core/evaluations/gate/gate-schema.ts";
import { seededUnits } from "#core/kernel/seeded-units.ts";
import type { Claim } from "../claim.ts";
import { countingError, drawnItems, drawnRun, percent, type DrawnRun } from "../evaluations/drawn-runs.ts";

const alpha = 0.05;
const rightOf = (ease: number): number => Math.min(1, 0.4 + 0.95 * ease);
const worseBy = (points: number) => (ease: number) => Math.max(0, rightOf(ease) - points);

/** Verdicts that are rare, common and nearly the same as another, and scores that go together: what a gate has to bear. */
const others: NonNullable<DrawnRun["others"]> = (chance, ease) => {
  const style = chance();
  return {
    polite: chance() > 0.02,
    cites: chance() < ease,
    style: (style + ease) / 2,
    tone: (3 * style + chance()) / 4,
  };
};

const names = ["right", "polite", "cites", "style", "tone"] as const;
const strict = gateSchema.parse({ scorers: Object.fromEntries(names.map((name) => [name, { margin: 0 }])) });
const usual = gateSchema.parse({});

const designs: readonly (Omit<DrawnRun, "targets"> & { readonly name: string })[] = [
  { name: "300 items", items: 300, repeats: 1, clusterSize: 1, others },
  { name: "100 items asked 3 times", items: 100, repeats: 3, clusterSize: 1, others },
  { name: "30 clusters of 8 items", items: 240, repeats: 1, clusterSize: 8, others },
];

export const claim: Claim = {
  id: "gate-false-alarms",
  title:
    "A gate fails a change that changes nothing in at most 5 % of runs, over all its scorers and targets together",
  wanted: `at most ${percent(alpha)} (and Monte-Carlo error) of runs against themselves fail, in each of ${designs.length} designs, also where the least change matters`,
  run({ short }) {
    const runs = short ? 200 : 3_000;
    const results = designs.map((design) => ({
      name: design.name,
      strict: failedIn(design, { runs, gate: strict, points: 0 }),
      usual: failedIn(design, { runs, gate: usual, points: 0 }),
      worse: failedIn(design, { runs: Math.ceil(runs / 10), gate: usual, points: 0.15 }),
    }));
    const bound = alpha + countingError(alpha, runs);
    return Promise.resolve({
      ok: results.every((one) => one.strict <= bound && one.usual <= bound),
      figure: results.map(({ name, strict: share }) => `${name} ${percent(share)}`).join(", "),
      details: [
        `${runs} runs a design of two targets beside an earlier run of both, 5 scorers each`,
        ...results.map(
          ({ name, strict: least, usual: point, worse }) =>
            `${name}: ${percent(least)} fail where any change matters, ${percent(point)} where a point does; of runs that got 15 points worse ${percent(worse)}`,
        ),
      ],
    });
  },
};

function failedIn(
  design: (typeof designs)[number],
  { runs, gate, points }: { readonly runs: number; readonly gate: GateSettings; readonly points: number },
): number {
  const chance = seededUnits(20_261_127, `${design.name} ${gate === strict} ${points}`);
  const of = (skill: (ease: number) => number): DrawnRun => ({
    ...design,
    targets: ["flash", "pro"].map((name) => ({ name, rightOf: skill })),
  });
  let failed = 0;
  for (let at = 0; at < runs; at += 1) {
    const eases = drawnItems(design, chance);
    const baseline = drawnRun(of(rightOf), eases, chance);
    const table = drawnRun(of(worseBy(points)), eases, chance);
    const expected = design.items * design.repeats;
    const report = gateReport([{ name: "qa", table, baseline, expected }], gate);
    if (!report.ok || report.value.verdict === "invalid")
      throw new Error(`The gate says nothing: ${JSON.stringify(report)}`);
    if (report.value.verdict === "failed") failed += 1;
  }
  return failed / runs;
}
