import { expect, test } from "vitest";
import { z } from "zod";
import { analysedFiles, resultsFile } from "../../../../test/support/analysed-files.ts";
import { analysisShape } from "./analysis-schema.ts";
import { analysisView } from "./analysis-view.ts";

const { analysed } = analysedFiles("analysis-schema-");
const schema = z.strictObject(analysisShape);

async function viewOf(units: number, plan?: string) {
  const start = Date.parse("2026-11-01T00:00:00Z");
  const file = resultsFile("score,segment,timestamp", units, (unit) => [
    unit % 2 ? unit % 9 : unit % 7,
    ["free", "paid", "trial"][unit % 3] ?? "",
    new Date(start + unit * 60_000).toISOString(),
  ]);
  const { plan: read, analysis, clustering } = await analysed(file, plan);
  return analysisView(read, analysis, clustering.counts);
}

test("the schema has all that an analysis with segments and times tells", async () => {
  const view = await viewOf(2000, "primary: { score: { minimum_effect: +2% } }");
  expect(schema.parse(view)).toEqual(view);
  expect(view.segments).toHaveLength(3);
  expect(view.segment_differences?.[0]).toHaveProperty("q");
  expect(view.series?.[0]?.points.length).toBeGreaterThan(10);
  expect(view.outlook[0]?.wanted).not.toBeNull();
});

test("also where segments and moments have too few units, and say why", async () => {
  const view = await viewOf(30);
  expect(schema.parse(view)).toEqual(view);
  expect(view.segment_differences?.[0]).toHaveProperty("refused");
  expect(view.segments?.[0]?.change.absolute).toHaveProperty("refused");
});
