import { signalboxMetrics } from "#core/benchmarks/metrics/signalbox-metrics.ts";
import type { BenchmarkReport, ReportedTarget } from "./benchmark-report.ts";
import { htmlText } from "./html-text.ts";
import { lineChart, type Chart } from "./line-chart.ts";
import { reportParts, reportSentences, type Table } from "./report-parts.ts";

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #1c2430; }
.said { padding: 0.5rem 1rem; border-left: 6px solid #7a8699; background: #f2f4f7; }
.said.bad { border-color: #b3372c; } .said.good { border-color: #1a7f4b; }
table { border-collapse: collapse; font-size: 14px; display: block; overflow-x: auto; }
th, td { padding: 0.3rem 0.8rem; border-bottom: 1px solid #d8dee7; text-align: left; white-space: nowrap; }
figure { margin: 1rem 0; } svg { width: 100%; max-width: 50rem; font-size: 12px; }
.axis { stroke: #7a8699; } polyline { fill: none; stroke-width: 2; }
.series0 { stroke: #2a5db0; } .series1 { stroke: #b7791f; } .series2 { stroke: #1a7f4b; } .series3 { stroke: #b3372c; }
.name0 { fill: #2a5db0; } .name1 { fill: #b7791f; } .name2 { fill: #1a7f4b; } .name3 { fill: #b3372c; }
`;

/** A report as one HTML page that asks for nothing else: no script, no font, no picture from elsewhere. */
export function benchmarkHtml(report: BenchmarkReport): string {
  const title = htmlText(report.plan.name);
  const isGood = report.invalid.length === 0 && report.keepsObjectives;
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>${title}</title><style>${style}</style></head><body>`,
    `<h1>${title}</h1>`,
    ...reportSentences(report).map(
      (sentence) => `<p class="said ${isGood ? "good" : "bad"}">${htmlText(sentence)}</p>`,
    ),
    ...chartsOf(report).map(lineChart),
    ...reportParts(report).flatMap(({ heading, table }) => [
      `<h2>${htmlText(heading)}</h2>`,
      htmlTable(table),
    ]),
    "<h2>What the metrics mean</h2><dl>",
    ...signalboxMetrics.map(({ id, meaning }) => `<dt>${id}</dt><dd>${htmlText(meaning)}</dd>`),
    "</dl></body></html>",
    "",
  ].join("\n");
}

/** Of a sweep how latency rises with the rate; of other profiles the course of the load. */
function chartsOf({ plan, targets }: BenchmarkReport): readonly Chart[] {
  if (plan.profile.kind === "sweep") {
    const chart = (
      title: string,
      yLabel: string,
      valueOf: (run: ReportedTarget["runs"][number]) => number | undefined,
    ) => ({
      title,
      xLabel: "requests per second",
      yLabel,
      series: targets.map(({ name, runs }) => ({
        name,
        points: runs
          .flatMap((run): readonly (readonly [number, number])[] => {
            const value = valueOf(run);
            return value === undefined ? [] : [[run.rate ?? 0, value]];
          })
          .toSorted(([a], [b]) => a - b),
      })),
    });
    return [
      chart("Time to first token, p95", "ms", ({ figures }) => figures.metrics.get("ttft_ms")?.p95),
      chart(
        "End to end from the intended start, p95",
        "ms",
        ({ figures }) => figures.metrics.get("e2e_intended_ms")?.p95,
      ),
      chart("Output tokens per second", "tokens/s", ({ figures }) => figures.outputTokensPerS),
    ];
  }
  const course = (
    title: string,
    yLabel: string,
    valueOf: (window: CourseWindow) => number | undefined,
  ): Chart => ({
    title,
    xLabel: "seconds",
    yLabel,
    series: targets.flatMap(({ name, runs }) =>
      runs.slice(0, 1).map(({ run }) => ({
        name,
        points: run.measurement.windows.list().flatMap((window): readonly (readonly [number, number])[] => {
          const value = valueOf(window);
          return value === undefined ? [] : [[window.atMs / 1_000, value]];
        }),
      })),
    ),
  });
  return [
    course("Requests under way", "requests", ({ concurrency }) => concurrency),
    course("Time to first token, mean of each second", "ms", ({ firstTokenMs }) => firstTokenMs),
  ];
}

type CourseWindow = ReturnType<
  ReportedTarget["runs"][number]["run"]["measurement"]["windows"]["list"]
>[number];

function htmlTable([header = [], ...rows]: Table): string {
  return `<table><thead>${cells(header, "th")}</thead><tbody>${rows.map((row) => cells(row, "td")).join("")}</tbody></table>`;
}

function cells(row: readonly string[], tag: "th" | "td"): string {
  return `<tr>${row.map((cell) => `<${tag}>${htmlText(cell)}</${tag}>`).join("")}</tr>`;
}
