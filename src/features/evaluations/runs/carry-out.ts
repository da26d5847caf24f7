import { earlierRun, type EarlierRun } from "./earlier-run.ts";
import { readRunLines } from "./read-run-lines.ts";
import { RecordFile } from "./record-file.ts";
import {
  runEvaluation,
  type RunEnd,
  type RunPorts,
  type RunSignals,
  type RunTerms,
} from "./run-evaluation.ts";
import { beginRun, makeFolder, readRunFolder, runFiles } from "./run-folder.ts";
import type { RunManifest } from "./run-manifest.ts";
import { assertSameRun } from "./same-run.ts";

/** A run of a folder, new or gone on with. */
export interface CarriedOut {
  /** Made where it is not there. */
  readonly folder: string;
  /** Makes it this process's alone. */
  readonly lock: (folder: string) => { release(): void };
  readonly manifest: RunManifest;
  readonly terms: Omit<RunTerms, "spentBefore">;
  /** Absent: a new run. */
  readonly resume?: { readonly retriesErrors: boolean };
}

/** How it ended, and what it came upon. */
export interface CarriedEnd extends RunEnd {
  /** Tasks that began before, and whose answers were lost: they are asked, and may be paid, twice. */
  readonly lostBefore: number;
}

/**
 * Carries out what is left of a run.
 * @throws AppError invalid-request when the folder's run is of something else; store-unavailable when records cannot be kept
 */
export async function carryOut(
  run: CarriedOut,
  ports: Omit<RunPorts, "isDone" | "log">,
  signals: RunSignals,
): Promise<CarriedEnd> {
  await makeFolder(run.folder);
  const lock = run.lock(run.folder);
  try {
    return await carriedOut(run, ports, signals);
  } finally {
    lock.release();
  }
}

async function carriedOut(
  { folder, manifest, terms, resume }: CarriedOut,
  ports: Omit<RunPorts, "isDone" | "log">,
  signals: RunSignals,
): Promise<CarriedEnd> {
  const files = runFiles(folder);
  if (resume) assertSameRun(`the run in "${folder}"`, await readRunFolder(folder), manifest);
  else await beginRun(folder, manifest);
  await using log = await RecordFile.open(files.records);
  const earlier = await earlierOf(files.records, manifest, resume);
  const end = await runEvaluation(
    { ...terms, spentBefore: earlier.spent },
    { ...ports, log, isDone: (task) => earlier.done.has(task) },
    signals,
  );
  return { ...end, lostBefore: earlier.unfinished };
}

function earlierOf(
  path: string,
  { targets, repeats }: RunManifest,
  resume: CarriedOut["resume"],
): Promise<EarlierRun> {
  return earlierRun(readRunLines(path), { targets, repeats, retriesErrors: resume?.retriesErrors ?? false });
}
