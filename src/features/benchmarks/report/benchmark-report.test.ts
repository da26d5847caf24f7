import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, test } from "vitest";
import { Measurement } from "#core/benchmarks/measurement.ts";
import { benchmarkOfFlags } from "../read-plan.ts";
import type { BenchmarkResult } from "../run-benchmark.ts";
import type { BenchmarkRun } from "../run-once.ts";
import { benchmarkCsv } from "./benchmark-csv.ts";
import { benchmarkHtml } from "./benchmark-html.ts";
import { benchmarkLines } from "./benchmark-lines.ts";
import { benchmarkMarkdown } from "./benchmark-markdown.ts";
import { benchmarkReport } from "./benchmark-report.ts";
import { benchmarkView } from "./benchmark-view.ts";

const strange = "<b>a|b*</b>";

/** Requests a tenth of a second apart, their first token after `ttftMs`. */
function measured(ttftMs: number, slo: BenchmarkResult["plan"]["slo"]): Measurement {
  const measurement = new Measurement(slo);
  for (let at = 0; at < 20; at++) {
    const startedMs = 100 * at;
    const event = { atMs: startedMs + ttftMs, kind: "content" as const };
    const timeline = {
      intendedMs: startedMs,
      takenMs: startedMs,
      startedMs,
      events: [event],
      endedMs: event.atMs + 5,
      usage: { input: 50, output: 341, reasoning: 0 },
    };
    measurement.record({ timeline, outcome: { kind: "answered" } });
    measurement.windows.firstToken(ttftMs);
    measurement.windows.close(1_000 * at, 3);
  }
  return measurement;
}

function result(): BenchmarkResult {
  const plan = benchmarkOfFlags({
    name: strange,
    targets: {
      [strange]: { url: "http://a", model: "m", prices: { input: "$1", output: "$1" } },
      other: { url: "http://b", model: "m" },
    },
    profile: { kind: "constant", rate: 10, duration: "2s" },
    repeats: 2,
    slo: { ttft: "45ms" },
  });
  const run = (slower: number): BenchmarkRun => ({
    targets: [
      { name: strange, measurement: measured(40 + slower, plan.slo), isSaturated: false },
      { name: "other", measurement: measured(60 + 2 * slower, plan.slo), isSaturated: false },
    ],
    client: { cpuShare: 0.25, memoryBytesMax: 1e8, eventLoopDelayMsP50: 0.1, eventLoopDelayMsP99: 1 },
    deployments: [
      {
        name: "other",
        readings: 2,
        metrics: new Map([["vllm:num_requests_running", { kind: "gauge", mean: 2, max: 4 }]]),
      },
    ],
    invalid: slower > 0 ? ["the load generator was starved"] : [],
  });
  return { plan, startedMs: 0, runs: [run(0), run(4)] };
}

let report: ReturnType<typeof benchmarkReport>;
beforeAll(() => {
  report = benchmarkReport(result());
});

describe("a report", () => {
  test("as JSON has every run and metric, intervals over runs, and what is invalid", () => {
    const view = JSON.parse(JSON.stringify(benchmarkView(report)));
    expect(view).toMatchObject({
      valid: false,
      invalid: ["the load generator was starved"],
      keeps_objectives: false,
      profile: { kind: "constant", rate: 10, duration_ms: 2_000 },
      slo: { ttft_ms: 45 },
      definitions: { "guidellm.tpot_ms": { defined_by: "guidellm" } },
    });
    const [first, second] = view.targets;
    expect(first.runs).toHaveLength(2);
    expect(first.runs[0].metrics.output_tokens).toMatchObject({ count: 20, p50: 341, mean: 341 });
    expect(first.runs[0].metrics.ttft_ms.p99).toBeCloseTo(40, 1);
    expect(first.overview.ttft_ms_mean).toMatchObject({
      mean: 42,
      interval: [expect.any(Number), expect.any(Number)],
    });
    expect(first.overview.usd_per_request.mean).toBeCloseTo(391e-6, 9);
    expect(first).toMatchObject({ against_first: {} });
    expect(second.against_first.ttft_ms_mean).toMatchObject({ mean: 22, sure: false });
    expect(second.overview).not.toHaveProperty("usd_per_request");
  });

  test("for a terminal begins with what it comes to", () => {
    const lines = benchmarkLines(report);
    expect(lines.slice(0, 6)).toEqual([
      "Invalid: the load generator was starved",
      "",
      "Summary:",
      "  - Objectives failed: 95% of requests with ttft_ms at most 45",
      `  - ${strange}: 40 answered, 0 failed, 0 cancelled`,
      "  - other: 40 answered, 0 failed, 0 cancelled",
    ]);
    expect(lines).toContain("Deployments:");
    expect(lines).not.toContain("Failures:");
  });

  test("in Markdown and HTML takes no mark of a name for one of its own", () => {
    const markdown = benchmarkMarkdown(report);
    expect(markdown).toContain(String.raw`# \<b\>a\|b\*\</b\>`);
    expect(markdown).not.toContain("<b>");
    const html = benchmarkHtml(report);
    expect(html).toContain("&lt;b&gt;a|b*&lt;/b&gt;");
    expect(html).not.toContain("<b>");
    expect(html).not.toMatch(/<script|https?:\/\/(?!a|b)/);
    expect(html.match(/<polyline/g)).toHaveLength(4);
  });

  test("as CSV has a row for each target, run and metric", () => {
    const rows: readonly Record<string, string>[] = parse(benchmarkCsv(report), { columns: true });
    const ttft = rows.filter(({ metric, target }) => metric === "vllm.ttft_ms" && target === "other");
    expect(ttft.map(({ run, defined_by, count }) => [run, defined_by, count])).toEqual([
      ["1", "vllm", "20"],
      ["2", "vllm", "20"],
    ]);
  });
});
