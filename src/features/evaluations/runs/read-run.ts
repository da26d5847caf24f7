import { RunTable } from "#core/evaluations/run-table.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { schemaProblems } from "#core/kernel/schema-problem.ts";
import { readRunLines } from "./read-run-lines.ts";
import { recordSchema } from "./record-schema.ts";
import { readRunFolder, runFiles } from "./run-folder.ts";
import type { FinishedLine, RunLine } from "./run-log.ts";
import type { RunManifest } from "./run-manifest.ts";

/** A run as it was kept. */
export interface KeptRun {
  readonly folder: string;
  readonly manifest: RunManifest;
  readonly table: RunTable;
  /** Tasks that began and did not end: their answers may have been paid and lost. */
  readonly unfinished: number;
}

/**
 * Reads the run of a folder, also one that is still under way. Half a last line, which a crash leaves, is passed over.
 * @throws AppError not-found when there is none; invalid-request for what no run writes; store-unavailable when it cannot be read
 */
export async function readRun(folder: string): Promise<KeptRun> {
  return keptRun(folder, await readRunFolder(folder), readRunLines(runFiles(folder).records));
}

/**
 * A run of its lines; of several records of one item, target and repeat the last counts.
 * @param folder where it is kept
 * @throws AppError invalid-request for what no run writes, or what the lines throw
 */
export async function keptRun(
  folder: string,
  manifest: RunManifest,
  lines: AsyncIterable<RunLine>,
): Promise<KeptRun> {
  const table = new RunTable(manifest);
  let [started, finished] = [0, 0];
  for await (const line of lines) {
    if (line.kind === "started") {
      started += 1;
      continue;
    }
    finished += 1;
    table.add(checkedRecord(line, { folder, manifest, number: finished }));
  }
  return { folder, manifest, table, unfinished: Math.max(0, started - finished) };
}

function checkedRecord(
  { record }: FinishedLine,
  {
    folder,
    manifest,
    number,
  }: { readonly folder: string; readonly manifest: RunManifest; readonly number: number },
): ReturnType<typeof recordSchema.parse> {
  const read = recordSchema.safeParse(record);
  const wanted = (what: string): AppError =>
    new AppError("invalid-request", `Cannot read record ${number} of the run in "${folder}": ${what}`);
  if (!read.success) {
    const [problem] = schemaProblems(read.error, record);
    throw wanted(
      `at ${problem?.path.join(".") ?? ""}, ${problem?.wanted ?? ""} is wanted, ${problem?.actual ?? ""} is there`,
    );
  }
  const { target, repeat } = read.data;
  if (!manifest.targets.includes(target)) {
    throw wanted(`one of the targets ${manifest.targets.join(", ")} is wanted, "${target}" is there`);
  }
  if (repeat >= manifest.repeats) {
    throw wanted(`a repeat below ${manifest.repeats} is wanted, ${repeat} is there`);
  }
  return read.data;
}
