import { describe, expect, test } from "vitest";
import { crossMomentsOf } from "#core/statistics/cross-moments.ts";
import { correctedRate } from "#core/statistics/judged-rate.ts";
import { momentsOf } from "#core/statistics/moments.ts";
import { postStratifiedTest } from "#core/statistics/post-stratification.ts";
import { predictionPoweredDifference } from "#core/statistics/prediction-powered.ts";
import { sampleOf } from "#core/statistics/sample.ts";
import { analysedFiles, resultsFile as file } from "../../../../test/support/analysed-files.ts";
import { must } from "../../../../test/support/must.ts";
import { SeededChance } from "../../../../test/support/seeded-chance.ts";
import { analysisLines } from "../report/analysis-lines.ts";
import { analysisView } from "../report/analysis-view.ts";

const { analysed, refusalOf } = analysedFiles("signalbox-adjusted-");

async function comparedOf(text: string, plan?: string) {
  const { analysis, ...rest } = await analysed(text, plan);
  const comparison = analysis.metrics[0]?.comparisons[0] ?? expect.unreachable("nothing is compared");
  return { analysis, comparison, ...rest };
}

/** Requests, easy and hard ones, of which argon resolves a few more. */
function requests(units = 2000, column = "stratum"): string {
  const chance = new SeededChance(13, "requests");
  return file(`resolved,${column}`, units, (unit) => {
    const [name, rate] = chance.one([
      ["easy", 0.95] as const,
      ["hard", 0.2] as const,
      ["hard", 0.2] as const,
    ]);
    return [Number(chance.happens(rate + (unit % 2 === 1 ? 0.04 : 0))), name];
  });
}

describe("strata", () => {
  test("take what differs between them out of the difference, with the one as it stands beside", async () => {
    const text = requests();
    const { comparison, analysis, plan, clustering } = await comparedOf(
      text,
      "primary: resolved\ndesign: fixed",
    );
    const samples = ["easy", "hard"].map((stratum) => {
      const of = (variant: string) =>
        must(
          sampleOf(
            must(
              momentsOf(
                text
                  .split("\n")
                  .map((row) => row.split(","))
                  .filter((cells) => cells[1] === variant && cells[3] === stratum)
                  .map((cells) => Number(cells[2])),
              ),
            ),
          ),
        );
      return { control: of("flash"), treatment: of("argon") };
    });
    const wanted = must(postStratifiedTest({ strata: samples, alpha: 0.05 }));
    const told = must(comparison.deciding.absolute);
    expect(told.value).toBeCloseTo(wanted.difference, 12);
    expect(told.interval[0]).toBeCloseTo(wanted.interval[0], 12);
    const unadjusted = must(comparison.adjusted?.unadjusted.absolute ?? expect.unreachable());
    expect(told.standardError).toBeLessThan(0.8 * unadjusted.standardError);
    expect(analysis.findings).toMatchObject([
      { code: "stratified", severity: "note", text: expect.stringContaining("inside 2 strata (") },
    ]);
    const lines = analysisLines({ title: "t", plan, analysis, counts: clustering.counts }).join("\n");
    expect(lines).toMatch(/resolved, argon: inside strata \+[\d.]+ pp \(.*\); as it stands /);
    const [metric] = analysisView(plan, analysis, clustering.counts).metrics;
    expect(metric?.comparisons[0]).toMatchObject({ adjusted_by: "strata", unadjusted: { absolute: {} } });
  });

  test("are those of a column `stratum`, of another by the plan, or none", async () => {
    const bySegment = requests(2000, "segment");
    expect((await comparedOf(requests())).comparison.adjusted?.by).toBe("strata");
    expect((await comparedOf(bySegment)).comparison.adjusted).toBeUndefined();
    const asked = await comparedOf(bySegment, "primary: resolved\nstrata: segment");
    expect(asked.comparison.adjusted?.by).toBe("strata");
    expect(asked.analysis.segments?.comparisons).toHaveLength(2);
    const none = await comparedOf(requests(), "primary: resolved\nstrata: none");
    expect(none.comparison.adjusted).toBeUndefined();
    expect(await refusalOf(requests(), "primary: resolved\nstrata: segment")).toContain(
      'strata: wanted a column "segment" in the file, got none',
    );
  });

  test("that are small are taken together, with units of none", async () => {
    const names = (unit: number) => ["a", "b", unit < 300 ? `tiny ${unit}` : "a", ""][(unit >> 1) % 4] ?? "";
    const text = file("score,stratum", 1200, (unit) => [(unit * 7) % 11, names(unit)]);
    expect(
      (await analysed(text)).analysis.findings.find(({ code }) => code === "stratified")?.text,
    ).toContain("inside 3 strata (a, b, the rest)");
    // Twenty-one units of none are too few of each variant for a stratum of their own.
    const few = file("score,stratum", 1200, (unit) => [
      (unit * 7) % 11,
      unit < 21 ? "" : (["a", "b"][(unit >> 1) % 2] ?? ""),
    ]);
    const { analysis } = await analysed(few);
    expect(analysis.findings.find(({ code }) => code === "stratified")?.text).toMatch(
      /\((a, b|b, a) with the rest\)/,
    );
  });

  test.each([
    [
      "one stratum alone",
      file("score,stratum", 400, (unit) => [unit % 7, "all"]),
      "there are not two strata with 20 units of each variant",
    ],
    [
      "a stratum in which nothing varies",
      file("score,stratum", 400, (unit) => [unit % 4 < 2 ? 1 : unit % 7, unit % 4 < 2 ? "same" : "other"]),
      "nothing varies in a variant of stratum same",
    ],
    [
      "more than a hundred strata",
      file("score,stratum", 4040, (unit) => [unit % 7, `s${(unit >> 1) % 101}`]),
      "there are 101 strata: a column with so many is often no group",
    ],
    [
      "rows with different propensities",
      file("score,stratum,propensity", 400, (unit) => [
        unit % 7,
        unit % 4 < 2 ? "a" : "b",
        unit < 90 ? 0.3 : 0.5,
      ]),
      "rows count by the inverse of their propensity",
    ],
    [
      "an event that few units have",
      file("score,stratum", 400, (unit) => [Number(unit % 60 < 2), unit % 4 < 2 ? "a" : "b"]),
      "flash has too few events, or too few without one, to share them out",
    ],
  ])("%s is no reason to adjust, and it is said", async (_what, text, reason) => {
    const { comparison, analysis } = await comparedOf(text);
    expect(comparison.adjusted).toBeUndefined();
    expect(analysis.findings.filter(({ code }) => code === "not-adjusted")).toEqual([
      {
        code: "not-adjusted",
        severity: "warning",
        about: "score",
        text: `score is not compared inside strata: ${reason}`,
      },
    ]);
  });

  test("of variants that are alike find a difference as rarely as they promise", async () => {
    let found = 0;
    const runs = 200;
    for (let seed = 1; seed <= runs; seed++) {
      const chance = new SeededChance(seed, "alike");
      const text = file("score,stratum", 240, () => {
        const isHard = chance.happens(0.4);
        return [(isHard ? 1 : 3) + chance.unit(), isHard ? "hard" : "easy"];
      });
      const { comparison } = await comparedOf(text, "primary: score\ndesign: fixed");
      expect(comparison.adjusted?.by).toBe("strata");
      if (comparison.judgement !== "open") found++;
    }
    // Of 200 runs with a chance of 5 % more than 20 are found in one of a thousand.
    expect(found).toBeLessThanOrEqual(20);
    expect(found).toBeGreaterThan(0);
  });
});

/** Answers whose truth a judge sees with errors, and of which humans saw some. */
function judged(seed: number, { units = 1200, favour = 0, share = 0.1 } = {}) {
  const chance = new SeededChance(seed, "judged");
  return Array.from({ length: units }, (_, unit) => {
    const isArgon = unit % 2 === 1;
    const isGood = chance.happens(0.5);
    const isPassed = chance.happens(isGood ? 0.85 + (isArgon ? favour : 0) : 0.25 + (isArgon ? favour : 0));
    const isLabelled = chance.happens(share);
    return { unit, judge: Number(isPassed), human: isLabelled ? Number(isGood) : undefined };
  });
}

function judgedFile(answers: ReturnType<typeof judged>): string {
  return file("quality,quality_human", answers.length, (unit) => [
    answers[unit]?.judge ?? "",
    answers[unit]?.human ?? "",
  ]);
}

/** What both said of one variant. */
function partsOf(answers: ReturnType<typeof judged>, isArgon: boolean) {
  const mine = answers.filter(({ unit }) => (unit % 2 === 1) === isArgon);
  const labelled = mine.flatMap(({ judge, human }) => (human === undefined ? [] : [{ judge, human }]));
  return { labelled, rest: mine.filter(({ human }) => human === undefined).map(({ judge }) => judge) };
}

describe("a judge", () => {
  test("is corrected by what humans said, with its own values beside", async () => {
    const answers = judged(1);
    const { comparison, analysis } = await comparedOf(judgedFile(answers), "primary: quality\ndesign: fixed");
    const armOf = (isArgon: boolean) => {
      const { labelled, rest } = partsOf(answers, isArgon);
      const pairs = [labelled.map(({ human }) => human), labelled.map(({ judge }) => judge)] as const;
      return { labelled: must(crossMomentsOf(...pairs)), unlabelled: must(momentsOf(rest)) };
    };
    const wanted = must(
      predictionPoweredDifference({ control: armOf(false), treatment: armOf(true), alpha: 0.05 }),
    );
    const told = must(comparison.deciding.absolute);
    expect(told.value).toBeCloseTo(wanted.difference, 12);
    expect(told.standardError).toBeCloseTo(wanted.standardError, 12);
    // As many degrees of freedom as labels: a little wider, never narrower.
    expect(told.interval[1]).toBeGreaterThanOrEqual(wanted.interval[1]);
    expect(told.interval[1]).toBeLessThan(wanted.interval[1] + 0.02 * wanted.standardError);
    const unadjusted = must(comparison.adjusted?.unadjusted.absolute ?? expect.unreachable());
    expect(unadjusted.standardError).toBeLessThan(told.standardError);
    expect(analysis.findings).toMatchObject([
      { code: "judge-corrected", severity: "note", about: "quality" },
    ]);
    expect(analysis.findings[0]?.text).toMatch(
      /by prediction-powered inference, .*; it passes \d+ % of what humans pass and fails \d+ % of what they fail; human labels: flash \d+, argon \d+$/,
    );
  });

  test("is corrected by its errors where the plan says so", async () => {
    const answers = judged(2, { share: 0.3 });
    const plan = "primary: quality\ndesign: fixed\njudges: { quality: rogan_gladen }";
    const { comparison } = await comparedOf(judgedFile(answers), plan);
    const rateOf = (isArgon: boolean) => {
      const { labelled, rest } = partsOf(answers, isArgon);
      const judgedOf = (said: number) => {
        const of = labelled.filter(({ human }) => human === said).map(({ judge }) => judge);
        return { share: of.reduce((sum, one) => sum + one, 0) / of.length, trials: of.length };
      };
      const passed = rest.reduce((sum, one) => sum + one, 0) / rest.length;
      const falseAlarms = judgedOf(0);
      return must(
        correctedRate({
          judged: { share: passed, trials: rest.length },
          sensitivity: judgedOf(1),
          specificity: { ...falseAlarms, share: 1 - falseAlarms.share },
          alpha: 0.05,
        }),
      );
    };
    const [flash, argon] = [rateOf(false), rateOf(true)];
    const told = must(comparison.fixed.absolute);
    expect(told.value).toBeCloseTo(argon.rate - flash.rate, 12);
    expect(told.standardError).toBeCloseTo(Math.hypot(argon.standardError, flash.standardError), 12);
  });

  test("that likes one variant better finds nothing that humans would not", async () => {
    let [found, foundByJudge] = [0, 0];
    const runs = 200;
    for (let seed = 1; seed <= runs; seed++) {
      const text = judgedFile(judged(seed, { favour: 0.1, units: 800, share: 0.15 }));
      const { comparison } = await comparedOf(text, "primary: quality\ndesign: fixed");
      if (comparison.judgement !== "open") found++;
      const byJudge = comparison.adjusted?.unadjusted.absolute;
      if (byJudge?.ok && byJudge.value.pValue <= 0.05) foundByJudge++;
    }
    expect(foundByJudge).toBeGreaterThan(120);
    // Of 200 runs with a chance of 5 % more than 20 are found in one of a thousand.
    expect(found).toBeLessThanOrEqual(20);
    expect(found).toBeGreaterThan(0);
  });

  test("of whom humans saw too little is compared with nothing", async () => {
    const few = await comparedOf(judgedFile(judged(3, { share: 0.015 })));
    expect(few.analysis.verdict.sentence).toMatch(
      /quality cannot be compared: \w+: Humans said \d+ values, 20 are needed/,
    );
    const plan = "primary: quality\njudges: { quality: rogan_gladen }";
    const byErrors = await comparedOf(judgedFile(judged(3, { share: 0.015 })), plan);
    expect(byErrors.analysis.verdict.sentence).toMatch(
      /Humans passed \d+ and failed \d+: 10 of each are needed/,
    );
  });

  test("is left as it is where the plan says so, and where it cannot be corrected, which is said", async () => {
    const text = judgedFile(judged(1));
    const left = await comparedOf(text, "primary: quality\njudges: { quality: none }");
    expect(left.comparison.adjusted).toBeUndefined();
    expect(left.analysis.findings).toEqual([]);
    const weighted = file("quality,quality_human,propensity", 400, (unit) => [
      unit % 2,
      "",
      unit < 90 ? 0.3 : 0.5,
    ]);
    const uneven = await comparedOf(weighted);
    expect(uneven.comparison.adjusted).toBeUndefined();
    expect(uneven.analysis.findings.find(({ code }) => code === "not-adjusted")?.text).toBe(
      "quality is not corrected by what humans said: units are that share nothing, all assigned with the same probabilities",
    );
    const scored = file("score,score_human", 400, (unit) => [unit % 7, unit % 5 === 0 ? unit % 6 : ""]);
    const byErrors = await comparedOf(scored, "primary: score\njudges: { score: rogan_gladen }");
    expect(byErrors.analysis.findings.map(({ code }) => code)).toContain("not-adjusted");
    expect(await refusalOf(scored, "primary: score\njudges: { quality: none }")).toContain(
      'judges.quality: wanted a column beside it with what humans said, "quality_human", got none',
    );
  });
});
