import { describe, expect, test } from "vitest";
import { analysedFiles, resultsFile as file } from "../../../../test/support/analysed-files.ts";
import { must } from "../../../../test/support/must.ts";
import { SeededChance } from "../../../../test/support/seeded-chance.ts";
import { analysisHtml } from "../report/analysis-html.ts";
import { analysisLines } from "../report/analysis-lines.ts";
import { analysisView } from "../report/analysis-view.ts";

const { analysed } = analysedFiles("signalbox-trade-offs-");

const utility = "utility: { in: cost, worth: { resolved: $0.002 per +1pp } }";

/** Conversations of which the longer ones cost more and are resolved less, with what both are worth together. */
function conversations(units = 2000, seed = 5): string {
  const chance = new SeededChance(seed, "conversations");
  return file("resolved,cost,value", units, (unit) => {
    const length = chance.unit();
    const isResolved = chance.happens(0.9 - 0.5 * length + (unit % 2 === 1 ? 0.05 : 0));
    const cost = 0.05 + 0.1 * length + (unit % 2 === 1 ? 0.004 : 0) + 0.01 * chance.unit();
    return [Number(isResolved), cost, 0.2 * Number(isResolved) - cost];
  });
}

async function readingsOf(results: string, plan: string) {
  const { analysis } = await analysed(results, plan);
  const [compared] = analysis.utility?.comparisons ?? [];
  if (!compared) return expect.unreachable("a utility is compared");
  return { analysis, compared };
}

describe("what changes are worth together", () => {
  test("is the difference of the weighted sums of units, with how metrics go together", async () => {
    const { analysis, compared } = await readingsOf(
      conversations(),
      `primary: [value]\nsecondary: [resolved]\n${utility}`,
    );
    expect(analysis.utility?.isJoint).toBe(true);
    const summed = analysis.metrics[0]?.comparisons[0];
    if (!summed) return expect.unreachable("the sums are compared");
    for (const kind of ["deciding", "fixed"] as const) {
      const [known, told] = [must(summed[kind].absolute), must(compared[kind])];
      expect(told.value).toBeCloseTo(known.value, 12);
      expect(told.standardError).toBeCloseTo(known.standardError, 12);
      expect(told.interval[0]).toBeCloseTo(known.interval[0], 12);
    }
    const parts = compared.parts.map(({ worth }) => worth);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(must(compared.deciding).value, 12);
  });

  test("holds for conversations of several rows, and of customers with conversations in both variants", async () => {
    const chance = new SeededChance(9, "rows");
    const rows = Array.from({ length: 3000 }, (_, row) => {
      const unit = row % 900;
      const luck = ((unit >> 2) % 7) / 7;
      const isResolved = Number(chance.happens(0.3 + 0.6 * luck));
      const cost = 0.1 - 0.05 * luck + 0.01 * chance.unit();
      return `u${unit},${unit % 2 ? "argon" : "flash"},c${unit >> 2},${isResolved},${cost},${0.2 * isResolved - cost}`;
    });
    const text = ["unit,variant,cluster,resolved,cost,value", ...rows].join("\n");
    const { analysis, compared } = await readingsOf(text, `primary: value\n${utility}`);
    const summed = must(
      analysis.metrics[0]?.comparisons[0]?.fixed.absolute ?? expect.unreachable("compared"),
    );
    const told = must(compared.fixed);
    expect(told.value).toBeCloseTo(summed.value, 12);
    expect(told.standardError).toBeCloseTo(summed.standardError, 12);
  });

  test("adds errors up where it is not known how metrics go together, and says so", async () => {
    const plan = "primary: resolved\nutility: { in: cost_p90, worth: { resolved: $0.002 per +1pp } }";
    const { analysis, compared } = await readingsOf(conversations(), plan);
    expect(analysis.utility?.isJoint).toBe(false);
    const errors = analysis.metrics.map(
      ({ comparisons }) =>
        must(comparisons[0]?.fixed.absolute ?? expect.unreachable("compared")).standardError,
    );
    const told = must(compared.fixed).standardError;
    const [resolved = 0, cost = 0] = errors;
    expect(told).toBeLessThanOrEqual(0.2 * resolved + cost + 1e-12);
    expect(told).toBeGreaterThan(Math.hypot(0.2 * resolved, cost));
    const { rows, plan: read, clustering } = await analysed(conversations(), plan);
    expect(rows.rowsRead).toBe(2000);
    const lines = analysisLines({ title: "t", plan: read, analysis, counts: clustering.counts });
    expect(lines.join("\n")).toContain("their errors are added up");
  });

  test("is refused with the metric that cannot be told", async () => {
    const text = file("resolved,cost", 400, (unit) => [unit % 3 ? 1 : 0, unit % 2 === 1 ? "" : 0.1]);
    const { compared } = await readingsOf(text, `primary: resolved\n${utility}`);
    expect(compared.judgement).toBe("unknown");
    expect(compared.deciding).toEqual({
      ok: false,
      error: { code: "too-few", reason: "cost: it has no value" },
    });
  });

  test("never decides: the verdict is the same without it", async () => {
    const text = conversations(8000);
    const without = await analysed(text, "primary: resolved");
    const withIt = await analysed(text, `primary: resolved\n${utility}`);
    expect(withIt.analysis.verdict).toEqual(without.analysis.verdict);
  });
});

describe("reports", () => {
  test("tell what changes are worth and who is behind whom", async () => {
    const { analysis, plan, clustering } = await analysed(
      conversations(),
      `primary: resolved\n${utility}\npareto: [resolved, cost]`,
    );
    const input = { title: "results", plan, analysis, counts: clustering.counts };
    const lines = analysisLines(input).join("\n");
    expect(lines).toContain("What it is worth, in cost:");
    expect(lines).toMatch(/argon {2}.*of resolved|of resolved/);
    expect(lines).toContain("All at once:");
    expect(analysisHtml(input)).toContain(
      'aria-label="cost (lower is better) by resolved (higher is better)"',
    );
    expect(analysisView(plan, analysis, clustering.counts)).toMatchObject({
      utility: { in: "cost", weights: { resolved: 0.2, cost: -1 }, covariances: "known" },
      pareto: {
        metrics: [
          { name: "resolved", better: "higher" },
          { name: "cost", better: "lower" },
        ],
        variants: [{ variant: "flash" }, { variant: "argon" }],
      },
    });
  });
});
