import type { JudgeReport } from "#core/evaluations/calibration/judge-report.ts";
import type { RunEstimate } from "#core/evaluations/estimates.ts";
import { numberText } from "#core/experiments/comparisons/change-text.ts";
import { markdownPage } from "#core/reports/markdown-page.ts";
import { reportLines } from "#core/reports/report-lines.ts";
import type { ReportPart, Table } from "#core/reports/report-part.ts";
import { differenceText, estimateText } from "#features/evaluations/report/estimate-text.ts";
import type { CalibrationReport } from "./calibration-report.ts";

/** A report for a terminal. */
export function calibrationLines(report: CalibrationReport): readonly string[] {
  return reportLines({ verdict: verdictOf(report), parts: partsOf(report) });
}

/** A report in Markdown. */
export function calibrationMarkdown(report: CalibrationReport): string {
  const title = `Judges of ${report.run.manifest.name}`;
  return markdownPage({ title, verdict: verdictOf(report), parts: partsOf(report) });
}

function verdictOf({ judges }: CalibrationReport): string {
  return judges
    .map(({ judge, calibration: { accuracy } }) =>
      accuracy ? `${judge} agrees with humans in ${share(accuracy)}` : `${judge} said nothing`,
    )
    .join("; ");
}

function partsOf(report: CalibrationReport): readonly ReportPart[] {
  const { judges } = report;
  const parts: readonly ReportPart[] = [
    { kind: "table", heading: "Agreement with humans", table: agreementTable(judges) },
    { kind: "table", heading: "What leads them astray", table: biasTable(judges) },
    { kind: "table", heading: "By what scores are corrected", table: errorRateTable(judges) },
    { kind: "table", heading: "By tag", table: sliceTable(judges) },
    {
      kind: "table",
      heading: "Cost and latency, all calls about one item together",
      table: measureTable(judges),
    },
    { kind: "list", heading: "To be known", items: notesOf(report) },
  ];
  return parts.filter((part) => (part.kind === "table" ? part.table.length > 1 : part.items.length > 0));
}

function agreementTable(judges: readonly JudgeReport[]): Table {
  const header = ["judge", "items", "agrees", "kappa", "in both orders", "same in both orders"];
  const rows = judges.map(({ judge, calibration }) => [
    judge,
    String(calibration.accuracy?.items ?? 0),
    share(calibration.accuracy),
    ...(calibration.kind === "pairs"
      ? [
          `${number(calibration.kappaAsA)}; swapped ${number(calibration.kappaAsB)}`,
          share(calibration.bothRight),
          share(calibration.consistency),
        ]
      : [number(calibration.kappa), "", ""]),
  ]);
  return [header, ...rows];
}

function biasTable(judges: readonly JudgeReport[]): Table {
  const header = [
    "judge",
    "for the first place",
    "errs for the longer",
    "errs for the shorter",
    "for length",
  ];
  const rows = judges.map(({ judge, calibration }) => [
    judge,
    calibration.kind === "pairs" ? points(calibration.positionBias) : "",
    share(calibration.lengthBias?.towards),
    share(calibration.lengthBias?.against),
    points(calibration.lengthBias?.bias),
  ]);
  return [header, ...rows];
}

function errorRateTable(judges: readonly JudgeReport[]): Table {
  const header = ["judge", "sensitivity", "of", "specificity", "of"];
  const rows = judges.map(({ judge, calibration: { errorRates } }) => [
    judge,
    share(errorRates.sensitivity),
    String(errorRates.sensitivity?.items ?? 0),
    share(errorRates.specificity),
    String(errorRates.specificity?.items ?? 0),
  ]);
  return [header, ...rows];
}

function sliceTable(judges: readonly JudgeReport[]): Table {
  const rows = judges.flatMap(({ judge, slices }) =>
    slices.map(({ tag, value, accuracy, consistency }) => [
      judge,
      `${tag} ${value}`,
      String(accuracy.items),
      share(accuracy),
      share(consistency),
    ]),
  );
  return [["judge", "slice", "items", "agrees", "same in both orders"], ...rows];
}

function measureTable(judges: readonly JudgeReport[]): Table {
  const header = ["judge", "answered", "failed", "unread", "p50 ms", "p95 ms", "USD an item", "USD in all"];
  const rows = judges.map(({ judge, unread, measured: { outcomes, costUsd, latencyMs } }) => [
    judge,
    String(outcomes.answered),
    String(outcomes.failed),
    String(unread.reduce((sum, { count }) => sum + count, 0)),
    number(latencyMs?.p50),
    number(latencyMs?.p95),
    number(costUsd.perItem),
    costUsd.known === 0 ? "" : numberText(costUsd.total),
  ]);
  return [header, ...rows];
}

function notesOf({ run, judges }: CalibrationReport): readonly string[] {
  const expected = run.manifest.data.items;
  return judges.flatMap(({ judge, unread, measured: { outcomes, costUsd }, calibration }) => [
    ...outcomes.failures.map(({ code, count }) => `${judge}: ${count} items have no verdict, with ${code}`),
    ...unread.map(({ code, count }) => `${judge}: ${count} items have no verdict, with ${code}`),
    ...(outcomes.asked < expected
      ? [
          `${judge}: ${expected - outcomes.asked} of ${expected} items were never asked: the run is not at its end`,
        ]
      : []),
    ...(outcomes.answered > costUsd.known
      ? [
          `${judge}: of ${outcomes.answered - costUsd.known} of ${outcomes.answered} items the price is not known`,
        ]
      : []),
    ...(calibration.kind === "pairs" && calibration.positionBias?.why !== undefined
      ? [`${judge}: no interval of its bias for a place: ${calibration.positionBias.why}`]
      : []),
  ]);
}

function share(estimate: RunEstimate | undefined): string {
  return estimateText(estimate, "share");
}

function number(estimate: RunEstimate | undefined): string {
  return estimateText(estimate, "number");
}

function points(estimate: RunEstimate | undefined): string {
  if (!estimate) return "";
  return differenceText({ difference: estimate.value, interval: estimate.interval }, "share");
}
