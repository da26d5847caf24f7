import { describe, expect, test } from "vitest";
import { analyse } from "#core/experiments/analyse.ts";
import { judgedUnitsOf, predictionPoweredUnits } from "#core/statistics/judged-units.ts";
import { keptDesign } from "#features/configuration/index.ts";
import { experimentData } from "#features/experiments/results/experiment-data.ts";
import { exposed, onRequest } from "#features/traffic/feedback/rated-units.test-support.ts";
import type { FeedbackEntry } from "#features/traffic/feedback/feedback.ts";
import { memoryFeedbackStore } from "#features/traffic/feedback/store.memory.ts";
import { noonMs } from "#features/traffic/request-record.test-support.ts";
import { memoryRequestLogStore } from "#features/traffic/store.memory.ts";
import { must } from "../support/must.ts";
import { SeededChance } from "../support/seeded-chance.ts";

interface Answer {
  readonly unit: number;
  readonly judge: number;
  /** Absent where no human saw it. */
  readonly human?: number;
}

const variantOf = (unit: number) => (unit % 2 === 0 ? "fast" : "deep");

/** Answers of conversations that are good or bad together, half of them; the judge likes those of `deep`, humans see a third. */
function drawnAnswers(seed: number, { units = 240, share = 1 / 3, favour = 0.2 } = {}): readonly Answer[] {
  const chance = new SeededChance(seed, "answers");
  return Array.from({ length: units }, (_, unit) => {
    const goodness = chance.happens(0.5) ? 0.9 : 0.1;
    const isSeen = chance.happens(share);
    return Array.from({ length: chance.integer(1, 4) }, (): Answer => {
      const isGood = chance.happens(goodness);
      const passed = chance.happens((isGood ? 0.75 : 0.2) + (unit % 2 === 1 ? favour : 0));
      return { unit, judge: Number(passed), ...(isSeen && { human: Number(isGood) }) };
    });
  }).flat();
}

async function analysed(answers: readonly Answer[], settings: Readonly<Record<string, unknown>> = {}) {
  const records = answers.map(({ unit }, number) => {
    const segments = { tier: unit % 4 < 2 ? "free" : "paid" };
    return exposed(number, { unit: `u${unit}`, variant: variantOf(unit), segments }, noonMs + unit);
  });
  const entries = answers.flatMap(({ judge, human }, place): readonly FeedbackEntry[] => {
    const record = records[place] ?? expect.unreachable();
    const said = onRequest(record, { name: "quality", source: "judge", values: { score: judge } });
    if (human === undefined) return [said];
    const label = { name: "review", source: "human", values: { outcome: human === 1 } } as const;
    return [said, onRequest(record, label)];
  });
  const written = {
    route: "support",
    variants: { fast: "50%", deep: "50%" },
    primary: ["quality"],
    judges: { quality: { human: "review" } },
    design: "fixed",
    minimum: { units: 50, days: 0 },
    ...settings,
  };
  const design = must(keptDesign("flash-or-pro", JSON.parse(JSON.stringify(written))));
  const { plan, segments = [], judges = new Map(), strata } = design;
  const log = memoryRequestLogStore();
  await log.insert(records);
  const feedback = memoryFeedbackStore(() => records);
  const nowMs = noonMs + 86_400_000;
  for (const kept of await feedback.keep("key_ann", entries, nowMs)) expect(kept.ok).toBe(true);
  const about = {
    experiment: "flash-or-pro",
    phase: 2,
    plan,
    days: 1,
    isOver: false,
    nowMs,
    segments,
    judges,
  };
  const data = await experimentData({ log, feedback }, { ...about, ...(strata !== undefined && { strata }) });
  const analysis = analyse(plan, data);
  const comparison = analysis.metrics[0]?.comparisons[0] ?? expect.unreachable("it is compared");
  return { analysis, comparison };
}

function unitsOf(answers: readonly Answer[], variant: string) {
  const mine = answers.filter(({ unit }) => variantOf(unit) === variant);
  return must(
    judgedUnitsOf(
      mine.map(({ unit }) => unit),
      mine.map(({ judge }) => judge),
      mine.map(({ human }) => human ?? Number.NaN),
    ),
  );
}

describe("a judge of a running experiment", () => {
  test("is corrected by what humans said of the same requests, with its own values beside", async () => {
    const answers = drawnAnswers(1);
    const { analysis, comparison } = await analysed(answers, {
      segments: ["tags.tier"],
      strata: "tags.tier",
    });
    const [fast, deep] = ["fast", "deep"].map((variant) =>
      must(predictionPoweredUnits({ units: unitsOf(answers, variant), alpha: 0.05 })),
    );
    const told = must(comparison.deciding.absolute);
    expect(told.value).toBeCloseTo((deep?.mean ?? 0) - (fast?.mean ?? 0), 9);
    expect(told.standardError).toBeCloseTo(Math.hypot(deep?.standardError ?? 0, fast?.standardError ?? 0), 9);
    expect(comparison.adjusted?.by).toBe("judge");
    const byJudge = must(comparison.adjusted?.unadjusted.absolute ?? expect.unreachable());
    const mean = (variant: string) => {
      const mine = answers.filter(({ unit }) => variantOf(unit) === variant);
      return mine.reduce((sum, { judge }) => sum + judge, 0) / mine.length;
    };
    expect(byJudge.value).toBeCloseTo(mean("deep") - mean("fast"), 9);
    expect(analysis.findings).toContainEqual({
      code: "judge-corrected",
      severity: "note",
      about: "quality",
      text: expect.stringMatching(/human labels: deep \d+ in \d+ units, fast \d+ in \d+ units$/),
    });
    expect(analysis.series).toEqual([]);
    expect(analysis.segments?.comparisons).toEqual([]);
  });

  test("that likes one variant better finds nothing that humans would not", async () => {
    let [found, foundByJudge] = [0, 0];
    const runs = 60;
    for (let seed = 1; seed <= runs; seed++) {
      const { comparison } = await analysed(drawnAnswers(100 + seed));
      if (comparison.judgement !== "open") found++;
      const byJudge = comparison.adjusted?.unadjusted.absolute;
      if (byJudge?.ok && byJudge.value.pValue <= 0.05) foundByJudge++;
    }
    expect(foundByJudge).toBeGreaterThan(50);
    // Of 60 runs with a chance of 5 % more than 9 are found in one of a thousand.
    expect(found).toBeLessThanOrEqual(9);
  });

  test("is corrected by its errors where the design says so, of feedback under one name as well", async () => {
    const judges = { quality: { correction: "rogan_gladen", human: "review" } };
    const { analysis } = await analysed(drawnAnswers(2), { judges });
    expect(analysis.findings.find(({ code }) => code === "judge-corrected")?.text).toContain(
      "corrected by its errors (Rogan and Gladen)",
    );
    const same = await analysed(drawnAnswers(2), { judges: { quality: "rogan_gladen" } });
    expect(same.analysis.verdict.sentence).toContain("Humans passed 0 and failed 0: 10 of each are needed");
  });

  test("is left as it is where nothing or `none` is written", async () => {
    for (const judges of [undefined, { quality: "none" }]) {
      const { analysis, comparison } = await analysed(drawnAnswers(1), { judges });
      expect(comparison.adjusted).toBeUndefined();
      expect(analysis.findings.filter(({ code }) => code.includes("adjusted"))).toEqual([]);
    }
  });

  test("of whom humans saw few units is compared with nothing", async () => {
    const { analysis } = await analysed(drawnAnswers(3, { share: 0.05 }));
    expect(analysis.verdict.sentence).toMatch(
      /quality cannot be compared: \w+: Humans said something of \d+ units, 20 are needed/,
    );
  });

  test("that gives grades cannot be corrected by its errors, which is said", async () => {
    const graded = drawnAnswers(4).map((answer) => ({ ...answer, judge: answer.judge / 2 }));
    const judges = { quality: { correction: "rogan_gladen", human: "review" } };
    const { analysis, comparison } = await analysed(graded, { judges });
    expect(comparison.adjusted).toBeUndefined();
    expect(analysis.findings).toContainEqual({
      code: "not-adjusted",
      severity: "warning",
      about: "quality",
      text: "quality is not corrected by what humans said: by its errors a judge is corrected that passes or fails (1 or 0), as humans do",
    });
  });
});
