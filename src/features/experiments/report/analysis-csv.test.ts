import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { z } from "zod";
import { analysedFiles, resultsFile } from "../../../../test/support/analysed-files.ts";
import { analysisCsv, type CsvTable } from "./analysis-csv.ts";
import { analysisView } from "./analysis-view.ts";

const { analysed } = analysedFiles("analysis-csv-");

const plan = `
primary: { score: { minimum_effect: +2% } }
guardrails: { latency: +20% }
`;

async function tables() {
  const start = Date.parse("2026-11-01T00:00:00Z");
  const file = resultsFile("score,latency,segment,timestamp", 2000, (unit) => [
    unit % 2 ? unit % 9 : unit % 7,
    100 + (unit % 13),
    unit % 3 ? "=cmd()" : "free",
    new Date(start + unit * 60_000).toISOString(),
  ]);
  const { plan: read, analysis, clustering } = await analysed(file, plan);
  const rows = (table: CsvTable) =>
    z
      .array(z.record(z.string(), z.string()))
      .parse(parse(analysisCsv({ plan: read, analysis }, table), { columns: true }));
  return { rows, view: analysisView(read, analysis, clustering.counts) };
}

test("metrics have a row for each metric and variant, with the numbers that JSON has", async () => {
  const { rows, view } = await tables();
  const [score, latency, ...others] = rows("metrics");
  expect(others).toEqual([]);
  const comparison = view.metrics[0]?.comparisons[0];
  const reading = comparison?.deciding.absolute;
  if (!reading?.interval) expect.unreachable("A reading is wanted");
  expect(score).toMatchObject({
    metric: "score",
    role: "primary",
    better: "higher",
    wanted_change: "0.02",
    wanted_change_scale: "relative",
    variant: "argon",
    control: "flash",
    variant_units: "1000",
    control_units: "1000",
    difference: String(reading.difference),
    difference_lower: String(reading.interval[0]),
    difference_upper: String(reading.interval[1]),
    p_value: String(reading.p_value),
    adjusted_p_value: String(comparison?.adjusted_p_value),
    judgement: "better",
    verdict: "ship",
    reason: "",
  });
  expect(Number(score?.["variant_value"]) - Number(score?.["control_value"])).toBeCloseTo(
    reading.difference,
    12,
  );
  expect(latency).toMatchObject({ role: "guardrail", wanted_change: "0.2", adjusted_p_value: "" });
});

test("findings begin with the verdict", async () => {
  const { rows, view } = await tables();
  const [verdict, ...findings] = rows("findings");
  expect(verdict).toEqual({
    severity: "verdict",
    code: "ship",
    about: "argon",
    text: view.verdict.sentence,
  });
  expect(findings.map(({ text }) => text)).toEqual(view.findings.map(({ text }) => text));
});

test("segments and moments of a series have rows, and a name is no formula", async () => {
  const { rows, view } = await tables();
  expect(rows("segments").map(({ segment, variant_units: units }) => [segment, units])).toEqual(
    view.segments?.map(({ segment, value }) => [
      segment === "=cmd()" ? "'=cmd()" : segment,
      String(value.units),
    ]),
  );
  const points = view.series?.[0]?.points ?? [];
  expect(points.length).toBeGreaterThan(2);
  expect(rows("series").map(({ time, units }) => [time, units])).toEqual(
    points.map(({ time, units }) => [time, String(units)]),
  );
});

test("where there is no reading the reason stands in its row", async () => {
  const file = resultsFile("score", 2, (unit) => [unit]);
  const { plan: read, analysis } = await analysed(file);
  const [row] = z
    .array(z.record(z.string(), z.string()))
    .parse(parse(analysisCsv({ plan: read, analysis }, "metrics"), { columns: true }));
  expect(row).toMatchObject({ difference: "", p_value: "", verdict: "invalid" });
  expect(row?.["reason"]).not.toBe("");
});

test("what changes are worth, who is behind whom, and what is adjusted have rows and columns of their own", async () => {
  const file = resultsFile("score,latency,stratum", 800, (unit) => [
    unit % 2 ? unit % 9 : unit % 7,
    100 + (unit % 13),
    unit % 4 < 2 ? "a" : "b",
  ]);
  const weighing = "primary: score\nutility: { in: latency, worth: { score: 10ms per +1 } }\n";
  const { plan: read, analysis, clustering } = await analysed(file, weighing);
  const view = analysisView(read, analysis, clustering.counts);
  const rows = (table: CsvTable) => analysisCsv({ plan: read, analysis }, table).trim().split("\r\n");
  const worth = view.utility?.comparisons[0]?.deciding;
  expect(rows("utility")[0]).toBe(
    "in,variant,control,difference,difference_lower,difference_upper,p_value,judgement,covariances,reason",
  );
  expect(rows("utility")[1]).toMatch(new RegExp(`^latency,argon,flash,${worth?.difference},`));
  expect(rows("pareto").map((row) => row.split(",").slice(0, 4).join(" "))).toEqual([
    "variant standing metric better",
    ...["flash", "argon"].flatMap((variant) => {
      const standing = view.pareto?.variants.find((one) => one.variant === variant)?.standing;
      return [`${variant} ${standing} score higher`, `${variant} ${standing} latency lower`];
    }),
  ]);
  const unadjusted = view.metrics[0]?.comparisons[0]?.unadjusted?.absolute.difference;
  expect(rows("metrics")[1]).toMatch(new RegExp(`,strata,${unadjusted}$`));
});
