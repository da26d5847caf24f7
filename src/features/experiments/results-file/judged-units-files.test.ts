import { describe, expect, test } from "vitest";
import { correctedUnitsRate, judgedUnitsOf, predictionPoweredUnits } from "#core/statistics/judged-units.ts";
import { analysedFiles } from "../../../../test/support/analysed-files.ts";
import { must } from "../../../../test/support/must.ts";
import { SeededChance } from "../../../../test/support/seeded-chance.ts";

const { analysed } = analysedFiles("signalbox-judged-units-");

/** Answers of conversations that are good or bad together; a judge likes those of argon, humans see some conversations. */
function answers(seed: number, { units = 400, favour = 0.15, share = 0.3 } = {}) {
  const chance = new SeededChance(seed, "answers");
  return Array.from({ length: units }, (_, unit) => {
    const goodness = chance.happens(0.5) ? 0.9 : 0.1;
    const isSeen = chance.happens(share);
    return Array.from({ length: chance.integer(1, 5) }, () => {
      const isGood = chance.happens(goodness);
      const passed = chance.happens((isGood ? 0.8 : 0.2) + (unit % 2 === 1 ? favour : 0));
      return { unit, judge: Number(passed), human: isSeen ? Number(isGood) : undefined };
    });
  }).flat();
}

type Answers = ReturnType<typeof answers>;
const variantOf = (unit: number) => (unit % 2 === 1 ? "argon" : "flash");

async function comparedOf(all: Answers, plan = "primary: quality\ndesign: fixed") {
  const rows = all.map(({ unit, judge, human }) =>
    [`u${unit}`, variantOf(unit), judge, human ?? ""].join(","),
  );
  const { analysis } = await analysed(["unit,variant,quality,quality_human", ...rows].join("\n"), plan);
  const comparison = analysis.metrics[0]?.comparisons[0] ?? expect.unreachable("nothing is compared");
  return { analysis, comparison };
}

function unitsOf(all: Answers, variant: string) {
  const mine = all.filter(({ unit }) => variantOf(unit) === variant);
  return must(
    judgedUnitsOf(
      mine.map(({ unit }) => unit),
      mine.map(({ judge }) => judge),
      mine.map(({ human }) => human ?? Number.NaN),
    ),
  );
}

describe("a judge of units with several rows", () => {
  test("is corrected with the errors of units", async () => {
    const all = answers(1);
    const { comparison, analysis } = await comparedOf(all);
    const [flash, argon] = ["flash", "argon"].map((variant) =>
      must(predictionPoweredUnits({ units: unitsOf(all, variant), alpha: 0.05 })),
    );
    const told = must(comparison.deciding.absolute);
    expect(told.value).toBeCloseTo((argon?.mean ?? 0) - (flash?.mean ?? 0), 9);
    expect(told.standardError).toBeCloseTo(
      Math.hypot(argon?.standardError ?? 0, flash?.standardError ?? 0),
      9,
    );
    expect(analysis.findings.find(({ code }) => code === "judge-corrected")?.text).toMatch(
      /by prediction-powered inference, .*; it passes \d+ % of what humans pass and fails \d+ % of what they fail; human labels: flash \d+ in \d+ units, argon \d+ in \d+ units$/,
    );
  });

  test("is corrected by its errors where the plan says so", async () => {
    const all = answers(2);
    const { comparison } = await comparedOf(all, "primary: quality\njudges: { quality: rogan_gladen }");
    const [flash, argon] = ["flash", "argon"].map((variant) =>
      must(correctedUnitsRate({ units: unitsOf(all, variant), alpha: 0.05 })),
    );
    const told = must(comparison.fixed.absolute);
    expect(told.value).toBeCloseTo((argon?.rate ?? 0) - (flash?.rate ?? 0), 9);
  });

  test("that likes one variant better finds nothing that humans would not", async () => {
    let [found, foundByJudge] = [0, 0];
    const runs = 100;
    for (let seed = 1; seed <= runs; seed++) {
      const { comparison } = await comparedOf(answers(100 + seed));
      expect(comparison.adjusted?.by).toBe("judge");
      if (comparison.judgement !== "open") found++;
      const byJudge = comparison.adjusted?.unadjusted.absolute;
      if (byJudge?.ok && byJudge.value.pValue <= 0.05) foundByJudge++;
    }
    expect(foundByJudge).toBeGreaterThan(80);
    // Of 100 runs with a chance of 5 % more than 13 are found in fewer than one of a thousand.
    expect(found).toBeLessThanOrEqual(13);
    expect(found).toBeGreaterThan(0);
  });

  test("of whom humans saw few units is compared with nothing, however many rows these have", async () => {
    const told = async (plan: string) => {
      const { analysis } = await comparedOf(answers(3, { share: 0.04 }), plan);
      return analysis.verdict.sentence;
    };
    expect(await told("primary: quality")).toMatch(
      /quality cannot be compared: \w+: Humans said something of \d+ units, 20 are needed/,
    );
    const all = answers(3, { share: 0.02 });
    const { analysis } = await comparedOf(all, "primary: quality\njudges: { quality: rogan_gladen }");
    expect(analysis.verdict.sentence).toMatch(/Humans passed \d+ and failed \d+: 10 of each are needed/);
  });

  test("that gives grades is not corrected by its errors", async () => {
    const graded = answers(4).map((one) => ({ ...one, judge: one.judge * 0.5 }));
    const { analysis } = await comparedOf(graded, "primary: quality\njudges: { quality: rogan_gladen }");
    expect(analysis.findings.find(({ code }) => code === "not-adjusted")?.text).toContain(
      "by its errors a judge is corrected that passes or fails",
    );
    const { comparison } = await comparedOf(graded);
    expect(comparison.adjusted?.by).toBe("judge");
  });
});
