import { describe, expect, test } from "vitest";
import { crossMomentsOf } from "#core/statistics/cross-moments.ts";
import { postStratifiedRatioTest } from "#core/statistics/stratified-ratio.ts";
import { analysedFiles } from "../../../../test/support/analysed-files.ts";
import { must } from "../../../../test/support/must.ts";
import { SeededChance } from "../../../../test/support/seeded-chance.ts";

const { analysed } = analysedFiles("signalbox-stratified-");
const plan = "primary: cost\ndesign: fixed";

/** Conversations, easy and hard ones, whose hard ones have more messages of more cost. */
function conversations(seed: number, units = 600) {
  const chance = new SeededChance(seed, "conversations");
  return Array.from({ length: units }, (_, unit) => {
    const isHard = chance.happens(0.4);
    const messages = Array.from({ length: chance.integer(1, 4) + (isHard ? 3 : 0) }, () =>
      Number(((isHard ? 4 : 1) + chance.unit()).toFixed(3)),
    );
    return {
      unit: `u${unit}`,
      variant: unit % 2 === 0 ? "flash" : "argon",
      stratum: isHard ? "hard" : "easy",
      messages,
    };
  });
}

type Conversations = ReturnType<typeof conversations>;
const costOf = (messages: readonly number[]) => messages.reduce((sum, cost) => sum + cost, 0);

/** What the comparison of a file of them is to come to. */
function wantedOf(all: Conversations) {
  const strata = ["hard", "easy"].map((stratum) => {
    const arm = (variant: string) => {
      const of = all.filter((one) => one.variant === variant && one.stratum === stratum);
      return must(
        crossMomentsOf(
          of.map(({ messages }) => messages.length),
          of.map(({ messages }) => costOf(messages)),
        ),
      );
    };
    return { control: arm("flash"), treatment: arm("argon") };
  });
  return must(postStratifiedRatioTest({ strata, alpha: 0.05 }));
}

const comparedOf = async (text: string) => {
  const { analysis } = await analysed(text, plan);
  const comparison = analysis.metrics[0]?.comparisons[0] ?? expect.unreachable("nothing is compared");
  return { comparison, findings: analysis.findings };
};

describe("strata of a file", () => {
  test("are of ratios as well", async () => {
    const all = conversations(1);
    const rows = all.map(({ unit, variant, stratum, messages }) =>
      [unit, variant, stratum, costOf(messages), messages.length].join(","),
    );
    const text = ["unit,variant,stratum,cost_num,cost_den", ...rows].join("\n");
    const { comparison, findings } = await comparedOf(text);
    const [wanted, told] = [wantedOf(all), must(comparison.deciding.absolute)];
    expect(told.value).toBeCloseTo(wanted.difference, 9);
    expect(told.interval[0]).toBeCloseTo(wanted.interval[0], 9);
    expect(told.pValue).toBeCloseTo(wanted.pValue, 9);
    const plain = must(comparison.adjusted?.unadjusted.absolute ?? expect.unreachable());
    expect(told.standardError).toBeLessThan(0.7 * plain.standardError);
    expect(findings.map(({ code, about }) => [code, about])).toEqual([["stratified", "cost"]]);
  });

  test("are of the means of units with several rows, which count as one each", async () => {
    const all = conversations(2);
    const rows = all.flatMap(({ unit, variant, stratum, messages }) =>
      messages.map((cost) => [unit, variant, stratum, cost].join(",")),
    );
    const { comparison, findings } = await comparedOf(["unit,variant,stratum,cost", ...rows].join("\n"));
    const [wanted, told] = [wantedOf(all), must(comparison.deciding.absolute)];
    expect(told.value).toBeCloseTo(wanted.difference, 9);
    expect(told.standardError).toBeCloseTo(wanted.standardError, 9);
    expect(findings.map(({ code }) => code).toSorted()).toEqual(["repeated-units", "stratified"]);
  });
});
