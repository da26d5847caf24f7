import { describe, expect, test } from "vitest";
import { analysisLines, analysisView } from "#features/experiments/index.ts";
import { analysedFiles, resultsFile } from "../../../../test/support/analysed-files.ts";
import { SeededChance } from "../../../../test/support/seeded-chance.ts";

const { analysed } = analysedFiles("segments-");

/** Shares of units with an event by segment, control first. */
function segmented(units: number, shares: Readonly<Record<string, readonly [number, number]>>): string {
  const chance = new SeededChance(11, "segments");
  const names = Object.keys(shares);
  return resultsFile("segment,resolved", units, (unit) => {
    const segment = names[(unit >> 1) % names.length] ?? "";
    return [segment, chance.happens(shares[segment]?.[unit % 2] ?? 0) ? 1 : 0];
  });
}

describe("segments", () => {
  test("are compared each by itself, and corrected for their number", async () => {
    const text = segmented(8000, { de: [0.6, 0.7], fr: [0.6, 0.7] });
    const { analysis, plan, clustering } = await analysed(text);
    const { segments = [], segment_differences: differences } = analysisView(
      plan,
      analysis,
      clustering.counts,
    );
    expect(segments).toMatchObject([
      { segment: "de", metric: "resolved", variant: "argon", judgement: "better", control: { units: 2000 } },
      { segment: "fr", metric: "resolved", variant: "argon", judgement: "better", control: { units: 2000 } },
    ]);
    const [one] = analysis.segments?.comparisons ?? [];
    if (!one?.readings.absolute.ok) return expect.unreachable("a reading is there");
    expect(one.readings.absolute.value.value).toBeCloseTo(0.1, 1);
    expect(one.adjustedPValue).toBeGreaterThanOrEqual(one.readings.absolute.value.pValue);
    expect(differences).toMatchObject([{ metric: "resolved", degrees_of_freedom: 1 }]);
    expect(analysis.findings).toEqual([]);
  });

  test("that are worse off, or differ, are named, and decide nothing", async () => {
    const { analysis } = await analysed(segmented(30_000, { de: [0.6, 0.8], fr: [0.6, 0.5] }));
    expect(analysis.findings).toMatchObject([
      { code: "worse-in-segment", severity: "warning", about: "fr" },
      { code: "segments-differ", severity: "note", about: "resolved" },
    ]);
    expect(analysis.findings[0]?.text).toMatch(
      /^resolved of argon is worse in segment fr: -\d+(?:\.\d+)? pp \(.*\), corrected for 2 comparisons by segment$/,
    );
    expect(analysis.verdict.decision).toBe("ship");
  });

  test("of too few units are shown as that, and test nothing", async () => {
    const text = resultsFile("segment,resolved", 2000, (unit) => [
      unit < 150 ? "small" : "large",
      unit % 3 ? 1 : 0,
    ]);
    const { analysis, plan, clustering } = await analysed(text);
    const [large, small] = analysis.segments?.comparisons ?? [];
    expect(large).toMatchObject({ segment: "large", judgement: "open" });
    expect(small).toMatchObject({
      segment: "small",
      judgement: "unknown",
      readings: { absolute: { error: { reason: "Too few units: 75, wanted 100 of each variant" } } },
    });
    expect(small?.adjustedPValue).toBeUndefined();
    const lines = analysisLines({ title: "", plan, analysis, counts: clustering.counts });
    expect(lines.join("\n")).toMatch(/Segments:\n.*\n.*large .*\n.*small .*Too few units: 75/);
    expect(lines.at(-5)).toContain("resolved, argon: Segments are at least 2, there are 1");
  });

  test("of units are those of their first rows, with all of their rows", async () => {
    const rows = Array.from({ length: 400 }, (_, unit) => `u${unit},${unit % 2 ? "b" : "a"}`);
    const text = [
      "unit,variant,segment,x",
      ...rows.map((row, unit) => `${row},early,${unit % 7}`),
      ...rows.map((row, unit) => `${row},late,${unit % 5}`),
    ].join("\n");
    const { analysis } = await analysed(text);
    expect(analysis.segments?.comparisons.map(({ segment }) => segment)).toEqual(["early"]);
    expect(analysis.segments?.comparisons[0]?.arms).toEqual(analysis.metrics[0]?.arms);
  });

  test("by the thousand are no groups: the largest are compared", async () => {
    const text = resultsFile("segment,x", 24_000, (unit) => [`s${(unit >> 1) % 10_000}`, unit % 7]);
    const { analysis } = await analysed(text);
    expect(analysis.segments?.comparisons).toHaveLength(100);
    expect(analysis.findings.map(({ code }) => code)).toEqual(["many-segments"]);
  });

  test("are not there where no unit has one", async () => {
    const { analysis } = await analysed(resultsFile("segment,x", 400, (unit) => ["", unit % 7]));
    expect(analysis.segments).toBeUndefined();
  });

  test("without an effect are rarely called worse, however many they are", async () => {
    let named = 0;
    for (let seed = 0; seed < 40; seed++) {
      const chance = new SeededChance(seed, "no effect");
      const text = resultsFile("segment,x", 4000, (unit) => [`s${(unit >> 1) % 10}`, chance.unit()]);
      const { analysis } = await analysed(text, "primary: x\ndesign: fixed\n");
      if (analysis.segments?.comparisons.some(({ judgement }) => judgement !== "open")) named++;
    }
    // A true rate of 5 %: more than 6 of 40 come once in 300 times.
    expect(named).toBeLessThanOrEqual(6);
  });
});
