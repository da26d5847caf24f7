import { describe, expect, test } from "vitest";
import { analysisHtml, analysisView } from "#features/experiments/index.ts";
import { analysedFiles, resultsFile } from "../../../../test/support/analysed-files.ts";
import { SeededChance } from "../../../../test/support/seeded-chance.ts";

const { analysed } = analysedFiles("series-");

const startSeconds = 1_700_000_000;

/** A row each minute, its value by chance; the effect is that of `effectOf`. */
function timed(units: number, effectOf: (unit: number) => number, before = false): string {
  const chance = new SeededChance(2, "series");
  return resultsFile(`timestamp,x${before ? ",x_pre" : ""}`, units, (unit) => {
    const own = chance.unit();
    const value = own + 0.5 * chance.unit() + (unit % 2 ? effectOf(unit) : 0);
    return [startSeconds + 60 * unit, value, ...(before ? [own] : [])];
  });
}

describe("a series", () => {
  test.each([false, true])(
    "ends with what decides, and has 50 even steps (known before: %s)",
    async (before) => {
      const { analysis } = await analysed(timed(5000, () => 0.1, before));
      const [series, ...others] = analysis.series;
      expect(others).toEqual([]);
      expect(series?.points.map(({ units }) => units)).toEqual(
        Array.from({ length: 50 }, (_, step) => 100 * (step + 1)),
      );
      const [last, deciding] = [
        series?.points.at(-1)?.reading,
        analysis.metrics[0]?.comparisons[0]?.deciding.absolute,
      ];
      if (!last?.ok || !deciding?.ok) return expect.unreachable("readings are there");
      for (const key of ["value", "standardError", "pValue"] as const)
        expect(last.value[key]).toBeCloseTo(deciding.value[key], 12);
      expect(last.value.interval[0]).toBeCloseTo(deciding.value.interval[0], 12);
    },
  );

  test("knows of each moment what the file would have said then", async () => {
    const text = timed(2000, () => 0.1);
    const { analysis } = await analysed(text);
    const at = analysis.series[0]?.points[24]?.reading;
    const then = await analysed(text.split("\n").slice(0, 1001).join("\n"));
    const fixed = then.analysis.metrics[0]?.comparisons[0]?.fixed.absolute;
    if (!at?.ok || !fixed?.ok) return expect.unreachable("readings are there");
    expect(at.value.value).toBeCloseTo(fixed.value.value, 12);
    expect(at.value.standardError).toBeCloseTo(fixed.value.standardError, 12);
  });

  test("does not depend on the order of rows, and begins with what has a time", async () => {
    const [header = "", ...rows] = timed(1000, () => 0).split("\n");
    const shuffled = [header, ...rows.toReversed(), "late,argon,,1"].join("\n");
    const plan = "control: flash\nprimary: x";
    const ordered = await analysed([header, ...rows].join("\n"), plan);
    const other = await analysed(shuffled, plan);
    const valuesOf = ({ analysis }: typeof ordered) =>
      analysis.series[0]?.points.map(({ reading }) => (reading.ok ? reading.value.value.toFixed(9) : ""));
    expect(valuesOf(other)).toEqual(valuesOf(ordered));
  });

  test("is a line with its band in HTML, and times and numbers in JSON", async () => {
    const { analysis, plan, clustering } = await analysed(timed(1000, () => 0));
    const { counts } = clustering;
    const html = analysisHtml({ title: "", plan, analysis, counts });
    expect(html.match(/<polyline class="run"/g)).toHaveLength(1);
    expect(html).not.toMatch(/NaN|Infinity/);
    const { series: [view] = [] } = analysisView(plan, analysis, counts);
    expect(view).toMatchObject({ metric: "x", variant: "argon" });
    expect(view?.points[0]).toMatchObject({ time: "2023-11-14T22:32:20.000Z", units: 20 });
  });

  test("is not made without times, of quantiles, or of variants that share clusters", async () => {
    const text = timed(400, () => 0);
    const seriesOf = async (...given: Parameters<typeof analysed>) =>
      (await analysed(...given)).analysis.series;
    expect(await seriesOf(text.replaceAll(/,17\d+,/g, ",,"))).toEqual([]);
    expect(await seriesOf(text, "primary: x_p50")).toEqual([]);
    const shared = resultsFile("timestamp,cluster,x", 400, (unit) => [
      startSeconds + unit,
      `c${unit >> 1}`,
      unit % 7,
    ]);
    expect(await seriesOf(shared)).toEqual([]);
  });
});

describe("newness", () => {
  test("that wears off is said", async () => {
    const { analysis } = await analysed(timed(4000, (unit) => (unit < 2000 ? 0.3 : 0)));
    expect(analysis.findings).toMatchObject([{ code: "effect-changes", severity: "note", about: "x" }]);
  });

  test("is not seen in an effect that stays, however the whole drifts", async () => {
    const drifting = resultsFile("timestamp,x", 4000, (unit) => [
      startSeconds + unit,
      unit + (unit % 7) + (unit % 2),
    ]);
    expect((await analysed(timed(4000, () => 0.3))).analysis.findings).toEqual([]);
    expect((await analysed(drifting)).analysis.findings).toEqual([]);
  });
});
