import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CheckFailedError } from "#cli/check-failed-error.ts";
import type { Output } from "#cli/output.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { present } from "#core/kernel/present.ts";
import {
  evaluationCsv,
  evaluationHtml,
  evaluationJunit,
  evaluationLines,
  evaluationMarkdown,
  reportOfFolders,
  reportView,
  type EvaluationReport,
  type ReportTable,
} from "#features/evaluations/index.ts";

/** Which runs a report is of, and where it goes. */
export interface ReportFlags {
  readonly folders: readonly string[];
  readonly baseline?: readonly string[];
  readonly against?: string;
  readonly otherData?: boolean;
  readonly alpha?: number;
  readonly errors?: "left_out" | "as_wrong";
  readonly resamples?: number;
  readonly seed?: number;
  /** The folder of a calibration. */
  readonly judgeCalibration?: string;
  readonly html?: string;
  readonly markdown?: string;
  readonly junit?: string;
  readonly csv?: string;
  readonly table?: ReportTable;
}

/** Of the bootstrap, where nothing is said. */
const usualResamples = 2_000;
const usualSeed = 1;

/** `signalbox eval report`. @throws AppError */
export async function reportEvaluation(flags: ReportFlags, output: Output): Promise<void> {
  await told(await reportOf(flags), flags, output);
}

/** `signalbox eval compare`. @throws AppError */
export async function compareEvaluation(flags: ReportFlags, output: Output): Promise<void> {
  const report = await reportOf(flags);
  if (report.compared.length === 0) {
    throw new AppError(
      "invalid-request",
      "Cannot compare: --baseline <folder> with a target of the same name, or a run of two targets, is wanted",
    );
  }
  await told(report, flags, output);
}

/**
 * `signalbox eval gate`.
 * @throws CheckFailedError where the gate does not let it through; AppError upstream-failed where too much has no answer or no score
 */
export async function gateEvaluation(
  { gate, ...flags }: ReportFlags & { readonly gate?: string },
  output: Output,
): Promise<void> {
  const report = await reportOf(flags, { gate: present({ path: gate }) });
  await told(report, flags, output);
  if (report.gate?.verdict === "failed") throw new CheckFailedError();
  if (report.gate?.verdict === "invalid") {
    throw new AppError(
      "upstream-failed",
      "Cannot judge: answers and scores are wanted, too many are missing",
    );
  }
}

function reportOf(
  flags: ReportFlags,
  gated: { readonly gate?: { readonly path?: string } } = {},
): Promise<EvaluationReport> {
  return reportOfFolders({
    folders: flags.folders,
    baselines: flags.baseline ?? [],
    allowsOtherData: flags.otherData ?? false,
    alpha: flags.alpha ?? 0.05,
    errors: flags.errors === "as_wrong" ? "as-wrong" : "left-out",
    resamples: flags.resamples ?? usualResamples,
    seed: flags.seed ?? usualSeed,
    ...present({ against: flags.against, calibration: flags.judgeCalibration }),
    ...gated,
  });
}

async function told(
  report: EvaluationReport,
  { html, markdown, junit, csv, table = "scores" }: ReportFlags,
  output: Output,
): Promise<void> {
  if (html !== undefined) await writeFile(html, evaluationHtml(report));
  if (markdown !== undefined) await writeFile(markdown, evaluationMarkdown(report));
  if (junit !== undefined) await writeFile(junit, evaluationJunit(report));
  if (csv !== undefined) await pipeline(Readable.from(evaluationCsv(report, table)), createWriteStream(csv));
  output.result({ json: reportView(report), lines: evaluationLines(report) });
}
