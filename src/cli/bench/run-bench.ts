import { writeFile } from "node:fs/promises";
import {
  refuseBeside,
  signalboxKey,
  writtenBenchmark,
  type BenchFlags,
} from "#cli/bench/written-benchmark.ts";
import { CheckFailedError } from "#cli/check-failed-error.ts";
import type { Output } from "#cli/output.ts";
import { runBenchmarkHere } from "#composition/benchmarks.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { Environment } from "#environment/environment.ts";
import {
  benchmarkCsv,
  benchmarkHtml,
  benchmarkLines,
  benchmarkMarkdown,
  benchmarkOfFile,
  benchmarkOfFlags,
  benchmarkReport,
  benchmarkView,
} from "#features/benchmarks/index.ts";

/**
 * `signalbox bench`
 * @throws CheckFailedError where the objectives were not kept; AppError `overloaded` where the run must not be believed,
 * `upstream-failed` where nothing was answered
 */
export async function runBench(
  { file, flags }: { readonly file: string | undefined; readonly flags: BenchFlags },
  environment: Environment,
  output: Output,
): Promise<void> {
  if (file !== undefined) refuseBeside(file, flags);
  const plan =
    file === undefined ? benchmarkOfFlags(writtenBenchmark(flags, environment)) : await benchmarkOfFile(file);
  const report = benchmarkReport(
    await runBenchmarkHere(plan, {
      keyOf: (variable) => keyOf(variable, environment),
      note: (line) => output.note(line),
    }),
  );
  const { html, markdown, csv } = flags;
  if (html !== undefined) await writeFile(html, benchmarkHtml(report));
  if (markdown !== undefined) await writeFile(markdown, benchmarkMarkdown(report));
  if (csv !== undefined) await writeFile(csv, benchmarkCsv(report));
  output.result({ json: benchmarkView(report), lines: benchmarkLines(report) });
  const silent = report.targets.find(({ runs }) => runs.every(({ figures }) => figures.answered === 0));
  if (silent)
    throw new AppError("upstream-failed", `Cannot benchmark "${silent.name}": answers are wanted, none came`);
  if (report.invalid.length > 0)
    throw new AppError("overloaded", "Cannot trust the benchmark: a valid run is wanted, see above");
  if (!report.keepsObjectives) throw new CheckFailedError("The objectives were not kept");
}

/** The key that commands send to Signalbox may be its admin key. */
function keyOf(variable: string, { variable: valueOf, apiKey }: Environment): string | undefined {
  return variable === signalboxKey ? apiKey?.reveal() : valueOf(variable);
}
