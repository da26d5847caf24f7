import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { usualGate } from "#core/evaluations/gate/gate-schema.ts";
import type { EvaluationRecord } from "#core/evaluations/record.ts";
import { unscored, verdict } from "#core/scoring/score.ts";
import { failedRecord, pairedRecords, record, tableOf } from "../../../core/evaluations/run.test-support.ts";
import { seededUnits } from "../../../../test/support/seeded-draws.ts";
import type { KeptRun } from "#features/evaluations/runs/read-run.ts";
import { evaluationReport, type ReportRequest } from "./evaluation-report.ts";
import { evaluationCsv, type ReportTable } from "./report-csv.ts";
import { evaluationJunit } from "./report-junit.ts";
import { reportSchema } from "./report-schema.ts";
import { evaluationHtml, evaluationLines, evaluationMarkdown } from "./report-texts.ts";
import { reportView } from "./report-view.ts";

function kept(
  records: readonly EvaluationRecord[],
  given: { readonly name?: string; readonly digest?: string } = {},
): KeptRun {
  const table = tableOf(records);
  const { name = "qa", digest = "d1" } = given;
  return {
    folder: `runs/${name}`,
    table,
    unfinished: 0,
    manifest: {
      version: 1,
      name,
      started_at: "2026-11-27T20:00:00.000Z",
      signalbox: "0.1.0",
      data: { source: "qa.jsonl", digest, items: table.items.count },
      targets: [...table.targets],
      scorers: [...table.scorers],
      repeats: 1,
      evaluation: {},
    },
  };
}

const reported = (request: Partial<ReportRequest> & Pick<ReportRequest, "runs">) =>
  evaluationReport({
    baselines: [],
    allowsOtherData: false,
    terms: { alpha: 0.05, errors: "left-out", resamples: 500, unit: seededUnits(1) },
    ...request,
  });

const counts = { both: 60, onlyBaseline: 25, onlyCandidate: 5, neither: 10 };
const everything = [
  ...[...pairedRecords(counts)].map((one, index) => ({
    ...one,
    tags: { topic: index % 4 < 2 ? "<b>" : "logic" },
    outcome: { ...record("x").outcome, latencyMs: 100 + (index % 13), costUsd: 0.001 * (1 + (index % 3)) },
    judging: { calls: 2, costUsd: 0.01, latencyMs: 50 },
  })),
  failedRecord("lost", "rate-limited", { target: "baseline" }),
  record("odd|one", { target: "baseline", scores: { right: unscored("judge-unreadable", "prose") } }),
];

/** The two targets of the run above as two runs of one. */
function beside() {
  const side = (name: string): KeptRun =>
    kept(everything.filter(({ target }) => target === name).map((one) => ({ ...one, target: "flash" })));
  return { runs: [side("candidate")], baselines: [side("baseline")] };
}

describe("a report", () => {
  const report = reported({ runs: [kept(everything)] });

  test("as JSON is as its schema says, with all that it may have", () => {
    for (const one of [
      report,
      reported({ ...beside(), gate: usualGate }),
      reported({ runs: [kept([record("a", { scores: {} })])] }),
      reported({ runs: [kept(everything.flatMap((one) => [one, { ...one, repeat: 1 }]))] }),
    ]) {
      expect(reportSchema.parse(structuredClone(reportView(one)))).toEqual(reportView(one));
    }
    const view = reportView(report);
    expect(view.compared[0]).toMatchObject({
      label: "qa: candidate beside baseline",
      metrics: [
        {
          metric: "right",
          of: "passes",
          pairs: 100,
          baseline: 0.85,
          candidate: 0.65,
          judgement: "worse",
          discordant: { only_baseline: 25, only_candidate: 5 },
          bootstrap: { resamples: 500 },
        },
        { metric: "cost_usd" },
        { metric: "latency_ms" },
        { metric: "output_tokens", judgement: "unknown" },
      ],
    });
    expect(view.notes).toEqual([
      "qa: baseline: 1 of 102 failed (1 rate-limited); scores leave them out, and beside it count them as wrong",
      "qa: baseline: of 1 of 101 answers the price is not known",
      "qa: baseline: 1 answers have no right (1 judge-unreadable)",
      "qa: candidate: 2 of 102 were never asked: the run is not at its end",
    ]);
  });

  test("says what it comes to: a change before scores", () => {
    expect(reportView(report).verdict).toMatch(
      /^qa: candidate beside baseline is worse by right: -20 pp \(-30.* pp to -9/,
    );
    const alone = reported({ runs: [kept(everything.filter(({ target }) => target === "candidate"))] });
    expect(reportView(alone).verdict).toBe("qa: candidate has right 65 % (55.3 % to 73.6 %)");
    const same = reported({ runs: [kept([...pairedRecords({ ...counts, onlyBaseline: 6 })])] });
    expect(reportView(same).verdict).toBe("No difference is told by 1 comparison of scores");
    expect(reportView(reported({ runs: [kept([record("a", { scores: {} })])] })).verdict).toBe(
      "Nothing is scored",
    );
  });

  test("as lines and Markdown has tables, and ten items of a list at most", () => {
    const lines = evaluationLines(report);
    expect(lines.filter((line) => line.endsWith(":")).map((line) => line.slice(0, -1))).toEqual([
      "Scores",
      "Cost and latency",
      "Compared",
      "Worse by right, qa: candidate beside baseline",
      "Better by right, qa: candidate beside baseline",
      "By tag",
      "Quality, cost and latency, qa",
      "Behind, qa",
      "To be known",
    ]);
    expect(lines).toContain("  - and 15 more");
    const markdown = evaluationMarkdown(report);
    expect(markdown).toMatch(/^# qa\n\n\*\*qa: candidate/);
    expect(markdown).toContain(String.raw`topic \<b\>`);
  });

  test("as a page has charts, all items of a list, and takes no name for a tag", () => {
    const html = evaluationHtml(report);
    expect(html.match(/<svg/g)?.length).toBeGreaterThanOrEqual(3);
    expect(html).toContain("topic &lt;b&gt;");
    expect(html).not.toContain("<b>");
    expect(html).not.toMatch(/<script|https?:/);
    expect(html).not.toContain("more</li>");
  });

  test("as CSV has a row for each thing, and a name is no formula", () => {
    const rows = (table: ReportTable) =>
      z
        .array(z.record(z.string(), z.string()))
        .parse(parse([...evaluationCsv(report, table)].join(""), { columns: true }));
    expect(rows("scores").map(({ target, score, failed }) => [target, score, failed])).toEqual([
      ["baseline", "0.85", "1"],
      ["candidate", "0.65", "0"],
    ]);
    expect(rows("items")).toHaveLength(202);
    expect(rows("items").find(({ item }) => item === "lost")).toMatchObject({
      outcome: "rate-limited",
      right: "",
    });
    expect(rows("items").find(({ item }) => item === "odd|one")).toMatchObject({
      outcome: "answered",
      right_unscored: "judge-unreadable",
    });
    expect(rows("comparisons")[0]).toMatchObject({ metric: "right", judgement: "worse", regressions: "25" });
    expect(rows("slices").map(({ value }) => value)).toEqual(["<b>", "logic", "<b>", "logic"]);
  });

  test("as JUnit has a case for each answer: wrong ones fail, what has no answer or score is an error", () => {
    const xml = evaluationJunit(report);
    expect(xml).toContain('<testsuite name="qa: baseline" tests="102" failures="15" errors="2" skipped="0">');
    expect(xml).toContain(
      '<testcase name="lost" classname="qa.baseline"><error message="rate-limited"/></testcase>',
    );
    expect(xml).toContain('<failure message="Not passed by right"/>');
  });
});

describe("beside an earlier run", () => {
  test("a gate says what it lets through, in words, and as cases of JUnit", () => {
    const report = reported({ ...beside(), gate: usualGate });
    expect(reportView(report).gate?.verdict).toBe("failed");
    expect(reportView(report).verdict).toMatch(
      /^Failed: qa: flash, right: 0\.85 to 0\.65 on 100 items, -0\.2 \(/,
    );
    expect(evaluationLines(report)[2]).toBe("Gate:");
    const xml = evaluationJunit(report);
    expect(xml).toContain('<testsuite name="qa: flash" tests="3" failures="1" errors="0" skipped="0">');
    expect(xml).toContain(
      '<testcase name="right (regression)" classname="qa.flash"><failure message="0.85 to 0.65',
    );
  });

  test("another data set is refused, and said where it is wanted all the same", () => {
    const { runs, baselines } = beside();
    const others = baselines.map((one) => ({
      ...one,
      manifest: { ...one.manifest, data: { ...one.manifest.data, digest: "d2" } },
    }));
    expect(() => reported({ runs, baselines: others })).toThrow(/whose digest is another; --other-data/);
    const report = reported({ runs, baselines: others, allowsOtherData: true });
    expect(reportView(report).notes[0]).toBe(
      "qa: the data set is another than the baseline's, qa.jsonl beside qa.jsonl",
    );
  });

  test("several evaluations are corrected together, each beside its own", () => {
    const two = (name: string, swapped: boolean): KeptRun =>
      kept(
        everything
          .filter(({ target }) => (target === "baseline") === swapped)
          .map((one) => ({ ...one, target: "flash" })),
        { name },
      );
    const report = reported({
      runs: [two("a", false), two("b", false)],
      baselines: [two("b", true), two("a", true)],
    });
    const [one, other] = report.compared.map(({ comparisons }) => comparisons[0]);
    expect(report.compared.map(({ label }) => label)).toEqual([
      "a: flash beside its baseline",
      "b: flash beside its baseline",
    ]);
    if (!one?.tested.ok || !other) expect.unreachable("Two comparisons are wanted");
    expect(one.adjustedPValue).toBeCloseTo(2 * one.tested.value.pValue, 12);
    expect(other.adjustedPValue).toBe(one.adjustedPValue);
    expect(() => reported({ runs: [two("a", false), two("b", false)], baselines: [two("c", true)] })).toThrow(
      /a baseline of a, b is wanted, it is of c/,
    );
  });

  test("the one target of a run is compared with the one that there was", () => {
    const side = (name: string): KeptRun => kept(everything.filter(({ target }) => target === name));
    const report = reported({ runs: [side("candidate")], baselines: [side("baseline")] });
    expect(report.compared[0]?.label).toBe("qa: candidate beside its baseline, baseline");
  });
});

test("a name that XML cannot hold is written without what it cannot", () => {
  const bad = kept([record("a\u0000\ud800<", { scores: { right: verdict(false) } })]);
  expect(evaluationJunit(reported({ runs: [bad] }))).toContain('<testcase name="a \ufffd&lt;"');
});
