import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { analyseResults } from "#features/experiments/index.ts";

/** Analyses files of results and plans that are given as text, in a folder that goes with the tests of the file. */
export function analysedFiles(prefix: string) {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), prefix));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const analysed = async (results: string | Buffer, plan?: string) => {
    const file = join(folder, "results.csv");
    writeFileSync(file, results);
    if (plan === undefined) return analyseResults(file);
    const planFile = join(folder, "plan.yaml");
    writeFileSync(planFile, plan);
    return analyseResults(file, planFile);
  };

  /** Why it is refused, without the folder's name. */
  const refusalOf = async (results: string | Buffer, plan?: string): Promise<string> => {
    const outcome = await analysed(results, plan).then(
      () => "it was analysed",
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    return outcome.replaceAll(folder, "");
  };
  return { folder: () => folder, analysed, refusalOf };
}

/** A row for each of `units` units, cells by the number of the unit; even ones are the control's. */
export function resultsFile(
  header: string,
  units: number,
  cells: (unit: number) => readonly (string | number)[],
): string {
  const rows = Array.from({ length: units }, (_, unit) =>
    [`u${unit}`, unit % 2 === 0 ? "flash" : "argon", ...cells(unit)].join(","),
  );
  return [`unit,variant,${header}`, ...rows].join("\n");
}
